import { sql, type Selectable } from 'kysely'
import type { DriverId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import type { Destination } from './model/payout.ts'

export type SavedAccount = { readonly destination: Destination; readonly changedAt: Date }

const toAccount = (row: Selectable<Schema['payout_account']>): SavedAccount => ({
  destination: {
    kind: row.kind,
    name: row.name,
    accountNumber: row.account_number,
    bankCode: row.bank_code,
  },
  changedAt: row.changed_at,
})

export async function findPayoutAccount(tx: Tx, driverId: DriverId): Promise<SavedAccount | undefined> {
  const row = await tx
    .selectFrom('payout_account')
    .selectAll()
    .where('driver_id', '=', driverId)
    .executeTakeFirst()
  return row && toAccount(row)
}

/** The same under its lock: one payout of a driver is asked for at a time, whatever its currency. */
export async function lockPayoutAccount(tx: Tx, driverId: DriverId): Promise<SavedAccount | undefined> {
  const row = await tx
    .selectFrom('payout_account')
    .selectAll()
    .where('driver_id', '=', driverId)
    .forUpdate()
    .executeTakeFirst()
  return row && toAccount(row)
}

/** Undefined for who has not applied as a driver. */
export async function upsertPayoutAccount(
  tx: Tx,
  driverId: DriverId,
  { kind, name, accountNumber, bankCode }: Destination,
): Promise<SavedAccount | undefined> {
  const { rows } = await sql<Selectable<Schema['payout_account']>>`
    insert into payout_account (driver_id, kind, name, account_number, bank_code)
    select account_id, ${kind}, ${name}, ${accountNumber}, ${bankCode} from driver where account_id = ${driverId}
    on conflict (driver_id) do update
    set kind = excluded.kind, name = excluded.name, account_number = excluded.account_number, bank_code = excluded.bank_code,
        changed_at = clock_timestamp()
    returning *`.execute(tx)
  return rows[0] && toAccount(rows[0])
}
