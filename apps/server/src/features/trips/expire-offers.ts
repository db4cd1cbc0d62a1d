import type { Platform } from '../../platform/platform.ts'
import { expireDueOffers, untilNextDue } from './offer-store.ts'
import { offerEnded } from './trip-news.ts'
import { releaseSlots } from './trip-store.ts'

const BATCH = 100
/** New offers are noticed at the latest after this, so an offer shorter than it may end that much late. */
const LONGEST_PAUSE_MS = 250

/** Ends offers whose time is over and answers in how many milliseconds to look again. */
export async function expireOffers({ db, news }: Pick<Platform, 'db' | 'news'>): Promise<number> {
  const expired = await db.transaction(async (tx) => {
    const offers = await expireDueOffers(tx, BATCH)
    if (offers.length === 0) return offers
    await releaseSlots(
      tx,
      offers.map((offer) => offer.tripId),
    )
    await news.append(
      tx,
      offers.flatMap((offer) => offerEnded(offer, offer.customerId)),
    )
    return offers
  })
  if (expired.length === BATCH) return 0
  return Math.min(Math.max(0, (await untilNextDue(db.single)) ?? LONGEST_PAUSE_MS), LONGEST_PAUSE_MS)
}
