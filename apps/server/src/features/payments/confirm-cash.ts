import { Refusal, type CustomerId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Payment } from './model/payment.ts'
import { lockPaidTrip } from './paid-trip-store.ts'
import { findPayment, lockPayment, saveConfirmed } from './payment-store.ts'
import { reviewCash } from './review-cash.ts'

/**
 * The customer says what cash he handed over, once, as soon as a driver is on the trip and also long afterwards; whatever the
 * driver says before or after, a difference opens a case. Refuses: not-found, payment-missing, not-cash,
 * cash-already-stated, cash-not-due (no driver has taken the trip).
 */
export async function confirmCash(
  { db }: Pick<Platform, 'db'>,
  customerId: CustomerId,
  tripId: TripId,
  paidMinor: number,
): Promise<Payment> {
  return db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, tripId)
    if (trip.customerId !== customerId) throw new Refusal('not-found')
    const live = await findPayment(tx, tripId)
    if (!live) throw new Refusal('payment-missing')
    if (live.method !== 'cash') throw new Refusal('not-cash')
    if (trip.driverId === null) throw new Refusal('cash-not-due')

    const payment = await lockPayment(tx, live.id)
    if (payment.confirmedMinor !== null) {
      if (payment.confirmedMinor !== paidMinor) throw new Refusal('cash-already-stated')
      return payment
    }
    await saveConfirmed(tx, payment.id, paidMinor)
    await reviewCash(tx, trip, payment.id)
    return lockPayment(tx, payment.id)
  })
}
