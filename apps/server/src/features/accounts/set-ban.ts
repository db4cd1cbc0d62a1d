import type { Platform } from '../../platform/platform.ts'
import { saveBan } from './ban-store.ts'
import { endSessionsOf } from './session-store.ts'

/**
 * Bans or admits the accounts of these addresses, of every role. A banned one neither logs in nor acts, and its
 * sessions end; once admitted it logs in anew. Answers how many changed.
 */
export const setBan = (
  { db, news, sessionEnds }: Pick<Platform, 'db' | 'news' | 'sessionEnds'>,
  emails: readonly string[],
  isBanned: boolean,
): Promise<number> =>
  db.transaction(async (tx) => {
    const changed = await saveBan(tx, emails, isBanned)
    if (isBanned) sessionEnds.tell(tx, await endSessionsOf(tx, changed, 'ban'))
    // Whoever shows them from memory, as the search does its drivers, reads them again.
    await news.append(
      tx,
      changed.map((accountId) => ({ accountId, kind: 'profile.changed', data: {} })),
    )
    return changed.length
  })
