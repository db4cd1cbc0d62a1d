import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { isActive } from './model/trip.ts'
import { receiveDueCash } from './payment-store.ts'
import { paymentReceived } from './trip-news.ts'
import { lockTrip } from './trip-store.ts'

/** The trip's driver confirms the cash, once; again changes nothing. Refuses: not-found. */
export async function receiveCash(
  { db, news }: Pick<Platform, 'db' | 'news'>,
  driverId: DriverId,
  tripId: TripId,
): Promise<{ isChanged: boolean }> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (trip.driverId !== driverId || !(isActive(trip.status) || trip.status === 'completed')) {
      throw new Refusal('not-found')
    }
    const received = await receiveDueCash(tx, tripId, driverId)
    if (received) await news.append(tx, paymentReceived(trip))
    return { isChanged: received !== undefined }
  })
}
