import { sql } from 'kysely'
import type { DriverId, TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** From when until when a driver worked on a trip; without an end he still does. */
export type TripSpan = {
  readonly tripId: TripId
  readonly driverId: DriverId
  /** Of the request, by UTC: 2026-11-25. */
  readonly requestedOn: string
  readonly acceptedAt: Date
  readonly endedAt: Date | null
}

/** A trip is under way for days at most; this bounds what is looked at of a driver's history. */
const LONGEST_DAYS = 7

/** The spans of these trips, and those of these drivers that were not over at `since`. */
export async function findTripSpans(
  tx: Tx,
  asked: {
    readonly tripIds: readonly TripId[]
    readonly driverIds: readonly DriverId[]
    readonly since: Date
  },
): Promise<TripSpan[]> {
  const { rows } = await sql<TripSpan>`
    select t.id as "tripId", t.driver_id as "driverId", t.ended_at as "endedAt",
           to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD') as "requestedOn",
           coalesce((select max(at) from trip_event where trip_id = t.id and to_status = 'accepted'),
                    t.created_at) as "acceptedAt"
    from trip as t
    where t.driver_id is not null and t.id in (
      select unnest(${asked.tripIds}::uuid[])
      union
      select id from trip
      where driver_id = any(${asked.driverIds}::uuid[])
        and created_at > ${asked.since}::timestamptz - make_interval(days => ${LONGEST_DAYS})
        and (ended_at is null or ended_at >= ${asked.since}))`.execute(tx)
  return rows
}
