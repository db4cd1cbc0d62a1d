import type { Role } from '@toota/contract'
import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, type Account } from './account-store.ts'
import { MAX_PASSWORD_LENGTH } from './model/password.ts'

export type Credentials = { readonly role: Role; readonly email: string; readonly password: string }

/**
 * The account that these credentials open. Unknown, banned, other role and wrong password are one refusal,
 * `invalid-credentials`, after the same work; only who knows the password learns `account-not-verified`.
 */
export async function checkCredentials(
  { db, passwords }: Pick<Platform, 'db' | 'passwords'>,
  { role, email, password }: Credentials,
): Promise<Account> {
  const [account] = await findAccountsByEmail(db.single, email, [role])
  const isMatch = await passwords.matches(account?.passwordHash, password.slice(0, 2 * MAX_PASSWORD_LENGTH))
  if (!account || !isMatch || account.isBanned) throw new Refusal('invalid-credentials')
  if (!account.isVerified) throw new Refusal('account-not-verified')
  return account
}
