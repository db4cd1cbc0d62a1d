import { sql } from 'kysely'
import type { AccountId } from '../../kernel/index.ts'
import { isOneOf, type Tx } from '../../platform/database/index.ts'

/** Who somebody is to the other side of a trip. */
export type Person = {
  readonly id: AccountId
  readonly email: string
  /** First and last name; the e-mail's local part while both are unknown. */
  readonly name: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly phone: string | null
  /** The name of a stored picture. */
  readonly profilePicture: string | null
}

export async function findPeople(tx: Tx, accountIds: readonly AccountId[]): Promise<Person[]> {
  const { rows } = await sql<Omit<Person, 'name'>>`
    select id, email, first_name as "firstName", last_name as "lastName", phone,
           profile_picture as "profilePicture"
    from account where ${isOneOf('id', accountIds)}`.execute(tx)
  return rows.map((row) => ({ ...row, name: displayName(row) }))
}

export const displayName = ({
  firstName,
  lastName,
  email,
}: Pick<Person, 'firstName' | 'lastName' | 'email'>): string =>
  [firstName, lastName].filter((part) => part !== null).join(' ') || (email.split('@', 1)[0] ?? email)

/** Whether anybody has signed up yet. */
export async function hasAccounts(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined
}
