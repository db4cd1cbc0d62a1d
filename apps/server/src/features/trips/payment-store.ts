import { sql, type Selectable } from 'kysely'
import { newId, Refusal, type DriverId, type PaymentId, type TripId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import type { Payment } from './model/payment.ts'
import type { Trip } from './model/trip.ts'

const toPayment = (row: Selectable<Schema['payment']>): Payment => ({
  id: row.id,
  tripId: row.trip_id,
  method: row.method,
  status: row.status,
  amount: { amountMinor: row.amount_minor, currency: row.currency },
})

export async function findPayment(tx: Tx, tripId: TripId): Promise<Payment | undefined> {
  const row = await tx.selectFrom('payment').selectAll().where('trip_id', '=', tripId).executeTakeFirst()
  return row && toPayment(row)
}

/** Refuses `payment-missing` before one was chosen. */
export async function getPayment(tx: Tx, tripId: TripId): Promise<Payment> {
  const payment = await findPayment(tx, tripId)
  if (!payment) throw new Refusal('payment-missing')
  return payment
}

/** Cash for the trip's fare; choosing it again changes nothing. */
export async function insertCashPayment(tx: Tx, trip: Trip): Promise<void> {
  await tx
    .insertInto('payment')
    .values({
      id: newId<PaymentId>(),
      trip_id: trip.id,
      method: 'cash',
      amount_minor: trip.fare.amountMinor,
      currency: trip.fare.currency,
    })
    .onConflict((conflict) => conflict.column('trip_id').doNothing())
    .execute()
}

/** Records that the driver holds the cash; undefined when nothing was due, so it counts once. */
export async function receiveDueCash(
  tx: Tx,
  tripId: TripId,
  driverId: DriverId,
): Promise<Payment | undefined> {
  const row = await tx
    .updateTable('payment')
    .set({ status: 'success', paid_at: sql<Date>`clock_timestamp()`, received_by: driverId })
    .where('trip_id', '=', tripId)
    .where('method', '=', 'cash')
    .where('status', '=', 'pending')
    .returningAll()
    .executeTakeFirst()
  return row && toPayment(row)
}
