import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Principal } from './model/principal.ts'
import { endSessionOf } from './session-store.ts'

/**
 * Ends the session of this refresh token, which may be another one of the same account. Throws `not-authenticated` when
 * the token is not the caller's or its session has ended already.
 */
export async function logOut(
  { db, clock, tokens, sessionEnds }: Pick<Platform, 'db' | 'clock' | 'tokens' | 'sessionEnds'>,
  { accountId }: Principal,
  refreshToken: string,
): Promise<void> {
  const bearer = await tokens.read(refreshToken, clock.now())
  const isOwn = bearer?.kind === 'refresh' && bearer.accountId === accountId
  const isEnded =
    isOwn &&
    (await db.transaction(async (tx) => {
      const isEnded = await endSessionOf(tx, accountId, bearer.sessionId, 'log-out')
      if (isEnded) sessionEnds.tell(tx, [bearer.sessionId])
      return isEnded
    }))
  if (!isEnded) throw new Refusal('not-authenticated', { kind: 'refresh-invalid' })
}
