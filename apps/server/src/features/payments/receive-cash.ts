import type { Tx } from '../../platform/database/index.ts'
import type { NewsItem } from '../../platform/news.ts'
import type { DriverId } from '../../kernel/index.ts'
import { post } from '../ledger/index.ts'
import type { PaidTrip } from './model/payment.ts'
import { paymentReceived } from './payment-news.ts'
import { receiveDueCash } from './payment-store.ts'
import { cashEntries } from './postings.ts'
import { reviewCash } from './review-cash.ts'

/**
 * Books cash that is due as received by the driver: stated by him, or implied by his driving on with the load (B-18). Counts
 * once; answers what to tell, nothing when none was due.
 */
export async function receiveCash(
  tx: Tx,
  trip: PaidTrip,
  driverId: DriverId,
  statement: { readonly receivedMinor: number } | 'implied',
): Promise<NewsItem[]> {
  const payment = await receiveDueCash(tx, trip.id, driverId, statement)
  if (!payment) return []
  await post(tx, {
    kind: 'cash',
    key: payment.id,
    currency: trip.fare.currency,
    tripId: trip.id,
    entries: cashEntries(trip, driverId, payment.amount, payment.receivedMinor ?? 0),
  })
  // The customer may have said something else before.
  await reviewCash(tx, trip, payment.id)
  return paymentReceived(trip)
}
