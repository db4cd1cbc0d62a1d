import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, type Account } from './account-store.ts'
import { guardLogIn, type LogInAttempt } from './login-guard.ts'
import { MAX_PASSWORD_LENGTH } from './model/password.ts'

export type Credentials = LogInAttempt & { readonly password: string }

/**
 * The account that these credentials open. Unknown, banned, other role and wrong password are one refusal,
 * `invalid-credentials`, after the same work; only who knows the password learns `account-not-verified`. Too many wrong
 * ones are `too-many-requests` before any of that work.
 */
export function checkCredentials(
  platform: Pick<Platform, 'db' | 'passwords' | 'throttle' | 'tokens'>,
  credentials: Credentials,
): Promise<Account> {
  return guardLogIn(platform, credentials, () => matchPassword(platform, credentials))
}

async function matchPassword(
  { db, passwords }: Pick<Platform, 'db' | 'passwords'>,
  { role, email, password }: Credentials,
): Promise<Account> {
  const [account] = await findAccountsByEmail(db.single, email, [role])
  const isMatch = await passwords.matches(account?.passwordHash, password.slice(0, 2 * MAX_PASSWORD_LENGTH))
  if (!account || !isMatch || account.isBanned) throw new Refusal('invalid-credentials')
  if (!account.isVerified) throw new Refusal('account-not-verified')
  return account
}
