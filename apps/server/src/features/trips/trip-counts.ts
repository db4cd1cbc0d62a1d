import { TRIP_STATUSES, type TripStatus } from '@toota/contract'
import type { Metrics } from '../../platform/metrics.ts'
import type { NewsItem } from '../../platform/news.ts'
import { asTripNews } from './trip-news.ts'

/**
 * Counts offers and trips by what was told of them, so exactly what was committed. Both sides are told of one change: it
 * counts once.
 */
export function createTripCounts(metrics: Metrics): (items: readonly NewsItem[]) => void {
  for (const state of ['opened', 'accepted', 'rejected', 'expired', 'withdrawn'])
    metrics.counter('toota_offers_total', { state })
  for (const status of TRIP_STATUSES) metrics.counter('toota_trip_changes_total', { status })
  for (const answer of ['accepted', 'rejected']) metrics.histogram('toota_offer_answer_seconds', { answer })

  return (items) => {
    const changes = new Map<string, () => void>()
    for (const item of items) {
      const news = asTripNews(item)
      if (news?.kind === 'offer.opened')
        changes.set(`opened ${news.data.offerId}`, () => countOffer('opened'))
      if (news?.kind === 'offer.ended')
        changes.set(`ended ${news.data.offerId}`, () => countOffer(news.data.state))
      if (news?.kind === 'trip.changed')
        changes.set(`trip ${news.data.tripId} ${news.data.version}`, () => countTrip(news.data.status))
    }
    for (const count of changes.values()) count()
  }

  function countOffer(state: string): void {
    metrics.count('toota_offers_total', { state })
  }
  function countTrip(status: TripStatus): void {
    metrics.count('toota_trip_changes_total', { status })
    // An accept ends the offer without news of its own: the trip's says it.
    if (status === 'accepted') countOffer('accepted')
  }
}
