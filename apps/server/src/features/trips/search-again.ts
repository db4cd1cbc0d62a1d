import { Refusal, type CustomerId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Trip } from './model/trip.ts'
import { releaseDriver } from './release-driver.ts'
import { lockTrip } from './trip-store.ts'

/**
 * The customer has waited enough for a driver who worries us: the trip waits for another one. A trip that waits already
 * stays as it is. Refuses: not-found, driver-on-the-way (nothing is the matter with him), illegal-transition,
 * cash-already-stated.
 */
export async function searchAgain(
  { db, news }: Pick<Platform, 'db' | 'news'>,
  customerId: CustomerId,
  tripId: TripId,
): Promise<Trip> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (trip.customerId !== customerId) throw new Refusal('not-found')
    if (trip.status === 'pending') return trip
    if (!trip.concern) throw new Refusal('driver-on-the-way')

    const released = await releaseDriver(tx, trip, 'customer', `driver ${trip.concern.kind}`)
    await news.append(tx, released.told)
    return released.trip
  })
}
