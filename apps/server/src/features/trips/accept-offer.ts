import { Refusal, type DriverId, type OfferId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Trip } from './model/trip.ts'
import { acceptOfferAndTrip, lockTripOfOffer } from './offer-store.ts'
import { tripChanged } from './trip-news.ts'

/** The driver takes the trip. Refuses: not-found, offer-closed (ended, due, taken, or not paid any more), driver-busy. */
export async function acceptOffer(
  { db, news }: Pick<Platform, 'db' | 'news'>,
  driverId: DriverId,
  offerId: OfferId,
): Promise<Trip> {
  return db.transaction(async (tx) => {
    await lockTripOfOffer(tx, offerId, driverId)

    const trip = await acceptOfferAndTrip(tx, offerId, driverId)
    if (!trip) throw new Refusal('offer-closed')

    await news.append(tx, tripChanged(trip, 'driver'))
    return trip
  })
}
