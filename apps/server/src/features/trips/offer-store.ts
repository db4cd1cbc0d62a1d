import type { TripStatus } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import {
  newId,
  Refusal,
  type CustomerId,
  type DriverId,
  type OfferId,
  type Point,
  type TripId,
} from '../../kernel/index.ts'
import { isOneOf, violatedConstraint, type Schema, type Tx } from '../../platform/database/index.ts'
import type { Offer } from './model/offer.ts'
import type { Trip } from './model/trip.ts'
import { activeStatuses, toTrip } from './trip-store.ts'

type Row = Selectable<Schema['offer']>

const toOffer = (row: Row): Offer => ({
  id: row.id,
  tripId: row.trip_id,
  driverId: row.driver_id,
  state: row.state,
  expiresAt: row.expires_at,
})

/** Opens an offer that lives `lifetimeSeconds` by the database's clock; one per driver and one per trip. */
export async function insertOffer(
  tx: Tx,
  tripId: TripId,
  driverId: DriverId,
  lifetimeSeconds: number,
): Promise<Offer> {
  try {
    const row = await tx
      .insertInto('offer')
      .values({
        id: newId<OfferId>(),
        trip_id: tripId,
        driver_id: driverId,
        // One more than drivers who took it and were taken off it again.
        round: sql<number>`(select count(*) + 1 from offer where trip_id = ${tripId} and state = 'accepted')`,
        expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${lifetimeSeconds})`,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return toOffer(row)
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'offer_one_open_driver') throw new Refusal('driver-unavailable')
    if (constraint === 'offer_one_open_trip') throw new Refusal('offer-pending')
    if (constraint === 'offer_needs_payment') throw new Refusal('payment-missing')
    throw error
  }
}

/** The trip's open offer, if its time is not over. */
export const findOpenOffer = async (tx: Tx, tripId: TripId): Promise<Offer | undefined> =>
  (await findOpenOffers(tx, [tripId]))[0]

/** The open offers of these trips whose time is not over; a trip has at most one. */
export async function findOpenOffers(tx: Tx, tripIds: readonly TripId[]): Promise<Offer[]> {
  const { rows } = await sql<Row>`
    select * from offer
    where ${isOneOf('trip_id', tripIds)} and state = 'open' and expires_at > clock_timestamp()`.execute(tx)
  return rows.map(toOffer)
}

/** The offer a driver still has to answer. */
export async function findOpenOfferOfDriver(tx: Tx, driverId: DriverId): Promise<Offer | undefined> {
  const row = await tx
    .selectFrom('offer')
    .selectAll()
    .where('driver_id', '=', driverId)
    .where('state', '=', 'open')
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst()
  return row && toOffer(row)
}

/** The driver's latest offer of this trip, ended or not. */
export async function findOfferOfTrip(
  tx: Tx,
  tripId: TripId,
  driverId: DriverId,
): Promise<Offer | undefined> {
  const row = await tx
    .selectFrom('offer')
    .selectAll()
    .where('trip_id', '=', tripId)
    .where('driver_id', '=', driverId)
    .orderBy('opened_at', 'desc')
    .executeTakeFirst()
  return row && toOffer(row)
}

/** Locks the trip that this offer of this driver hangs on; the offer itself is locked by the write that decides. */
export async function lockTripOfOffer(tx: Tx, offerId: OfferId, driverId: DriverId): Promise<Trip> {
  const { rows } = await sql<Selectable<Schema['trip']>>`
    select * from trip
    where id = (select trip_id from offer where id = ${offerId} and driver_id = ${driverId})
    for update`.execute(tx)
  if (!rows[0]) throw new Refusal('not-found')
  return toTrip(rows[0])
}

/**
 * The one statement that decides an accept: the offer is open, its time is not over at this moment, and the trip
 * still waits. Undefined when it lost; the caller must roll back, since half of it may have been written.
 */
export async function acceptOfferAndTrip(
  tx: Tx,
  offerId: OfferId,
  driverId: DriverId,
): Promise<{ trip: Trip; answeredAfterSeconds: number } | undefined> {
  try {
    const { rows } = await sql<Selectable<Schema['trip']> & { answered_after: number }>`
      with won as (
        update offer set state = 'accepted', ended_at = clock_timestamp()
        where id = ${offerId} and driver_id = ${driverId} and state = 'open' and clock_timestamp() < expires_at
        returning trip_id, driver_id, opened_at)
      update trip set status = 'accepted', driver_id = won.driver_id, version = version + 1, changed_by = 'driver'
      from won
      where trip.id = won.trip_id and trip.status = 'pending'
      returning trip.*, extract(epoch from clock_timestamp() - won.opened_at)::float8 as answered_after`.execute(
      tx,
    )
    return rows[0] && { trip: toTrip(rows[0]), answeredAfterSeconds: rows[0].answered_after }
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'trip_one_active_driver') throw new Refusal('driver-busy')
    if (constraint === 'offer_one_accept' || constraint === 'accept_needs_payment') return undefined
    throw error
  }
}

/** Ends an open offer whose time is not over; undefined when something else has ended it. */
export async function rejectOpenOffer(
  tx: Tx,
  offerId: OfferId,
): Promise<{ offer: Offer; answeredAfterSeconds: number } | undefined> {
  const row = await tx
    .updateTable('offer')
    .set({ state: 'rejected', ended_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', offerId)
    .where('state', '=', 'open')
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returningAll()
    .executeTakeFirst()
  if (!row?.ended_at) return undefined
  const answeredAfterSeconds = (row.ended_at.getTime() - row.opened_at.getTime()) / 1000
  return { offer: toOffer(row), answeredAfterSeconds }
}

/** Takes the trip's open offer back, due or not. */
export async function withdrawOpenOffer(tx: Tx, tripId: TripId): Promise<Offer | undefined> {
  const row = await tx
    .updateTable('offer')
    .set({ state: 'withdrawn', ended_at: sql<Date>`clock_timestamp()` })
    .where('trip_id', '=', tripId)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst()
  return row && toOffer(row)
}

export type ExpiredOffer = Offer & { readonly customerId: CustomerId }

/**
 * Expires offers that are due, up to `limit`. Trips are locked first, like everywhere; those that somebody holds
 * right now are left to the holder or to the next sweep.
 */
export async function expireDueOffers(tx: Tx, limit: number): Promise<ExpiredOffer[]> {
  const due = await sql<{ id: TripId }>`
    select t.id from offer as o join trip as t on t.id = o.trip_id
    where o.state = 'open' and o.expires_at <= clock_timestamp()
    order by t.id limit ${limit} for update of t skip locked`.execute(tx)
  if (due.rows.length === 0) return []

  const { rows } = await sql<Row & { customer_id: CustomerId }>`
    update offer as o set state = 'expired', ended_at = clock_timestamp()
    from trip as t
    where t.id = o.trip_id and t.id = any(${due.rows.map((row) => row.id)}::uuid[])
      and o.state = 'open' and o.expires_at <= clock_timestamp()
    returning o.*, t.customer_id`.execute(tx)
  return rows.map((row) => ({ ...toOffer(row), customerId: row.customer_id }))
}

/** Milliseconds until the next open offer is due, by the database's clock; undefined when none is open. */
export async function untilNextDue(tx: Tx): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from min(expires_at) - clock_timestamp())::float8 * 1000 as ms
    from offer where state = 'open'`.execute(tx)
  return rows[0]?.ms ?? undefined
}

/** `isActive`: by a trip that he has accepted, not only by an offer. */
export type Engagement = {
  readonly driverId: DriverId
  readonly customerId: CustomerId
  readonly tripId: TripId
  readonly isActive: boolean
  readonly status: TripStatus
  readonly pickup: Point
  readonly destination: Point
  /** Null unless active. */
  readonly acceptedAt: Date | null
}

/** The customer each of these drivers is engaged with by an open offer or an active trip. */
export async function findEngagements(tx: Tx, driverIds: readonly DriverId[]): Promise<Engagement[]> {
  const { rows } = await sql<
    Selectable<Schema['trip']> & { busy_driver: DriverId; accepted_at: Date | null }
  >`
    select t.*, o.driver_id as busy_driver, null::timestamptz as accepted_at
    from offer as o join trip as t on t.id = o.trip_id
    where o.state = 'open' and ${isOneOf('o.driver_id', driverIds)}
    union all
    select t.*, t.driver_id, (select max(at) from trip_event where trip_id = t.id and to_status = 'accepted')
    from trip as t
    where ${isOneOf('t.driver_id', driverIds)}
      and t.status in (${activeStatuses})`.execute(tx)
  return rows.map((row) => {
    const { id, customerId, status, pickup, destination } = toTrip(row)
    const isActive = row.accepted_at !== null
    return {
      driverId: row.busy_driver,
      customerId,
      tripId: id,
      isActive,
      status,
      pickup,
      destination,
      acceptedAt: row.accepted_at,
    }
  })
}
