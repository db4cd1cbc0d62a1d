import type { TripConcern } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import type { TripId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'
import type { Trip } from './model/trip.ts'
import { activeStatuses, toTrip } from './trip-store.ts'

type Row = Selectable<Schema['trip']>

/** Every trip that a driver is at work on. */
export async function findTripsUnderWay(tx: Tx): Promise<Trip[]> {
  const { rows } = await sql<Row>`select * from trip where status in (${activeStatuses})`.execute(tx)
  return rows.map(toTrip)
}

export type ConcernChange = {
  readonly trip: Pick<Trip, 'id' | 'version'>
  readonly concern: TripConcern | undefined
}

/**
 * Notes what worries us now, or that it no longer does, where the trip is still at the version that was looked at and
 * nobody holds it right now; answers those that changed.
 */
export async function saveConcerns(tx: Tx, changes: readonly ConcernChange[]): Promise<Trip[]> {
  const ids = changes.map(({ trip }) => trip.id)
  const versions = changes.map(({ trip }) => trip.version)
  const concerns = changes.map(({ concern }) => concern ?? null)
  const { rows } = await sql<Row>`
    with wanted as (
      select id, version, concern
      from unnest(${ids}::uuid[], ${versions}::int[], ${concerns}::text[]) as change (id, version, concern)),
    held as (
      select t.id from trip as t join wanted using (id, version)
      where t.concern is distinct from wanted.concern
      order by t.id for update of t skip locked)
    update trip as t set concern = wanted.concern,
                         concern_at = case when wanted.concern is not null then clock_timestamp() end
    from wanted join held using (id)
    where t.id = wanted.id
    returning t.*`.execute(tx)
  return rows.map(toTrip)
}

/** Trips that worry us, longest first. */
export async function findConcerns(tx: Tx, limit: number): Promise<Trip[]> {
  const { rows } = await sql<Row>`
    select * from trip where concern is not null order by concern_at limit ${limit}`.execute(tx)
  return rows.map(toTrip)
}

/** Trips whose driver has been dark for so long on the way to the pickup. */
export async function findAbandoned(tx: Tx, minutes: number, limit: number): Promise<TripId[]> {
  const { rows } = await sql<{ id: TripId }>`
    select id from trip
    where concern = 'dark' and concern_at < clock_timestamp() - make_interval(mins => ${minutes})
      and status in ('accepted', 'en_route')
    order by concern_at limit ${limit}`.execute(tx)
  return rows.map(({ id }) => id)
}
