import type { Role } from '@toota/contract'
import { newId, type AccountId, type SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { insertNumberedSession, type NumberedSession } from './refresh-store.ts'

/** What somebody who signed in to `/v1` holds. */
export type SignedIn = {
  readonly accountId: AccountId
  readonly role: Role
  readonly accessToken: string
  readonly accessExpiresAt: Date
  readonly refreshToken: string
  readonly refreshExpiresAt: Date
}

/** A session of `/v1` for one sign-in on a device, which names itself if it can. */
export function openNumberedSession(
  { tokens }: Pick<Platform, 'tokens'>,
  tx: Tx,
  account: { readonly id: AccountId; readonly role: Role },
  device: string | undefined,
): Promise<NumberedSession> {
  const session = { sessionId: newId<SessionId>(), accountId: account.id, role: account.role }
  return insertNumberedSession(tx, session, deviceDigest(tokens, device))
}

/** The tokens of a session as it stands. */
export async function signedInBy(
  { tokens, clock }: Pick<Platform, 'tokens' | 'clock'>,
  session: NumberedSession,
): Promise<SignedIn> {
  const access = await tokens.issueAccess(session, clock.now())
  return {
    accountId: session.accountId,
    role: session.role,
    accessToken: access.token,
    accessExpiresAt: access.expiresAt,
    refreshToken: tokens.writeRefresh(session),
    refreshExpiresAt: session.expiresAt,
  }
}

export const deviceDigest = (tokens: Platform['tokens'], device: string | undefined): Buffer | undefined =>
  device === undefined ? undefined : tokens.digest('device', device)
