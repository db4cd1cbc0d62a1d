import type { Actor, TripStatus } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import { Refusal, type AccountId, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import { ACTIVE_STATUSES, MAX_QUOTES, QUOTE_LIFETIME_MINUTES, type Trip } from './model/trip.ts'

type Row = Selectable<Schema['trip']>

export const toTrip = (row: Row): Trip => ({
  id: row.id,
  customerId: row.customer_id,
  driverId: row.driver_id,
  market: row.market,
  vehicleClass: row.vehicle_class,
  pickup: { address: row.pickup_address, latitude: row.pickup_latitude, longitude: row.pickup_longitude },
  destination: {
    address: row.destination_address,
    latitude: row.destination_latitude,
    longitude: row.destination_longitude,
  },
  loadDescription: row.load_description,
  distanceMeters: row.distance_meters,
  durationSeconds: row.duration_seconds,
  isRouteEstimated: row.route_is_estimated,
  tariffId: row.tariff_id,
  fare: { amountMinor: row.fare_minor, currency: row.currency },
  status: row.status,
  version: row.version,
  concern: row.concern && row.concern_at && { kind: row.concern, noticedAt: row.concern_at },
  createdAt: row.created_at,
})

/** A quote's end, by the database's clock. */
const quoteEnd = () => sql<Date>`clock_timestamp() + make_interval(mins => ${QUOTE_LIFETIME_MINUTES})`

export type NewTrip = Omit<Trip, 'driverId' | 'status' | 'version' | 'concern' | 'createdAt'>

export async function insertTrip(tx: Tx, trip: NewTrip): Promise<Trip> {
  const row = await tx
    .insertInto('trip')
    .values({
      id: trip.id,
      customer_id: trip.customerId,
      market: trip.market,
      vehicle_class: trip.vehicleClass,
      pickup_address: trip.pickup.address,
      pickup_latitude: trip.pickup.latitude,
      pickup_longitude: trip.pickup.longitude,
      destination_address: trip.destination.address,
      destination_latitude: trip.destination.latitude,
      destination_longitude: trip.destination.longitude,
      load_description: trip.loadDescription,
      distance_meters: trip.distanceMeters,
      duration_seconds: trip.durationSeconds,
      route_is_estimated: trip.isRouteEstimated,
      tariff_id: trip.tariffId,
      fare_minor: trip.fare.amountMinor,
      currency: trip.fare.currency,
      changed_by: 'customer',
      quote_expires_at: quoteEnd(),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toTrip(row)
}

export async function findTrip(tx: Tx, tripId: TripId): Promise<Trip | undefined> {
  const row = await tx.selectFrom('trip').selectAll().where('id', '=', tripId).executeTakeFirst()
  return row && toTrip(row)
}

/** An account's own trips, newest first, after the one that `cursor` names; a cursor that is not his finds nothing. */
export async function findTripsOf(
  tx: Tx,
  { role, accountId }: { readonly role: 'customer' | 'driver'; readonly accountId: AccountId },
  page: { limit: number; cursor?: TripId | undefined; status?: TripStatus | undefined },
): Promise<Trip[]> {
  const { rows } = await sql<Row>`
    select t.* from trip as t
    where t.${sql.ref(role === 'driver' ? 'driver_id' : 'customer_id')} = ${accountId}
      and (${page.status ?? null}::text is null or t.status = ${page.status ?? null})
      and (${page.cursor ?? null}::uuid is null or (t.created_at, t.id) < (
        select c.created_at, c.id from trip as c
        where c.id = ${page.cursor ?? null} and c.${sql.ref(role === 'driver' ? 'driver_id' : 'customer_id')} = ${accountId}))
    order by t.created_at desc, t.id desc limit ${page.limit}`.execute(tx)
  return rows.map(toTrip)
}

/** An account's own trips that are not over, newest first. */
export async function findOpenTripsOf(
  tx: Tx,
  { role, accountId }: { readonly role: 'customer' | 'driver'; readonly accountId: AccountId },
): Promise<Trip[]> {
  const { rows } = await sql<Row>`
    select * from trip
    where ${sql.ref(role === 'driver' ? 'driver_id' : 'customer_id')} = ${accountId}
      and status not in ('completed', 'cancelled', 'expired')
    order by created_at desc, id desc`.execute(tx)
  return rows.map(toTrip)
}

/** The trip under its row lock: taken before anything that hangs on it (offer, payment, stream). */
export async function lockTrip(tx: Tx, tripId: TripId): Promise<Trip> {
  const row = await tx.selectFrom('trip').selectAll().where('id', '=', tripId).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return toTrip(row)
}

export type StatusChange = {
  readonly to: TripStatus
  readonly by: Actor
  readonly reason?: string | undefined
}

/** Saves a change of status if the trip is still at the version it was read at. */
export async function saveStatus(tx: Tx, trip: Trip, change: StatusChange): Promise<Trip> {
  const isEnd = change.to === 'completed' || change.to === 'cancelled' || change.to === 'expired'
  const row = await tx
    .updateTable('trip')
    .set({
      status: change.to,
      version: trip.version + 1,
      changed_by: change.by,
      reason: change.reason ?? null,
      ...(isEnd && { slot: null, ended_at: sql<Date>`clock_timestamp()` }),
    })
    .where('id', '=', trip.id)
    .where('version', '=', trip.version)
    .returningAll()
    .executeTakeFirst()
  // The caller holds the row lock, so another version can only be a defect of ours.
  if (!row) throw new Error(`trip ${trip.id} moved on under its lock`)
  return toTrip(row)
}

/** Back to a quote without a driver, which lives on as after an offer. */
export async function saveRelease(
  tx: Tx,
  trip: Trip,
  { by, reason }: { readonly by: Actor; readonly reason: string },
): Promise<Trip> {
  const row = await tx
    .updateTable('trip')
    .set({
      ...{ status: 'pending', driver_id: null, slot: null, version: trip.version + 1 },
      ...{ changed_by: by, reason, quote_expires_at: quoteEnd() },
    })
    .where('id', '=', trip.id)
    .where('version', '=', trip.version)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toTrip(row)
}

/** Takes one of the customer's places for open trips; refuses when all are taken. */
export async function takeSlot(tx: Tx, trip: Trip, maxOpenTrips: number): Promise<void> {
  // Two offers of one customer at once would both choose the lowest free place.
  await sql`select pg_advisory_xact_lock(hashtextextended(${trip.customerId}, 2))`.execute(tx)
  // How many places there are is written out: as a parameter PostgreSQL plans this statement anew each time.
  const { rows } = await sql<{ slot: number | null }>`
    update trip set quote_expires_at = ${quoteEnd()}, slot = (
      select min(place) from generate_series(0, ${sql.lit(maxOpenTrips)} - 1) as place
      where not exists (select 1 from trip as other where other.customer_id = ${trip.customerId} and other.slot = place))
    where id = ${trip.id}
    returning slot`.execute(tx)
  if (rows[0]?.slot === null) throw new Refusal('too-many-open-trips')
}

/** The offer ended without a yes: the places are free again and the quotes live on. */
export async function releaseSlots(tx: Tx, tripIds: readonly TripId[]): Promise<void> {
  await tx
    .updateTable('trip')
    .set({ slot: null, quote_expires_at: quoteEnd() })
    .where('id', 'in', tripIds)
    .where('status', '=', 'pending')
    .execute()
}

/** Lapses what a customer has too many of, oldest first; quotes that somebody works on right now are left alone. */
export async function expireSurplusQuotes(tx: Tx, customerId: CustomerId): Promise<Trip[]> {
  return expireQuotes(
    tx,
    sql`t.id in (
    select id from trip where customer_id = ${customerId} and status = 'pending' and slot is null
    order by created_at desc, id offset ${MAX_QUOTES})`,
  )
}

/** Lapses quotes whose time is over, by the database's clock. */
export async function expireDueQuotes(tx: Tx, limit: number): Promise<Trip[]> {
  return expireQuotes(
    tx,
    sql`t.id in (
    select id from trip where status = 'pending' and slot is null and quote_expires_at <= clock_timestamp()
    order by quote_expires_at limit ${limit})`,
  )
}

async function expireQuotes(tx: Tx, which: ReturnType<typeof sql>): Promise<Trip[]> {
  const { rows } = await sql<Row>`
    update trip set status = 'expired', version = version + 1, changed_by = 'system', ended_at = clock_timestamp()
    where id in (select t.id from trip as t where ${which} and t.status = 'pending' and t.slot is null
                 order by t.id for update skip locked)
    returning *`.execute(tx)
  return rows.map(toTrip)
}

/** The active statuses as literals: with parameters PostgreSQL would not recognise its index of active trips. */
export const activeStatuses = sql.raw(ACTIVE_STATUSES.map((status) => `'${status}'`).join(', '))

/** Whether the driver is at work on a trip. Ask after inserting an offer: only then can no accept be in flight. */
export async function hasActiveTrip(tx: Tx, driverId: DriverId): Promise<boolean> {
  const { rows } = await sql`
    select 1 from trip where driver_id = ${driverId} and status in (${activeStatuses})`.execute(tx)
  return rows.length > 0
}
