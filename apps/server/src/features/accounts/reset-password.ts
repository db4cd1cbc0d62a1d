import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail } from './account-store.ts'
import { checkPassword } from './check-password.ts'
import { savePassword } from './password-store.ts'
import type { Address } from './request-reset.ts'
import { endSessionsOf } from './session-store.ts'
import { tryCode } from './try-code.ts'

export type Reset = Address & { readonly code: string; readonly newPassword: string }

/**
 * A new password by the mailed code; every session of the account ends. It does not verify the address, which has a
 * code of its own. Throws `password-refused` before a try is spent, `not-found`, `no-code-pending`, `wrong-code`.
 */
export async function resetPassword(
  { db, passwords, tokens, sessionEnds }: Pick<Platform, 'db' | 'passwords' | 'tokens' | 'sessionEnds'>,
  { role, email, code, newPassword }: Reset,
): Promise<void> {
  await checkPassword(passwords, newPassword)
  // Whatever follows, so that time tells nothing, and outside the transaction, since hashing waits for its turn.
  const passwordHash = await passwords.hash(newPassword)
  const [account] = await findAccountsByEmail(db.single, email, [role])
  if (!account) throw new Refusal('not-found')

  const guess = await db.transaction(async (tx) => {
    const guess = await tryCode(tx, tokens, account.id, { purpose: 'reset-password', code })
    if (guess !== 'right') return guess
    await savePassword(tx, account.id, passwordHash)
    sessionEnds.tell(tx, await endSessionsOf(tx, [account.id], 'password-reset'))
    return guess
  })
  // Thrown outside, or the spent try would roll back.
  if (guess !== 'right') throw new Refusal(guess === 'wrong' ? 'wrong-code' : 'no-code-pending')
}

/** The same for `/v1`, where an unknown address looks like a wrong code. */
export async function resetPasswordPrivately(
  platform: Parameters<typeof resetPassword>[0],
  reset: Reset,
): Promise<void> {
  try {
    await resetPassword(platform, reset)
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'not-found' || error.code === 'no-code-pending'))
      throw new Refusal('wrong-code')
    throw error
  }
}
