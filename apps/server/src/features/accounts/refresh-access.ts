import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findSessionHolder } from './session-store.ts'

/** A new access token for a refresh token whose session and account are alive. Throws `not-authenticated`. */
export async function refreshAccess(
  { db, clock, tokens }: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  refreshToken: string,
): Promise<string> {
  const now = clock.now()
  const bearer = await tokens.read(refreshToken, now)
  const holder =
    bearer?.kind === 'refresh'
      ? await findSessionHolder(db.single, bearer.accountId, bearer.sessionId)
      : undefined
  if (!bearer || !holder?.isActive || !holder.isSessionLive)
    throw new Refusal('not-authenticated', { kind: 'refresh-invalid' })
  return tokens.issue('access', bearer, now)
}
