import { newId, Refusal, type AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, insertAccount } from './account-store.ts'
import { checkPassword } from './check-password.ts'
import { isEmail } from './model/email.ts'
import { sendCode } from './send-code.ts'

export type SignUp = {
  readonly role: 'customer' | 'driver'
  readonly email: string
  readonly password: string
}

/**
 * An inactive account and the mail with its code. Throws `email-taken`, `password-refused`, `invalid-request`, `busy`.
 */
export async function signUp(
  platform: Pick<Platform, 'db' | 'mail' | 'passwords' | 'tokens' | 'settings'>,
  { role, email, password }: SignUp,
): Promise<AccountId> {
  const { db, passwords } = platform
  if (!isEmail(email)) throw new Refusal('invalid-request', { email: 'not an address' })
  if ((await findAccountsByEmail(db.single, email, [role])).length > 0) throw new Refusal('email-taken')
  await checkPassword(passwords, password)

  const account = { id: newId<AccountId>(), role, email, passwordHash: await passwords.hash(password) }
  await db.transaction(async (tx) => {
    await insertAccount(tx, { ...account, isVerified: false })
    await sendCode(platform, tx, account)
  })
  return account.id
}
