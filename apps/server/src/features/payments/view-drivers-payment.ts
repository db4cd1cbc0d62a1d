import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPaidTrip } from './paid-trip-store.ts'
import { getPayment } from './payment-store.ts'
import { showPayment, type ShownPayment } from './show-payment.ts'

/** The payment of a trip, for its driver. Refuses: not-found, payment-missing. */
export async function viewDriversPayment(
  { db, tokens }: Pick<Platform, 'db' | 'tokens'>,
  driverId: DriverId,
  tripId: TripId,
): Promise<ShownPayment> {
  const trip = await findPaidTrip(db.single, tripId)
  if (trip?.driverId !== driverId) throw new Refusal('not-found')
  return showPayment(tokens, await getPayment(db.single, tripId), 'driver')
}
