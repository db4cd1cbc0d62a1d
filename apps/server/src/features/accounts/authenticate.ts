import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Principal } from './model/principal.ts'
import { findSessionHolder } from './session-store.ts'

/** Why there is no principal: no bearer token at all, a bad one, a refresh token, or nobody behind it any more. */
export type AuthenticationFault = 'missing' | 'invalid' | 'wrong-type' | 'account-gone'

/** Who a request or a handshake speaks for. Throws `not-authenticated` with an {@link AuthenticationFault} as `kind`. */
export async function authenticate(
  { db, clock, tokens }: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  authorizationHeader: string | undefined,
): Promise<Principal> {
  const token = /^Bearer +(\S+) *$/.exec(authorizationHeader ?? '')?.[1]
  if (token === undefined) throw unauthenticated('missing')

  const bearer = await tokens.read(token, clock.now())
  if (!bearer) throw unauthenticated('invalid')
  if (bearer.kind !== 'access') throw unauthenticated('wrong-type')

  const holder = await findSessionHolder(db.single, bearer.accountId, bearer.sessionId)
  if (!holder?.isActive) throw unauthenticated('account-gone')
  if (!holder.isSessionLive) throw unauthenticated('invalid')
  return { accountId: bearer.accountId, role: holder.role, sessionId: bearer.sessionId }
}

export function unauthenticated(kind: AuthenticationFault): Refusal {
  return new Refusal('not-authenticated', { kind })
}
