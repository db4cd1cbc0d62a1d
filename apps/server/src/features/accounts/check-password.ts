import { Refusal } from '../../kernel/index.ts'
import type { Passwords } from '../../platform/passwords.ts'
import { passwordFaults } from './model/password.ts'

/** Throws `password-refused` with `faults` when a new password is not good enough. */
export async function checkPassword(passwords: Passwords, password: string): Promise<void> {
  const faults = passwordFaults(password, await passwords.isCommon(password))
  if (faults.length > 0) throw new Refusal('password-refused', { faults })
}
