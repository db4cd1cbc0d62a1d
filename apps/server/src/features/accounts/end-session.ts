import { Refusal, type AccountId, type SessionId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { endSessionOf } from './session-store.ts'

/** Ends a session of one's own, also the present one. Throws `not-found`. */
export async function endSession(
  { db, sessionEnds }: Pick<Platform, 'db' | 'sessionEnds'>,
  accountId: AccountId,
  sessionId: SessionId,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await endSessionOf(tx, accountId, sessionId, 'ended-by-owner'))) throw new Refusal('not-found')
    sessionEnds.tell(tx, [sessionId])
  })
}
