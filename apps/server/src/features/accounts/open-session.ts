import { newId, type AccountId, type SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { TokenPair } from '../../platform/tokens.ts'
import { insertSession } from './session-store.ts'

/** A session of its own for one log-in, and the two tokens that speak for it. */
export async function openSession(
  { clock, tokens }: Pick<Platform, 'clock' | 'tokens'>,
  tx: Tx,
  accountId: AccountId,
): Promise<TokenPair> {
  const bearer = { accountId, sessionId: newId<SessionId>() }
  const now = clock.now()
  const [access, refresh] = await Promise.all([
    tokens.issue('access', bearer, now),
    tokens.issue('refresh', bearer, now),
  ])
  // An access token got at the refresh token's last minute lives its full time.
  const lifetimeSeconds = tokens.lifetimeSeconds.refresh + tokens.lifetimeSeconds.access
  await insertSession(tx, bearer.sessionId, accountId, lifetimeSeconds)
  return { access, refresh }
}
