import type { Role } from '@toota/contract'
import { newId, Refusal, type AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { insertAccount } from './account-store.ts'
import { checkPassword } from './check-password.ts'
import { isEmail } from './model/email.ts'

export type NewPerson = {
  readonly role: Role
  readonly email: string
  readonly password: string
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  /** E.164. */
  readonly phone?: string | undefined
}

/** The operator's way in: an account of any role, active at once and without a mail. Refusals as for sign-up. */
export async function createAccount(
  { db, passwords }: Pick<Platform, 'db' | 'passwords'>,
  person: NewPerson,
): Promise<AccountId> {
  if (!isEmail(person.email)) throw new Refusal('invalid-request', { email: 'not an address' })
  await checkPassword(passwords, person.password)
  const { password, ...rest } = person
  const id = newId<AccountId>()
  const passwordHash = await passwords.hash(password)
  await db.transaction((tx) => insertAccount(tx, { ...rest, id, passwordHash, isVerified: true }))
  return id
}
