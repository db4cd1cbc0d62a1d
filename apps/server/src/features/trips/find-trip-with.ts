import type { CustomerId, DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Trip } from './model/trip.ts'
import { findEngagements } from './offer-store.ts'
import { findTrip } from './trip-store.ts'

/** The customer's trip that this driver is being asked about or is driving. */
export async function findTripWith(
  { db }: Pick<Platform, 'db'>,
  customerId: CustomerId,
  driverId: DriverId,
): Promise<Trip | undefined> {
  const engagements = await findEngagements(db.single, [driverId])
  const own = engagements.find((each) => each.customerId === customerId)
  return own && findTrip(db.single, own.tripId)
}
