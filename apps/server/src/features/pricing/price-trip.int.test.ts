import { MARKETS, VEHICLE_CLASSES } from '@toota/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import type { Point } from '../../kernel/index.ts'
import { estimateRouter } from '../../platform/router-estimate.ts'
import type { Router } from '../../platform/router.ts'
import { priceTrip } from './price-trip.ts'
import { getCurrentTariff } from './tariff-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const LAGOS: Point = { latitude: 6.5244, longitude: 3.3792 }
const ACCRA: Point = { latitude: 5.6037, longitude: -0.187 }
const MASERU: Point = { latitude: -29.3151, longitude: 27.4869 }
const noon = new Date('2026-11-24T12:00:00Z')

/** A road network that measures the same everywhere. */
const fixedRouter = (distanceMeters: number, durationSeconds: number): Router => ({
  route: () => Promise.resolve({ distanceMeters, durationSeconds, isEstimated: false }),
})

function worldAt(now: Date, router: Router = fixedRouter(12_345, 1_559)) {
  return { db: database.db, router, clock: { now: () => now }, settings: { defaultMarket: 'KE' as const } }
}

async function addTariff(perKilometerMinor: number, version: number): Promise<void> {
  await database.db.single
    .insertInto('tariff')
    .values({
      market: 'GH',
      vehicle_class: 'truck-8t',
      version,
      currency: 'GHS',
      base_minor: 100,
      per_km_minor: perKilometerMinor,
      per_minute_minor: 0,
      peak_percent: 200,
      peak_from: '17:30',
      peak_to: '05:15',
      is_placeholder: false,
    })
    .execute()
}

describe('priceTrip', () => {
  it('[PR10] a quote has the route, the fare and what the customer reads', async () => {
    const trip = { pickup: LAGOS, destination: LAGOS, vehicleClass: 'bakkie' } as const
    const tariff = await getCurrentTariff(database.db.single, 'NG', 'bakkie')
    expect(await priceTrip(worldAt(noon), trip)).toEqual({
      market: 'NG',
      route: { distanceMeters: 12_345, durationSeconds: 1_559, isEstimated: false },
      tariffId: tariff.id,
      fare: { amountMinor: 25_350, currency: 'NGN' },
      isPeak: false,
      displayed: { distanceKm: 12.35, time: '25 min' },
    })
    // 17:00 UTC is 18:00 in Lagos.
    const atPeak = await priceTrip(worldAt(new Date('2026-11-24T17:00:00Z')), trip)
    expect([atPeak.isPeak, atPeak.fare.amountMinor]).toEqual([true, 38_025])
  })

  it('[PR10] the moment of the request decides, however long the router takes', async () => {
    let now = new Date('2026-11-24T16:59:59Z')
    const slow: Router = {
      route: (...way) => {
        now = new Date('2026-11-24T17:00:03Z')
        return fixedRouter(1000, 60).route(...way)
      },
    }
    const world = { ...worldAt(now, slow), clock: { now: () => now } }
    expect(
      (await priceTrip(world, { pickup: LAGOS, destination: LAGOS, vehicleClass: 'bakkie' })).isPeak,
    ).toBe(false)
  })

  it('[PR10] an estimated route is priced and says that it is one', async () => {
    const trip = { pickup: ACCRA, destination: ACCRA, vehicleClass: 'motorbike' } as const
    const quote = await priceTrip(worldAt(noon, estimateRouter), trip)
    expect(quote.route).toEqual({ distanceMeters: 10, durationSeconds: 1, isEstimated: true })
    // GHS 50 + 0.01 km × GHS 10 + 1 sec × GHS 2 a minute = 5013.33 pesewas.
    expect(quote.fare).toEqual({ amountMinor: 5_013, currency: 'GHS' })
    expect(quote.displayed.distanceKm).toBe(0.01)
  })

  it('[PR7] the pickup decides the market, the default market where there is none', async () => {
    const crossBorder = await priceTrip(worldAt(noon), {
      pickup: ACCRA,
      destination: LAGOS,
      vehicleClass: 'bakkie',
    })
    expect([crossBorder.market, crossBorder.fare.currency]).toEqual(['GH', 'GHS'])
    const outside = await priceTrip(worldAt(noon), {
      pickup: MASERU,
      destination: ACCRA,
      vehicleClass: 'bakkie',
    })
    expect([outside.market, outside.fare.currency]).toEqual(['KE', 'KES'])
  })
})

describe('getCurrentTariff', () => {
  it('[PR1] every market has a tariff for every class from the start', async () => {
    for (const market of MARKETS) {
      for (const vehicleClass of VEHICLE_CLASSES) {
        const tariff = await getCurrentTariff(database.db.single, market, vehicleClass)
        expect(tariff).toMatchObject({
          market,
          vehicleClass,
          version: 1,
          peakFromMinute: 1080,
          peakToMinute: 360,
        })
      }
    }
  })

  it('[PR9] the newest tariff prices, and an earlier quote keeps the one that priced it', async () => {
    const trip = { pickup: ACCRA, destination: ACCRA, vehicleClass: 'truck-8t' } as const
    const before = await priceTrip(worldAt(noon), trip)
    await addTariff(1, 3)
    await addTariff(2, 2)
    const after = await priceTrip(worldAt(noon), trip)
    expect(after.tariffId).not.toBe(before.tariffId)
    expect(after.fare).toEqual({ amountMinor: 112, currency: 'GHS' })
    expect(await getCurrentTariff(database.db.single, 'GH', 'truck-8t')).toMatchObject({
      version: 3,
      peakPercent: 200,
      peakFromMinute: 17 * 60 + 30,
      peakToMinute: 5 * 60 + 15,
    })
    const kept = await database.db.single
      .selectFrom('tariff')
      .select('per_km_minor')
      .where('id', '=', before.tariffId)
      .executeTakeFirst()
    expect(kept?.per_km_minor).toBe(1_000)
  })
})
