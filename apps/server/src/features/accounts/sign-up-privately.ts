import { newId, Refusal, type AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, insertAccount } from './account-store.ts'
import { checkPassword } from './check-password.ts'
import { replaceCode } from './code-store.ts'
import { isEmail } from './model/email.ts'
import { alreadySignedUpMail } from './model/mails.ts'
import { sendCode } from './send-code.ts'
import type { SignUp } from './sign-up.ts'

type World = Pick<Platform, 'db' | 'mail' | 'passwords' | 'tokens' | 'settings'>

/**
 * A sign-up that does not tell whether the address has an account: the same answer after the same hashing, and a mail
 * in any case, until the day's are used up. Throws `password-refused`, `invalid-request`, `busy`.
 */
export async function signUpPrivately(platform: World, { role, email, password }: SignUp): Promise<void> {
  const { db, passwords } = platform
  if (!isEmail(email)) throw new Refusal('invalid-request', { email: 'not an address' })
  await checkPassword(passwords, password)
  const passwordHash = await passwords.hash(password)

  try {
    await db.transaction(async (tx) => {
      const [known] = await findAccountsByEmail(tx, email, [role])
      if (known?.isVerified) return tellOwner(platform, tx, known)
      const account = known ?? { id: newId<AccountId>(), role, email }
      if (!known) await insertAccount(tx, { ...account, passwordHash, isVerified: false })
      // The first password stays, and who verifies brings his own: a stranger's never becomes the owner's.
      await sendCode(platform, tx, account)
    })
  } catch (error) {
    // Another sign-up with this address was quicker, and its mail is on the way.
    if (!(error instanceof Refusal && error.code === 'email-taken')) throw error
  }
}

/** Counted as a code of the day, one that nobody knows, so that no stranger can flood the owner with mail. */
async function tellOwner(
  { mail, tokens }: World,
  tx: Tx,
  { id, email, role }: { readonly id: AccountId; readonly email: string; readonly role: string },
): Promise<void> {
  const hash = tokens.digest('nobody', tokens.randomSecret())
  const isFirst = await replaceCode(tx, id, 'verify-email', { hash, validSeconds: 0 })
  if (isFirst) await mail.enqueue(tx, alreadySignedUpMail(email, role))
}
