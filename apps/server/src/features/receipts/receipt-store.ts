import type { Market } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import type { DriverId, TripId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import type { NumberedSettlement, ReceiptFacts, Settlement } from './model/receipt.ts'

type Row = Selectable<Schema['settlement']>

const toSettlement = (row: Row): Settlement => ({
  tripId: row.trip_id,
  market: row.market,
  currency: row.currency,
  customerId: row.customer_id,
  driverId: row.driver_id,
  method: row.method,
  fareMinor: row.fare_minor,
  earningMinor: row.earning_minor,
  commissionMinor: row.commission_minor,
  taxMinor: row.tax_minor,
  feeMinor: row.fee_minor,
  taxBasisPoints: row.tax_basis_points,
  creditMinor: row.credit_minor,
  settledAt: row.settled_at,
})

const toNumbered = (row: Row): NumberedSettlement | undefined =>
  row.receipt_number === null || row.receipt_issued_at === null
    ? undefined
    : {
        ...toSettlement(row),
        number: row.receipt_number,
        issuedAt: row.receipt_issued_at,
        facts: row.receipt_facts as ReceiptFacts,
      }

/** With its number once it has one. */
export async function findSettlement(
  tx: Tx,
  tripId: TripId,
): Promise<Settlement | NumberedSettlement | undefined> {
  const row = await tx.selectFrom('settlement').selectAll().where('trip_id', '=', tripId).executeTakeFirst()
  return row && (toNumbered(row) ?? toSettlement(row))
}

/** Where numbers are due. */
export async function findDueMarkets(tx: Tx): Promise<Market[]> {
  const { rows } = await sql<{ market: Market }>`
    select distinct market from settlement
    where receipt_due_at <= clock_timestamp() and receipt_number is null order by market`.execute(tx)
  return rows.map(({ market }) => market)
}

/**
 * The market's last number, locked until the end of the transaction: whoever gives numbers takes it before he looks for what has
 * none, and so sees what the one before him has numbered.
 */
export async function lockCounter(tx: Tx, market: Market): Promise<number> {
  const { rows } = await sql<{ last_number: number }>`
    select last_number from receipt_counter where market = ${market} for update`.execute(tx)
  if (!rows[0]) throw new Error(`no receipt counter for ${market}`)
  return rows[0].last_number
}

/** Due and without a number, in the order in which they get them. The counter is locked. */
export async function findUnnumbered(tx: Tx, market: Market, limit: number): Promise<Settlement[]> {
  const { rows } = await sql<Row>`
    select * from settlement
    where market = ${market} and receipt_due_at <= clock_timestamp() and receipt_number is null
    order by settled_at, trip_id limit ${limit}`.execute(tx)
  return rows.map(toSettlement)
}

/** The one of a trip, if it has no number yet. The counter is locked. */
export async function findUnnumberedOf(tx: Tx, tripId: TripId): Promise<Settlement | undefined> {
  const row = await tx
    .selectFrom('settlement')
    .selectAll()
    .where('trip_id', '=', tripId)
    .where('receipt_number', 'is', null)
    .executeTakeFirst()
  return row && toSettlement(row)
}

export type GivenNumber = {
  readonly tripId: TripId
  readonly number: number
  readonly facts: ReceiptFacts
}

/** The numbers with what they stand for, and the counter with them: all of it, or the transaction fails. */
export async function saveNumbers(tx: Tx, market: Market, given: readonly GivenNumber[]): Promise<void> {
  const { rows } = await sql`
    update settlement as s
    set receipt_number = g.number, receipt_facts = g.facts, receipt_issued_at = statement_timestamp()
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g ("tripId" uuid, number bigint, facts jsonb)
    where s.trip_id = g."tripId" and s.market = ${market} and s.receipt_number is null
    returning 1`.execute(tx)
  if (rows.length !== given.length) throw new Error(`receipts of ${market} were numbered under the lock`)
  await sql`update receipt_counter set last_number = last_number + ${given.length} where market = ${market}`.execute(
    tx,
  )
}

/**
 * Takes numbered receipts whose mail is due, for `leaseSeconds`: a process that dies meanwhile leaves its lease to run out.
 * That only spares others the work; {@link endMailing} decides who mails.
 */
export async function claimUnmailed(
  tx: Tx,
  { limit, leaseSeconds }: { readonly limit: number; readonly leaseSeconds: number },
): Promise<NumberedSettlement[]> {
  const { rows } = await sql<Row>`
    update settlement set receipt_due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where trip_id in (select trip_id from settlement
                      where receipt_due_at <= clock_timestamp() and receipt_number is not null
                      order by receipt_due_at limit ${limit} for update skip locked)
    returning *`.execute(tx)
  return rows.map(toNumbered).filter((each) => each !== undefined)
}

/** False when somebody else has mailed it already. */
export async function endMailing(tx: Tx, tripId: TripId): Promise<boolean> {
  const { rows } = await sql`
    update settlement set receipt_due_at = null
    where trip_id = ${tripId} and receipt_due_at is not null returning 1`.execute(tx)
  return rows.length > 0
}

/** As they are now; drivers know no more of receipts than receipts of drivers. */
export async function findRegistrations(
  tx: Tx,
  driverIds: readonly DriverId[],
): Promise<ReadonlyMap<DriverId, string>> {
  const { rows } = await sql<{ id: DriverId; registration: string }>`
    select account_id as id, vehicle_registration as registration from driver
    where account_id = any(${driverIds}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, registration }) => [id, registration]))
}
