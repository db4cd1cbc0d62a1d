import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { refreshReusedMail } from './model/mails.ts'
import { deviceDigest, signedInBy, type SignedIn } from './open-numbered-session.ts'
import { advanceRefresh, lockLateRefresh, type NumberedSession } from './refresh-store.ts'
import { endSessionOf } from './session-store.ts'

/**
 * New tokens for a refresh token of `/v1`, which is thereby used up. Whoever lost the answer gets the same one again
 * for a minute; any other old token means that two hold the session, which then ends. Throws `not-authenticated` and
 * `refresh-reused`.
 */
export async function rotateSession(
  platform: Pick<Platform, 'db' | 'clock' | 'tokens' | 'sessionEnds' | 'mail' | 'log'>,
  { refreshToken, device }: { readonly refreshToken: string; readonly device?: string | undefined },
): Promise<SignedIn> {
  const { db, tokens, sessionEnds, mail, log } = platform
  const presented = tokens.readRefresh(refreshToken)
  if (!presented) throw new Refusal('not-authenticated', { kind: 'refresh-invalid' })

  // A refusal inside would roll the end of the session back, so it leaves the transaction as a value.
  const outcome = await db.transaction(async (tx): Promise<NumberedSession | Refusal> => {
    const next = await advanceRefresh(tx, presented)
    if (next) return next

    const late = await lockLateRefresh(tx, presented, deviceDigest(tokens, device))
    if (!late) return new Refusal('not-authenticated', { kind: 'refresh-invalid' })
    if (late.isRetry) return late

    const { accountId, sessionId, email } = late
    await endSessionOf(tx, accountId, sessionId, 'refresh-reused')
    await mail.enqueue(tx, refreshReusedMail(email))
    sessionEnds.tell(tx, [sessionId])
    log.warn({ accountId, sessionId }, 'an old refresh token was used; the session is ended')
    return new Refusal('refresh-reused')
  })
  if (outcome instanceof Refusal) throw outcome
  return signedInBy(platform, outcome)
}
