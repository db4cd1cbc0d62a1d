import { Refusal, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import { getTrip, isActive } from '../trips/index.ts'
import type { Roster } from './roster.ts'

/**
 * Tells the customer where the driver of an own active trip is: the last position at once, then each new one, and
 * nothing once he works for nobody or somebody else. Returns the function that ends it. Refuses not-found.
 */
export async function watchTrip(
  platform: Pick<Platform, 'db' | 'positions'>,
  roster: Roster,
  customerId: CustomerId,
  tripId: TripId,
  tell: (driverId: DriverId, fix: Fix) => void,
): Promise<() => void> {
  const { positions } = platform
  const { driverId, status } = await getTrip(platform, { role: 'customer', accountId: customerId }, tripId)
  if (!driverId || !isActive(status)) throw new Refusal('not-found')
  // Of a driver who is online at another node the listing comes with each fix.
  if (!positions.listing(driverId)) await roster.enter(driverId)

  const tellIfOurs = (fix: Fix): void => {
    if (positions.listing(driverId)?.engagedWith === customerId) tell(driverId, fix)
  }
  const last = positions.lastFix(driverId)
  if (last) tellIfOurs(last)
  return positions.follow(driverId, tellIfOurs)
}
