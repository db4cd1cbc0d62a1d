import type { Tx } from '../../platform/database/index.ts'
import { findBooked, lockBalance, post, type Entry, type Posting } from '../ledger/index.ts'
import type { PaidTrip, Payment } from './model/payment.ts'
import { CASH_KINDS, cashCorrection, cashEntries } from './postings.ts'

/** Books cash anew as `receivedMinor`, by entries that make up the difference. */
export async function correctCash(
  tx: Tx,
  trip: PaidTrip,
  payment: Payment,
  receivedMinor: number,
  { key, memo }: { readonly key: string; readonly memo?: string },
): Promise<void> {
  const { receivedBy } = payment
  if (receivedBy === null) throw new Error(`payment ${payment.id} was never received`)
  const right = cashEntries(trip, receivedBy, payment.amount, receivedMinor)
  await bookCash(tx, trip, right, { kind: 'cash-correction', key, ...(memo !== undefined && { memo }) })
}

/** Whatever of the trip's cash is booked so far, also what was written off of it, is what is `right` afterwards. */
export async function bookCash(
  tx: Tx,
  trip: PaidTrip,
  right: readonly Entry[],
  what: Pick<Posting, 'kind' | 'key' | 'memo'>,
): Promise<void> {
  const { currency } = trip.fare
  const creditMinor = await lockBalance(tx, { kind: 'credit', owner: trip.customerId }, currency)
  const booked = await findBooked(tx, trip.id, CASH_KINDS)
  const entries = cashCorrection(trip, booked, right, creditMinor)
  await post(tx, { ...what, currency, tripId: trip.id, entries })
}
