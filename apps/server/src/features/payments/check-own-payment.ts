import { Refusal, type CustomerId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mayStillBePaid, type Payment } from './model/payment.ts'
import { findPaidTrip } from './paid-trip-store.ts'
import { findPayment } from './payment-store.ts'
import { settlePayment } from './settle-payment.ts'

/**
 * The live payment of an own trip, with the gateway asked when it may still be paid: what a customer does who came back from
 * the payment page. Refuses: not-found, payment-missing; gateway-unavailable.
 */
export async function checkOwnPayment(
  platform: Pick<Platform, 'db' | 'news' | 'gateways' | 'settings'>,
  customerId: CustomerId,
  tripId: TripId,
): Promise<Payment> {
  const { single } = platform.db
  const trip = await findPaidTrip(single, tripId)
  if (trip?.customerId !== customerId) throw new Refusal('not-found')
  const payment = await findPayment(single, tripId)
  if (!payment) throw new Refusal('payment-missing')
  if (payment.reference === null || !mayStillBePaid(payment)) return payment
  return settlePayment(platform, payment.reference)
}
