import type { VehicleClass } from '@toota/contract'
import { choosePayment } from '../src/features/payments/index.ts'
import { offerTrip, requestTrip, type Trip } from '../src/features/trips/index.ts'
import { findOfferOfTrip } from '../src/features/trips/offer-store.ts'
import {
  newId,
  type AccountId,
  type CustomerId,
  type DriverId,
  type OfferId,
  type Point,
  type SessionId,
  type TripId,
} from '../src/kernel/index.ts'
import type { Platform } from '../src/platform/platform.ts'

export const JOHANNESBURG: Point = { latitude: -26.2041, longitude: 28.0473 }
export const SANDTON: Point = { latitude: -26.1076, longitude: 28.0567 }

type DriverOptions = { vehicleClass?: VehicleClass; at?: Point | null; isApproved?: boolean }

/** Customers, drivers and trips on a platform, without the detour over sign-up and KYC. */
export function createPeople(platform: Platform) {
  const { db } = platform
  let phones = 820_000_000

  const addAccount = async (role: 'customer' | 'driver'): Promise<AccountId> => {
    const id = newId<AccountId>()
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
        phone: `+27${phones++}`,
        verified_at: new Date(),
      })
      .execute()
    return id
  }

  return {
    addCustomer: async () => (await addAccount('customer')) as CustomerId,

    /** An approved driver, online at `at` unless it is null. */
    async addDriver({
      vehicleClass = 'bakkie',
      at = JOHANNESBURG,
      isApproved = true,
    }: DriverOptions = {}): Promise<DriverId> {
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

    /** A driver's account without a name and without an application. */
    async addApplicant(): Promise<DriverId> {
      const id = (await addAccount('driver')) as DriverId
      await db.single
        .updateTable('account')
        .set({ first_name: null, last_name: null })
        .where('id', '=', id)
        .execute()
      return id
    },

    /** An access token of a session of its own. */
    async signIn(accountId: AccountId): Promise<string> {
      const sessionId = newId<SessionId>()
      await db.single
        .insertInto('session')
        .values({ id: sessionId, account_id: accountId, expires_at: new Date(Date.now() + 86_400_000) })
        .execute()
      return platform.tokens.issue('access', { accountId, sessionId }, new Date())
    },

    /** A pending trip from Johannesburg to Sandton, to be paid in cash. */
    async requestTrip(customerId: CustomerId, vehicleClass: VehicleClass = 'bakkie'): Promise<Trip> {
      const trip = await requestTrip(platform, customerId, {
        pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
        destination: { ...SANDTON, address: '5 Rivonia Road' },
        vehicleClass,
        loadDescription: 'two sofas',
      })
      await choosePayment(platform, customerId, trip.id, 'cash')
      return trip
    },

    /** Holds the trip out to the driver and answers with the offer's id. */
    async offer(customerId: CustomerId, tripId: TripId, driverId: DriverId): Promise<OfferId> {
      await offerTrip(platform, customerId, tripId, driverId)
      const offer = await findOfferOfTrip(db.single, tripId, driverId)
      if (!offer) throw new Error('no offer was opened')
      return offer.id
    },
  }
}
