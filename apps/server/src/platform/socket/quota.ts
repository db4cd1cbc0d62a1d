import type { AccountId } from '../../kernel/index.ts'
import type { RawSocket } from './session.ts'

/** How many sockets each account has open here, against the most it may have. */
export type SocketQuota = {
  isFull(accountId: AccountId): boolean
  /** Counts an open socket until it closes. */
  count(accountId: AccountId, socket: Pick<RawSocket, 'on'>): void
}

export function createSocketQuota(max: number): SocketQuota {
  const open = new Map<AccountId, number>()
  const add = (accountId: AccountId, by: number): void => {
    const sockets = (open.get(accountId) ?? 0) + by
    if (sockets > 0) open.set(accountId, sockets)
    else open.delete(accountId)
  }
  return {
    isFull: (accountId) => (open.get(accountId) ?? 0) >= max,
    count(accountId, socket) {
      add(accountId, 1)
      socket.on('close', () => add(accountId, -1))
    },
  }
}
