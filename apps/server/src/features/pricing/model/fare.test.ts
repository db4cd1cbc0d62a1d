import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VehicleClass } from '@toota/contract'
import { displayedKilometers, fareOf } from './fare.ts'
import type { Tariff } from './tariff.ts'

const BASE_MINOR: Record<VehicleClass, number> = {
  motorbike: 5_000,
  bakkie: 8_000,
  'truck-1t': 10_000,
  'truck-1.5t': 12_000,
  'truck-2t': 15_000,
  'truck-4t': 20_000,
  'truck-8t': 30_000,
}

const tariffOf = (vehicleClass: VehicleClass, changes: Partial<Tariff> = {}): Tariff => ({
  id: 1,
  market: 'ZA',
  vehicleClass,
  version: 1,
  currency: 'ZAR',
  baseMinor: BASE_MINOR[vehicleClass],
  perKilometerMinor: 1_000,
  perMinuteMinor: 200,
  peakPercent: 150,
  peakFromMinute: 18 * 60,
  peakToMinute: 6 * 60,
  ...changes,
})

describe('fareOf', () => {
  // 12.35 km × R10 + 25 min × R2 = R173.50 on top of the base.
  it.each([
    ['motorbike', 22_350, 33_525],
    ['bakkie', 25_350, 38_025],
    ['truck-1t', 27_350, 41_025],
    ['truck-1.5t', 29_350, 44_025],
    ['truck-2t', 32_350, 48_525],
    ['truck-4t', 37_350, 56_025],
    ['truck-8t', 47_350, 71_025],
  ] as const)('[PR1] a %s over 12.345 km in 25:59 costs %i, at peak %i', (vehicleClass, usual, peak) => {
    const travel = { distanceMeters: 12_345, durationSeconds: 25 * 60 + 59 }
    expect(fareOf(tariffOf(vehicleClass), travel, false)).toEqual({ amountMinor: usual, currency: 'ZAR' })
    expect(fareOf(tariffOf(vehicleClass), travel, true)).toEqual({ amountMinor: peak, currency: 'ZAR' })
  })

  it.each([
    ['30 sec is half a minute', 30, 100],
    ['59 sec is 196.67 cents', 59, 197],
    ['1 min', 60, 200],
    ['59 min, the seconds lost', 3599, 11_800],
    ['1 hour 0 min 1 sec is 12003.33 cents', 3601, 12_003],
    ['2 hours 5 min 30 sec', 7530, 25_100],
  ])('[PR2] time counts as displayed: %s', (_, durationSeconds, amountMinor) => {
    const tariff = tariffOf('bakkie', { baseMinor: 0, perKilometerMinor: 0 })
    expect(fareOf(tariff, { distanceMeters: 1, durationSeconds }, false).amountMinor).toBe(amountMinor)
  })

  it.each([
    [4, 0],
    [5, 0.01],
    [1_004, 1],
    [1_005, 1.01],
    [12_345, 12.35],
  ])('[PR2] distance counts as displayed: %i m is %d km', (distanceMeters, kilometers) => {
    expect(displayedKilometers(distanceMeters)).toBe(kilometers)
    const tariff = tariffOf('bakkie', { baseMinor: 0, perMinuteMinor: 0 })
    expect(fareOf(tariff, { distanceMeters, durationSeconds: 1 }, false).amountMinor).toBe(
      Math.round(kilometers * 1000),
    )
  })

  it('[PR3] there is one rounding, at the end, half up', () => {
    const tariff = tariffOf('bakkie', { baseMinor: 1, perKilometerMinor: 0, perMinuteMinor: 0 })
    const fareAt = (changes: Partial<Tariff>, durationSeconds = 1): number =>
      fareOf({ ...tariff, ...changes }, { distanceMeters: 1, durationSeconds }, true).amountMinor
    expect(fareAt({ peakPercent: 150 })).toBe(2)
    expect(fareAt({ peakPercent: 149 })).toBe(1)
    // 1 + 0.25 is 1.25; × 1.2 is 1.5. Rounded first it would be 1.2, so 1.
    expect(fareAt({ perMinuteMinor: 1, peakPercent: 120 }, 15)).toBe(2)
    // As a float, 1.005 × 100 is 100.49999999999999.
    expect(fareAt({ baseMinor: 201, peakPercent: 150 })).toBe(302)
  })

  it('[PR3] large fares are exact, and no fare falls when the way grows', () => {
    const tariff = tariffOf('truck-8t', {
      baseMinor: 123_456_789,
      perKilometerMinor: 987_654,
      peakPercent: 133,
    })
    // (123456789 + 987654 × 1234.57 + 200 × 1000) × 1.33 = 1786196085.6…
    expect(fareOf(tariff, { distanceMeters: 1_234_567, durationSeconds: 60_000 }, true).amountMinor).toBe(
      Math.round((123_456_789 + 987_654 * 1234.57 + 200_000) * 1.33),
    )
    const way = fc.record({ distanceMeters: fc.nat(3_000_000), durationSeconds: fc.nat(200_000) })
    fc.assert(
      fc.property(way, fc.nat(5_000), fc.nat(500), fc.boolean(), (travel, meters, seconds, isPeak) => {
        const longer = {
          distanceMeters: travel.distanceMeters + meters,
          durationSeconds: travel.durationSeconds + seconds,
        }
        const [fare, longerFare] = [fareOf(tariff, travel, isPeak), fareOf(tariff, longer, isPeak)]
        expect(Number.isSafeInteger(fare.amountMinor)).toBe(true)
        expect(longerFare.amountMinor).toBeGreaterThanOrEqual(fare.amountMinor)
      }),
    )
  })
})
