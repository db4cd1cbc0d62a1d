import { Refusal, type DriverId, type OfferId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Trip } from './model/trip.ts'
import { acceptOfferAndTrip, lockTripOfOffer } from './offer-store.ts'
import { tripChanged } from './trip-news.ts'

/** The driver takes the trip. Refuses: not-found, offer-closed (ended, due, taken, or not paid any more), driver-busy. */
export async function acceptOffer(
  { db, news, metrics }: Pick<Platform, 'db' | 'news' | 'metrics'>,
  driverId: DriverId,
  offerId: OfferId,
): Promise<Trip> {
  let answeredAfterSeconds = 0
  const trip = await db.transaction(async (tx) => {
    await lockTripOfOffer(tx, offerId, driverId)

    const accepted = await acceptOfferAndTrip(tx, offerId, driverId)
    if (!accepted) throw new Refusal('offer-closed')

    await news.append(tx, tripChanged(accepted.trip, 'driver'))
    answeredAfterSeconds = accepted.answeredAfterSeconds
    return accepted.trip
  })
  metrics.observe('toota_offer_answer_seconds', { answer: 'accepted' }, answeredAfterSeconds)
  return trip
}
