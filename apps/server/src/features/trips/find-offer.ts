import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Offer } from './model/offer.ts'
import { findOfferOfTrip } from './offer-store.ts'
import { findTrip } from './trip-store.ts'

/** The driver's latest offer of a trip. Refuses: not-found (no such trip), offer-closed (never his to answer). */
export async function findOffer(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
  tripId: TripId,
): Promise<Offer> {
  const offer = await findOfferOfTrip(db.single, tripId, driverId)
  if (offer) return offer
  throw new Refusal((await findTrip(db.single, tripId)) ? 'offer-closed' : 'not-found')
}
