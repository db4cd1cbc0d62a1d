import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { checkPassword } from './check-password.ts'
import { MAX_PASSWORD_LENGTH } from './model/password.ts'
import type { Principal } from './model/principal.ts'
import { findPassword, replacePassword } from './password-store.ts'
import { endSessionsOf } from './session-store.ts'

/**
 * A new password for who knows the old one; all other sessions of the account end, this one lives on. Throws
 * `old-password-wrong`, `password-refused`, `busy`, and `too-many-requests` to who guesses at a stolen phone.
 */
export async function changePassword(
  { db, passwords, sessionEnds, throttle }: Pick<Platform, 'db' | 'passwords' | 'sessionEnds' | 'throttle'>,
  { accountId, sessionId }: Principal,
  { oldPassword, newPassword }: { readonly oldPassword: string; readonly newPassword: string },
): Promise<void> {
  await throttle.spend('loginFailures', sessionId)
  const stored = await findPassword(db.single, accountId)
  const isMatch = await passwords.matches(stored?.passwordHash, oldPassword.slice(0, 2 * MAX_PASSWORD_LENGTH))
  if (!stored || !isMatch) throw new Refusal('old-password-wrong')
  await throttle.giveBack('loginFailures', sessionId)
  await checkPassword(passwords, newPassword)

  const newHash = await passwords.hash(newPassword)
  await db.transaction(async (tx) => {
    if (!(await replacePassword(tx, stored, newHash))) throw new Refusal('old-password-wrong')
    sessionEnds.tell(tx, await endSessionsOf(tx, [accountId], 'password-change', sessionId))
  })
}
