import { randomUUID } from 'node:crypto'
import type { AccountId } from '../kernel/index.ts'
import type { RedisLink } from './redis/redis-link.ts'

/** A device of an account has opened a socket, which is the only one it may have from then on. */
export type DeviceClaim = {
  readonly accountId: AccountId
  readonly device: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Tells the other nodes that a device has a newer socket here; without a link there are none. */
export type DeviceClaims = {
  tell(claim: DeviceClaim): void
  listen(listener: (claim: DeviceClaim) => void): void
}

const CHANNEL = 'toota:{devices}:claimed'

export function createDeviceClaims(link?: Pick<RedisLink, 'publish' | 'subscribe'>): DeviceClaims {
  const node = randomUUID()
  const listeners: ((claim: DeviceClaim) => void)[] = []
  link?.subscribe(CHANNEL, (message) => {
    const { from, ...claim } = JSON.parse(message) as DeviceClaim & { readonly from: string }
    // Our own come back late, when a still newer socket may be here.
    if (from !== node) for (const listener of listeners) listener(claim)
  })
  return {
    tell: (claim) => link?.publish(CHANNEL, JSON.stringify({ ...claim, from: node })),
    listen: (listener) => void listeners.push(listener),
  }
}
