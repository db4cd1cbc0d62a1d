import { sql } from 'kysely'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

export type StoredPassword = { readonly id: AccountId; readonly passwordHash: string }

export async function findPassword(tx: Tx, accountId: AccountId): Promise<StoredPassword | undefined> {
  return tx
    .selectFrom('account')
    .select(['id', 'password_hash as passwordHash'])
    .where('id', '=', accountId)
    .executeTakeFirst()
}

/**
 * Keeps the password that was just checked until the end of the transaction. Throws `invalid-credentials` when it, or
 * the account's freedom, is gone meanwhile: no session may outlive what ends all sessions.
 */
export async function holdPassword(tx: Tx, { id, passwordHash }: StoredPassword): Promise<void> {
  const { rows } = await sql`
    select 1 from account
    where id = ${id} and password_hash = ${passwordHash} and banned_at is null for share`.execute(tx)
  if (rows.length === 0) throw new Refusal('invalid-credentials')
}

/** Sets a new password; false when the one that was checked is no longer the account's. */
export async function replacePassword(
  tx: Tx,
  { id, passwordHash }: StoredPassword,
  newHash: string,
): Promise<boolean> {
  const { rows } = await sql`
    update account set password_hash = ${newHash}
    where id = ${id} and password_hash = ${passwordHash} returning 1`.execute(tx)
  return rows.length > 0
}

export async function savePassword(tx: Tx, id: AccountId, passwordHash: string): Promise<void> {
  await sql`update account set password_hash = ${passwordHash} where id = ${id}`.execute(tx)
}
