import type { Currency, Market } from '@toota/contract'
import type { Point } from '../../src/kernel/index.ts'

/** Cities of the markets, and the money there. */
export const CITIES: Readonly<Record<Market, Point & { readonly currency: Currency }>> = {
  ZA: { latitude: -26.2041, longitude: 28.0473, currency: 'ZAR' },
  NG: { latitude: 6.6018, longitude: 3.3515, currency: 'NGN' },
  KE: { latitude: -1.2864, longitude: 36.8172, currency: 'KES' },
  GH: { latitude: 5.6037, longitude: -0.187, currency: 'GHS' },
}

/** Somewhere within some 10 km, so that no two fares are the same. */
export const somewhereIn = (market: Market, random: () => number): Point => ({
  latitude: CITIES[market].latitude + (random() - 0.5) * 0.15,
  longitude: CITIES[market].longitude + (random() - 0.5) * 0.15,
})

export type MarketRates = Readonly<
  Record<'commissionBasisPoints' | 'taxBasisPoints', Readonly<Record<Market, number>>>
>

/** What operators have changed their rates to in the course of the time. */
export const ERAS: readonly MarketRates[] = [
  {
    commissionBasisPoints: { ZA: 2_000, NG: 1_750, KE: 1_234, GH: 3_333 },
    taxBasisPoints: { ZA: 1_500, NG: 750, KE: 1_600, GH: 1_500 },
  },
  {
    commissionBasisPoints: { ZA: 1_825, NG: 100, KE: 2_500, GH: 999 },
    taxBasisPoints: { ZA: 1_550, NG: 750, KE: 1_600, GH: 0 },
  },
  {
    commissionBasisPoints: { ZA: 1, NG: 2_222, KE: 0, GH: 10_000 },
    taxBasisPoints: { ZA: 0, NG: 1_000, KE: 1_600, GH: 2_190 },
  },
]
