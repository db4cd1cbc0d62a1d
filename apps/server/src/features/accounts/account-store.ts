import type { Role } from '@toota/contract'
import { sql } from 'kysely'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import { violatedConstraint, type Tx } from '../../platform/database/index.ts'
import { replacePictures } from '../pictures/index.ts'
import { emailKey } from './model/email.ts'

export type Account = {
  readonly id: AccountId
  readonly role: Role
  readonly email: string
  readonly passwordHash: string
  readonly isVerified: boolean
  readonly isBanned: boolean
}

export type NewAccount = {
  readonly id: AccountId
  readonly role: Role
  readonly email: string
  readonly passwordHash: string
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  readonly isVerified: boolean
}

/** Throws `email-taken` (`isRace`), decided by the unique index, and `phone-taken` for drivers. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<void> {
  await tx
    .insertInto('account')
    .values({
      id: account.id,
      role: account.role,
      email: account.email,
      email_key: emailKey(account.email),
      password_hash: account.passwordHash,
      first_name: account.firstName ?? null,
      last_name: account.lastName ?? null,
      phone: account.phone ?? null,
      verified_at: account.isVerified ? sql<Date>`clock_timestamp()` : null,
    })
    .execute()
    .catch((error: unknown) => {
      throw refusalFor(error)
    })
}

export type PersonalDetails = {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  readonly physicalAddress?: string | undefined
  /** The name of a picture just kept. */
  readonly profilePicture?: string | undefined
}

/**
 * Sets the details that are given; the account's row is locked from here on. Throws `phone-taken` when another driver
 * has the number.
 */
export async function saveDetails(tx: Tx, id: AccountId, details: PersonalDetails): Promise<void> {
  const { profilePicture } = details
  if (profilePicture !== undefined) {
    const before = await lockProfilePicture(tx, id)
    await replacePictures(tx, id, { now: [profilePicture], before: before === null ? [] : [before] })
  }
  await tx
    .updateTable('account')
    .set((eb) => ({
      first_name: details.firstName ?? eb.ref('first_name'),
      last_name: details.lastName ?? eb.ref('last_name'),
      phone: details.phone ?? eb.ref('phone'),
      physical_address: details.physicalAddress ?? eb.ref('physical_address'),
      profile_picture: profilePicture ?? eb.ref('profile_picture'),
    }))
    .where('id', '=', id)
    .execute()
    .catch((error: unknown) => {
      throw refusalFor(error)
    })
}

async function lockProfilePicture(tx: Tx, id: AccountId): Promise<string | null> {
  const row = await tx
    .selectFrom('account')
    .select('profile_picture')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row?.profile_picture ?? null
}

function refusalFor(error: unknown): unknown {
  const constraint = violatedConstraint(error)
  if (constraint === 'account_email') return new Refusal('email-taken', { isRace: true })
  if (constraint === 'account_driver_phone') return new Refusal('phone-taken')
  return error
}

/** The accounts of one address: at most one per role, customers first. */
export async function findAccountsByEmail(tx: Tx, email: string, roles: readonly Role[]): Promise<Account[]> {
  const rows = await tx
    .selectFrom('account')
    .select(['id', 'role', 'email', 'password_hash', 'verified_at', 'banned_at'])
    .where('email_key', '=', emailKey(email))
    .where('role', 'in', [...roles])
    .orderBy('role')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    email: row.email,
    passwordHash: row.password_hash,
    isVerified: row.verified_at !== null,
    isBanned: row.banned_at !== null,
  }))
}

/** False for a banned account, which is left as it is. */
export async function markVerified(tx: Tx, id: AccountId): Promise<boolean> {
  const { rows } = await sql`
    update account set verified_at = coalesce(verified_at, clock_timestamp())
    where id = ${id} and banned_at is null returning 1`.execute(tx)
  return rows.length > 0
}
