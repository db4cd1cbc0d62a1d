import { sql } from 'kysely'
import type { Offer } from '../../src/features/trips/model/offer.ts'
import { offerOpened } from '../../src/features/trips/trip-news.ts'
import { newId, type CustomerId, type DriverId, type OfferId, type TripId } from '../../src/kernel/index.ts'
import type { Tx } from '../../src/platform/database/index.ts'
import { insertNews } from '../../src/platform/news-table.ts'
import { JOHANNESBURG, type World } from '../world.ts'

/** Someone who wants a trip. */
export type Ride = { readonly customerId: CustomerId; readonly tripId: TripId }

export const newRide = (customerId = newId<CustomerId>()): Ride => ({ customerId, tripId: newId<TripId>() })

/** Adds the rides' customers and paid pending trips and approved drivers, who are online; a statement per table. */
export async function addRides(
  world: World,
  tx: Tx,
  rides: readonly Ride[],
  drivers: readonly DriverId[],
): Promise<void> {
  const customers = [...new Set(rides.map((ride) => ride.customerId))]
  await sql`
    insert into account (id, role, email, email_key, password_hash, verified_at)
    select id, role, id || '@example.org', id || '@example.org', 'no password', clock_timestamp()
    from (select unnest(${customers}::uuid[]) as id, 'customer' as role
          union all select unnest(${drivers}::uuid[]), 'driver') as people`.execute(tx)
  await sql`
    insert into driver (account_id, vehicle_class, vehicle_registration, load_capacity_kg, approved_at)
    select id, 'bakkie', id::text, 1000, clock_timestamp() from unnest(${drivers}::uuid[]) as id`.execute(tx)
  await sql`
    insert into trip (id, customer_id, market, vehicle_class, pickup_address, destination_address, pickup_latitude,
      pickup_longitude, destination_latitude, destination_longitude, load_description, distance_meters,
      duration_seconds, route_is_estimated, tariff_id, fare_minor, currency, changed_by, quote_expires_at)
    select r.id, r.customer_id, 'ZA', 'bakkie', '1 Commissioner Street', '5 Rivonia Road', -26.2, 28, -26.1, 28, 'sofa',
      14000, 1500, true, tariff.id, 23000, 'ZAR', 'customer', clock_timestamp() + interval '30 minutes'
    from unnest(${rides.map((ride) => ride.tripId)}::uuid[], ${rides.map((ride) => ride.customerId)}::uuid[])
      as r (id, customer_id)
    join tariff on tariff.market = 'ZA' and tariff.vehicle_class = 'bakkie' and tariff.version = 1`.execute(
    tx,
  )
  await sql`
    insert into payment (id, trip_id, method, amount_minor, currency)
    select gen_random_uuid(), id, 'cash', 23000, 'ZAR' from unnest(${rides.map((ride) => ride.tripId)}::uuid[]) as id`.execute(
    tx,
  )
  for (const driver of drivers) world.platform.positions.report(driver, { ...JOHANNESBURG, at: Date.now() })
}

export type OpenOffer = { readonly ride: Ride; readonly driverId: DriverId; readonly lifetimeMs: number }

/** Opens many offers at once, told like single ones; each takes its customer's first place. */
export async function openOffers(tx: Tx, wanted: readonly OpenOffer[]): Promise<OfferId[]> {
  const offers = wanted.map((offer): Offer & { lifetimeMs: number } => ({
    id: newId<OfferId>(),
    tripId: offer.ride.tripId,
    driverId: offer.driverId,
    state: 'open',
    expiresAt: new Date(0),
    lifetimeMs: offer.lifetimeMs,
  }))
  await sql`update trip set slot = 0 where id = any(${offers.map((offer) => offer.tripId)}::uuid[])`.execute(
    tx,
  )
  await insertNews(tx, offers.flatMap(offerOpened))
  // Last, so that lifetimes count from about the commit.
  await sql`
    insert into offer (id, trip_id, driver_id, expires_at)
    select id, trip_id, driver_id, clock_timestamp() + make_interval(secs => lifetime / 1000)
    from unnest(${offers.map((offer) => offer.id)}::uuid[], ${offers.map((offer) => offer.tripId)}::uuid[],
      ${offers.map((offer) => offer.driverId)}::uuid[], ${offers.map((offer) => offer.lifetimeMs)}::float8[])
      as o (id, trip_id, driver_id, lifetime)`.execute(tx)
  return offers.map((offer) => offer.id)
}
