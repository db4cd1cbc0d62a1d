import type { Role } from '@toota/contract'
import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { TokenPair } from '../../platform/tokens.ts'
import { findAccountsByEmail } from './account-store.ts'
import { MAX_PASSWORD_LENGTH } from './model/password.ts'
import { openSession } from './open-session.ts'

/**
 * Opens a session. Unknown, banned, other role and wrong password are one refusal, `invalid-credentials`, after the
 * same work; only who knows the password learns `account-not-verified`.
 */
export async function logIn(
  platform: Pick<Platform, 'db' | 'clock' | 'passwords' | 'tokens'>,
  { role, email, password }: { readonly role: Role; readonly email: string; readonly password: string },
): Promise<TokenPair> {
  const { db, passwords } = platform
  const [account] = await findAccountsByEmail(db.single, email, [role])
  const isMatch = await passwords.matches(account?.passwordHash, password.slice(0, 2 * MAX_PASSWORD_LENGTH))
  if (!account || !isMatch || account.isBanned) throw new Refusal('invalid-credentials')
  if (!account.isVerified) throw new Refusal('account-not-verified')
  return db.transaction((tx) => openSession(platform, tx, account.id))
}
