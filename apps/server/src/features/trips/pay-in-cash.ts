import { Refusal, type CustomerId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Payment } from './model/payment.ts'
import { getPayment, insertCashPayment, findPayment } from './payment-store.ts'
import { lockTrip } from './trip-store.ts'

/** The customer will pay the driver in cash. Only for an own trip that still waits for a driver. */
export async function payInCash(
  { db }: Pick<Platform, 'db'>,
  customerId: CustomerId,
  tripId: TripId,
): Promise<Payment> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (trip.customerId !== customerId) throw new Refusal('not-found')

    const payment = await findPayment(tx, tripId)
    if (payment?.status === 'success') throw new Refusal('already-paid')
    if (trip.status !== 'pending') throw new Refusal('trip-not-pending')

    await insertCashPayment(tx, trip)
    return getPayment(tx, tripId)
  })
}
