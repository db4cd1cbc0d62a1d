import type { SessionId } from '../kernel/index.ts'
import { onCommit, type Tx } from './database/index.ts'
import type { RedisLink } from './redis/redis-link.ts'

/** Tells this process at once that sessions have ended, and the other nodes; whoever is not told finds it in the table. */
export type SessionEnds = {
  /** After COMMIT, and never if it fails. */
  tell(tx: Tx, sessionIds: readonly SessionId[]): void
  listen(listener: (sessionIds: readonly SessionId[]) => void): void
}

const CHANNEL = 'toota:{sessions}:ended'

export function createSessionEnds(link?: Pick<RedisLink, 'publish' | 'subscribe'>): SessionEnds {
  const listeners: ((sessionIds: readonly SessionId[]) => void)[] = []
  const tellHere = (sessionIds: readonly SessionId[]): void => {
    for (const listener of listeners) listener(sessionIds)
  }
  // Our own come back, too, and end nothing a second time.
  link?.subscribe(CHANNEL, (message) => tellHere(JSON.parse(message) as SessionId[]))
  return {
    tell(tx, sessionIds) {
      if (sessionIds.length === 0) return
      onCommit(tx, () => {
        tellHere(sessionIds)
        link?.publish(CHANNEL, JSON.stringify(sessionIds))
      })
    },
    listen: (listener) => void listeners.push(listener),
  }
}
