import type { Tx } from '../../platform/database/index.ts'
import type { NewsItem } from '../../platform/news.ts'
import { post } from '../ledger/index.ts'
import { lockCountedCharge } from './charge-store.ts'
import { bookCash } from './correct-cash.ts'
import type { PaidTrip, Payment } from './model/payment.ts'
import { paymentChanged } from './payment-news.ts'
import { findMoneyOf, savePayment } from './payment-store.ts'
import { creditReturned, refundBegun, returnedCash } from './postings.ts'
import { insertRefund } from './refund-store.ts'

/**
 * These trips have ended without being driven: what was paid for them goes back, within the transaction that ends them. Credit
 * is free again, a gateway's money gets a refund that the sweep sends, and cash becomes credit. Answers what to tell.
 */
export async function returnUndriven(
  tx: Tx,
  trips: readonly PaidTrip[],
  reason: string,
): Promise<NewsItem[]> {
  const payments = await findMoneyOf(
    tx,
    trips.map((trip) => trip.id),
  )
  const news: NewsItem[] = []
  // Few: a trip that lapses has seldom been paid for.
  for (const payment of payments) {
    const trip = trips.find(({ id }) => id === payment.tripId)
    if (trip) news.push(...(await returnOne(tx, trip, payment, reason)))
  }
  return news
}

async function returnOne(tx: Tx, trip: PaidTrip, payment: Payment, reason: string): Promise<NewsItem[]> {
  await post(tx, creditReturned(trip, payment, 2))
  if (payment.status !== 'success') return []
  const status = await returnPaid(tx, trip, payment, reason)
  return paymentChanged(trip, await savePayment(tx, payment, { status, dueAfterSeconds: null }))
}

async function returnPaid(
  tx: Tx,
  trip: PaidTrip,
  payment: Payment,
  reason: string,
): Promise<'refunding' | 'refunded'> {
  if (payment.method === 'cash') {
    if (payment.receivedBy === null || payment.receivedMinor === null) throw new Error('cash of nobody')
    const right = returnedCash(trip, payment.receivedBy, payment.receivedMinor)
    await bookCash(tx, trip, right, { kind: 'undriven', key: payment.id })
    return 'refunded'
  }
  const charge = await lockCountedCharge(tx, payment.id)
  // Paid by credit alone, which is back by now.
  if (!charge) return 'refunded'
  const { amountMinor } = payment.amount
  const id = await insertRefund(tx, charge.id, amountMinor, reason)
  await post(tx, refundBegun(trip, { id, amountMinor, gateway: charge.gateway }, 'held'))
  return 'refunding'
}
