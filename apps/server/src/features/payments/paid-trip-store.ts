import { sql, type Selectable } from 'kysely'
import { Refusal, type TripId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import type { PaidTrip } from './model/payment.ts'

/*
 * What payments read of trips, under the trip's own lock: trips use payments, so payments cannot ask trips. The only thing
 * written is when a quote lapses.
 */

type Row = Pick<
  Selectable<Schema['trip']>,
  'id' | 'customer_id' | 'driver_id' | 'market' | 'status' | 'fare_minor' | 'currency'
>
const COLUMNS = ['id', 'customer_id', 'driver_id', 'market', 'status', 'fare_minor', 'currency'] as const

const toPaidTrip = (row: Row): PaidTrip => ({
  id: row.id,
  customerId: row.customer_id,
  driverId: row.driver_id,
  market: row.market,
  status: row.status,
  fare: { amountMinor: row.fare_minor, currency: row.currency },
})

export async function findPaidTrip(tx: Tx, tripId: TripId): Promise<PaidTrip | undefined> {
  const row = await tx.selectFrom('trip').select(COLUMNS).where('id', '=', tripId).executeTakeFirst()
  return row && toPaidTrip(row)
}

/** Taken before anything that hangs on the trip, here as everywhere. Refuses not-found. */
export async function lockPaidTrip(tx: Tx, tripId: TripId): Promise<PaidTrip> {
  const row = await tx
    .selectFrom('trip')
    .select(COLUMNS)
    .where('id', '=', tripId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return toPaidTrip(row)
}

export async function hasOpenOffer(tx: Tx, tripId: TripId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from offer where trip_id = ${tripId} and state = 'open' and expires_at > clock_timestamp()`.execute(
    tx,
  )
  return rows.length > 0
}

/** Who has just paid gets the whole time of a quote to find a driver. */
export async function prolongQuote(tx: Tx, tripId: TripId, minutes: number): Promise<void> {
  await sql`
    update trip set quote_expires_at = greatest(quote_expires_at, clock_timestamp() + make_interval(mins => ${minutes}))
    where id = ${tripId} and status = 'pending'`.execute(tx)
}
