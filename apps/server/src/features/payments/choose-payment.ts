import type { PaymentMethod } from '@toota/contract'
import { newId, Refusal, type CustomerId, type PaymentId, type TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { creditFor, isUnderWay, wasPaid, type PaidTrip, type Payment } from './model/payment.ts'
import { hasOpenOffer, lockPaidTrip } from './paid-trip-store.ts'
import { paymentChanged } from './payment-news.ts'
import { findPayment, insertPayment, lockPayment, replacePayment, type NewPayment } from './payment-store.ts'
import { creditReturned, creditSetAside } from './postings.ts'

/**
 * How an own trip that still waits for a driver will be paid. The same method again goes on with the same payment as long as
 * it may still succeed; another one replaces it. The customer's credit pays first. Nothing has left the house yet: a
 * gateway is asked by `openPaymentPage`. Refuses: not-found, already-paid, trip-not-pending, offer-pending,
 * payment-unavailable.
 */
export async function choosePayment(
  { db, news, gateways }: Pick<Platform, 'db' | 'news' | 'gateways'>,
  customerId: CustomerId,
  tripId: TripId,
  method: PaymentMethod,
): Promise<Payment> {
  return db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, tripId)
    if (trip.customerId !== customerId) throw new Refusal('not-found')
    const live = await lockLive(tx, tripId)
    // What a bank has taken back has to be paid again.
    if (live && wasPaid(live) && live.status !== 'reversed') throw new Refusal('already-paid')
    if (trip.status !== 'pending') throw new Refusal('trip-not-pending')
    if (live?.method === method && isUnderWay(live)) return live
    // The driver who thinks about it was told how he will be paid.
    if (await hasOpenOffer(tx, tripId)) throw new Refusal('offer-pending')

    const gateway = method === 'cash' ? undefined : gateways.forPayments(trip.market)
    if (method !== 'cash' && !gateway) throw new Refusal('payment-unavailable', { method })
    if (live) await replace(tx, trip, live)
    const payment = await insertPayment(tx, await plan(tx, trip, method, gateway?.name ?? null))
    await post(tx, creditSetAside(trip, payment))

    // That something was chosen, who chose it knows; that it is paid already, by credit alone, is news.
    if (wasPaid(payment)) await news.append(tx, paymentChanged(trip, payment))
    return payment
  })
}

async function lockLive(tx: Tx, tripId: TripId): Promise<Payment | undefined> {
  const live = await findPayment(tx, tripId)
  return live && lockPayment(tx, live.id)
}

/** The old attempt may still succeed, on a page that is open somewhere; `settlePayment` then decides what becomes of the money. */
async function replace(tx: Tx, trip: PaidTrip, payment: Payment): Promise<void> {
  await replacePayment(tx, payment.id)
  await post(tx, creditReturned(trip, payment))
}

async function plan(
  tx: Tx,
  trip: PaidTrip,
  method: PaymentMethod,
  gateway: NewPayment['gateway'],
): Promise<NewPayment> {
  const { amountMinor, currency } = trip.fare
  const account = { kind: 'credit', owner: trip.customerId } as const
  const creditMinor = creditFor(trip.fare, await lockBalance(tx, account, currency), gateway !== null)
  const dueMinor = amountMinor - creditMinor
  const isAsked = gateway !== null && dueMinor > 0
  const id = newId<PaymentId>()
  return {
    id,
    tripId: trip.id,
    method,
    status: method === 'cash' ? 'pending' : isAsked ? 'created' : 'success',
    amount: { amountMinor: dueMinor, currency },
    creditMinor,
    gateway: isAsked ? gateway : null,
    reference: isAsked ? `toota-${id}` : null,
  }
}
