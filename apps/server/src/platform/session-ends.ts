import type { SessionId } from '../kernel/index.ts'
import { onCommit, type Tx } from './database/index.ts'

/** Tells this process at once that sessions have ended; other processes find it in the table. */
export type SessionEnds = {
  /** After COMMIT, and never if it fails. */
  tell(tx: Tx, sessionIds: readonly SessionId[]): void
  listen(listener: (sessionIds: readonly SessionId[]) => void): void
}

export function createSessionEnds(): SessionEnds {
  const listeners: ((sessionIds: readonly SessionId[]) => void)[] = []
  return {
    tell(tx, sessionIds) {
      if (sessionIds.length > 0)
        onCommit(tx, () => {
          for (const listener of listeners) listener(sessionIds)
        })
    },
    listen: (listener) => void listeners.push(listener),
  }
}
