import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Admission, Principal } from './model/principal.ts'
import { findSessionHolder } from './session-store.ts'

/** Why there is no principal: no bearer token at all, a bad one, a refresh token, or nobody behind it any more. */
export type AuthenticationFault = 'missing' | 'invalid' | 'wrong-type' | 'account-gone'

/** Who a request or a handshake speaks for. Throws `not-authenticated` with an {@link AuthenticationFault} as `kind`. */
export async function authenticate(
  { db, clock, tokens }: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  authorizationHeader: string | undefined,
): Promise<Admission> {
  const token = /^Bearer +(\S+) *$/.exec(authorizationHeader ?? '')?.[1]
  if (token === undefined) throw unauthenticated('missing')

  const bearer = await tokens.read(token, clock.now())
  if (!bearer) throw unauthenticated('invalid')
  if (bearer.kind !== 'access') throw unauthenticated('wrong-type')

  return { ...(await authenticateAgain({ db }, bearer)), expiresAt: bearer.expiresAt }
}

/** Who was authenticated before, if his session has not ended since. Throws as {@link authenticate}. */
export async function authenticateAgain(
  { db }: Pick<Platform, 'db'>,
  { accountId, sessionId }: Pick<Principal, 'accountId' | 'sessionId'>,
): Promise<Principal> {
  const holder = await findSessionHolder(db.single, accountId, sessionId)
  if (!holder?.isActive) throw unauthenticated('account-gone')
  if (!holder.isSessionLive) throw unauthenticated('invalid')
  return { accountId, role: holder.role, sessionId }
}

export function unauthenticated(kind: AuthenticationFault): Refusal {
  return new Refusal('not-authenticated', { kind })
}
