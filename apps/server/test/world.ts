import type { VehicleClass } from '@toota/contract'
import { pino } from 'pino'
import { findOfferOfTrip } from '../src/features/trips/offer-store.ts'
import { offerTrip, payInCash, requestTrip, type Trip } from '../src/features/trips/index.ts'
import {
  newId,
  type CustomerId,
  type DriverId,
  type OfferId,
  type Point,
  type TripId,
} from '../src/kernel/index.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { DatabaseOptions } from '../src/platform/database/index.ts'
import { createMailOutbox } from '../src/platform/mail-table.ts'
import { createNewsDesk } from '../src/platform/news-desk.ts'
import { createPasswords } from '../src/platform/passwords.ts'
import type { Platform, Settings } from '../src/platform/platform.ts'
import { createMemoryPositions } from '../src/platform/positions-memory.ts'
import { estimateRouter } from '../src/platform/router-estimate.ts'
import { createTokens } from '../src/platform/tokens.ts'
import { createTestDatabase } from './test-database.ts'

export const JOHANNESBURG: Point = { latitude: -26.2041, longitude: 28.0473 }
export const SANDTON: Point = { latitude: -26.1076, longitude: 28.0567 }

export const TEST_SETTINGS: Settings = {
  isDebug: true,
  secretKey: 'a-secret-key-of-tests-that-is-long-enough',
  defaultMarket: 'ZA',
  otpValidityMinutes: 60,
  offerTimeoutSeconds: 30,
  driverApproval: 'auto',
  maxOpenTrips: 10,
  maxSocketsPerAccount: 20,
  contactsFrom: 'offer',
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** A platform on a database of its own, and people in it: real everything, only without a network edge. */
export async function createWorld(
  options: { settings?: Partial<Settings>; database?: Partial<DatabaseOptions> } = {},
) {
  const { db, url, drop } = await createTestDatabase(options.database)
  const faults: unknown[] = []
  const news = createNewsDesk(db, (error) => faults.push(error))
  const settings = { ...TEST_SETTINGS, ...options.settings }
  const platform: Platform = {
    db,
    clock: systemClock,
    positions: createMemoryPositions((error) => faults.push(error)),
    news,
    mail: createMailOutbox(),
    router: estimateRouter,
    passwords: createPasswords(),
    tokens: createTokens(settings.secretKey),
    log: pino({ level: 'silent' }),
    settings,
  }

  const addAccount = async (role: 'customer' | 'driver'): Promise<CustomerId | DriverId> => {
    const id = newId<CustomerId>()
    const email = `${role}-${id}@example.org`
    await db.single
      .insertInto('account')
      .values({
        id,
        role,
        email,
        email_key: email,
        password_hash: 'no password',
        first_name: role === 'driver' ? 'Dumisani' : 'Thandi',
        last_name: 'Nkosi',
        phone: `+27${String(phones++).padStart(9, '0')}`,
        verified_at: new Date(),
      })
      .execute()
    return id
  }
  let phones = 820_000_000

  return {
    platform,
    db,
    url,
    news,
    faults,

    addCustomer: async () => (await addAccount('customer')) as CustomerId,

    /** An approved driver, online at `at` unless it is null. */
    async addDriver({
      vehicleClass = 'bakkie' as VehicleClass,
      at = JOHANNESBURG as Point | null,
      isApproved = true,
    } = {}) {
      const id = (await addAccount('driver')) as DriverId
      await db.single
        .insertInto('driver')
        .values({
          account_id: id,
          vehicle_class: vehicleClass,
          vehicle_registration: id.slice(0, 13),
          load_capacity_kg: 1000,
          approved_at: isApproved ? new Date() : null,
        })
        .execute()
      if (at) platform.positions.report(id, { ...at, at: Date.now() })
      return id
    },

    /** A pending trip from Johannesburg to Sandton, to be paid in cash. */
    async requestTrip(customerId: CustomerId, vehicleClass: VehicleClass = 'bakkie'): Promise<Trip> {
      const trip = await requestTrip(platform, customerId, {
        pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
        destination: { ...SANDTON, address: '5 Rivonia Road' },
        vehicleClass,
        loadDescription: 'two sofas',
      })
      await payInCash(platform, customerId, trip.id)
      return trip
    },

    /** Holds the trip out to the driver and answers with the offer's id. */
    async offer(customerId: CustomerId, tripId: TripId, driverId: DriverId): Promise<OfferId> {
      await offerTrip(platform, customerId, tripId, driverId)
      const offer = await findOfferOfTrip(db.single, tripId, driverId)
      if (!offer) throw new Error('no offer was opened')
      return offer.id
    },

    close: drop,
  }
}
