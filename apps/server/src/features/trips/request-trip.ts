import type { VehicleClass } from '@toota/contract'
import { newId, type CustomerId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { returnUndriven } from '../payments/index.ts'
import { priceTrip } from '../pricing/index.ts'
import type { Place, Trip } from './model/trip.ts'
import { tripChanged } from './trip-news.ts'
import { expireSurplusQuotes, insertTrip } from './trip-store.ts'

export type TripRequest = {
  readonly pickup: Place
  readonly destination: Place
  readonly vehicleClass: VehicleClass
  readonly loadDescription: string
}

/**
 * Prices a trip and keeps it as a quote: a pending trip whose fare, currency and tariff stay as they are. Refuses
 * `too-many-requests`: a price may cost a question to a routing service, so it counts as a search.
 */
export async function requestTrip(
  platform: Pick<Platform, 'db' | 'clock' | 'router' | 'news' | 'settings' | 'throttle'>,
  customerId: CustomerId,
  request: TripRequest,
): Promise<Trip> {
  const { db, news, throttle } = platform
  await throttle.spend('searches', customerId)
  // The route comes over the network, so it is asked for before the transaction.
  const quote = await priceTrip(platform, request)

  return db.transaction(async (tx) => {
    const trip = await insertTrip(tx, {
      id: newId<TripId>(),
      customerId,
      ...request,
      market: quote.market,
      distanceMeters: quote.route.distanceMeters,
      durationSeconds: quote.route.durationSeconds,
      isRouteEstimated: quote.route.isEstimated,
      tariffId: quote.tariffId,
      fare: quote.fare,
    })
    const lapsed = await expireSurplusQuotes(tx, customerId)
    const returned = await returnUndriven(tx, lapsed, 'trip-expired')
    await news.append(tx, [...lapsed.flatMap((old) => tripChanged(old, 'system')), ...returned])
    return trip
  })
}
