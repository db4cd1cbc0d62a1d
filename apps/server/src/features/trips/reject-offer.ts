import { Refusal, type DriverId, type OfferId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { lockTripOfOffer, rejectOpenOffer } from './offer-store.ts'
import { offerEnded } from './trip-news.ts'
import { releaseSlots } from './trip-store.ts'

/** The driver says no; the trip waits for the customer's next choice. Refuses: not-found, offer-closed. */
export async function rejectOffer(
  { db, news, metrics }: Pick<Platform, 'db' | 'news' | 'metrics'>,
  driverId: DriverId,
  offerId: OfferId,
): Promise<void> {
  let answeredAfterSeconds = 0
  await db.transaction(async (tx) => {
    const trip = await lockTripOfOffer(tx, offerId, driverId)

    const rejected = await rejectOpenOffer(tx, offerId)
    if (!rejected) throw new Refusal('offer-closed')

    await releaseSlots(tx, [trip.id])
    await news.append(tx, offerEnded(rejected.offer, trip.customerId))
    answeredAfterSeconds = rejected.answeredAfterSeconds
  })
  metrics.observe('toota_offer_answer_seconds', { answer: 'rejected' }, answeredAfterSeconds)
}
