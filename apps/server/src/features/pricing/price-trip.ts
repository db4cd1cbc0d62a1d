import type { Market, VehicleClass } from '@toota/contract'
import type { Money, Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Route } from '../../platform/router.ts'
import { marketOutlines } from './market-outlines.ts'
import { formatDuration } from './model/duration.ts'
import { displayedKilometers, fareOf } from './model/fare.ts'
import { marketAt } from './model/market.ts'
import { isPeak } from './model/peak.ts'
import { getCurrentTariff } from './tariff-store.ts'

export type TripToPrice = {
  readonly pickup: Point
  readonly destination: Point
  readonly vehicleClass: VehicleClass
}

export type Quote = {
  readonly market: Market
  readonly route: Route
  readonly tariffId: number
  readonly fare: Money
  readonly isPeak: boolean
  /** What the fare was made from, as the customer reads it. */
  readonly displayed: { readonly distanceKm: number; readonly time: string }
}

type PricingPlatform = Pick<Platform, 'db' | 'router' | 'clock'> & {
  readonly settings: Pick<Platform['settings'], 'defaultMarket'>
}

/** Asks the router, which may take seconds: not to be called inside a transaction. */
export async function priceTrip(
  { db, router, clock, settings }: PricingPlatform,
  { pickup, destination, vehicleClass }: TripToPrice,
): Promise<Quote> {
  // The moment of the request counts, not that of the router's answer.
  const now = clock.now()
  const market = marketAt(marketOutlines, pickup) ?? settings.defaultMarket
  const [tariff, route] = await Promise.all([
    getCurrentTariff(db.single, market, vehicleClass),
    router.route(pickup, destination, vehicleClass),
  ])

  const isPeakNow = isPeak(tariff, now)
  return {
    market,
    route,
    tariffId: tariff.id,
    fare: fareOf(tariff, route, isPeakNow),
    isPeak: isPeakNow,
    displayed: {
      distanceKm: displayedKilometers(route.distanceMeters),
      time: formatDuration(route.durationSeconds),
    },
  }
}
