import { sql } from 'kysely'
import type { DriverId, Point, TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { OwnedPoint } from './model/trail.ts'

/** Makes the partitions of these days, where they are missing. */
export async function openTrailDays(tx: Tx, days: readonly string[]): Promise<void> {
  await sql`select trip_trail_open(${days}::date[])`.execute(tx)
}

/** Makes today's partition and those of the next days; drops what is older than that, and answers how many. */
export async function turnTrailDays(tx: Tx, keptDays: number): Promise<number> {
  const today = sql`(clock_timestamp() at time zone 'UTC')::date`
  await sql`select trip_trail_open(array(select ${today} + n from generate_series(0, 2) as n))`.execute(tx)
  const { rows } = await sql<{ dropped: number }>`
    select trip_trail_drop(${today} - ${keptDays}::integer) as dropped`.execute(tx)
  return rows[0]?.dropped ?? 0
}

/** Writes the points that are not there yet and answers how many those were. Their days are open. */
export async function insertTrail(tx: Tx, points: readonly OwnedPoint[]): Promise<number> {
  const column = <T>(of: (point: OwnedPoint) => T): T[] => points.map(of)
  const { numAffectedRows } = await sql`
    insert into trip_trail (requested_on, trip_id, driver_id, session, n, taken_at, received_at, latitude, longitude,
                            accuracy_meters, heading_degrees, speed_mps)
    select day, trip, driver, session, n, to_timestamp(taken / 1000), to_timestamp(received / 1000), latitude, longitude,
           accuracy, heading, speed
    from unnest(${column((each) => each.requestedOn)}::date[], ${column((each) => each.tripId)}::uuid[],
                ${column((each) => each.driverId)}::uuid[], ${column((each) => each.session)}::text[],
                ${column((each) => each.n)}::bigint[],
                ${column((each) => each.takenAt)}::float8[], ${column((each) => each.receivedAt)}::float8[],
                ${column((each) => each.latitude)}::float8[], ${column((each) => each.longitude)}::float8[],
                ${column((each) => each.accuracyMeters ?? null)}::real[],
                ${column((each) => each.headingDegrees ?? null)}::real[],
                ${column((each) => each.speedMps ?? null)}::real[])
      as p (day, trip, driver, session, n, taken, received, latitude, longitude, accuracy, heading, speed)
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export type TrailRow = Point & {
  readonly takenAt: Date
  readonly accuracyMeters: number | null
  readonly headingDegrees: number | null
  readonly speedMps: number | null
}

/** More than a trip of days has. */
const MAX_READ = 50_000

/** What is known of the driver's way on this trip, oldest first. */
export async function findTrail(
  tx: Tx,
  of: { readonly tripId: TripId; readonly requestedOn: string; readonly driverId: DriverId },
): Promise<TrailRow[]> {
  const { rows } = await sql<TrailRow>`
    select latitude, longitude, taken_at as "takenAt", accuracy_meters as "accuracyMeters",
           heading_degrees as "headingDegrees", speed_mps as "speedMps"
    from trip_trail
    where requested_on = ${of.requestedOn}::date and trip_id = ${of.tripId} and driver_id = ${of.driverId}
    order by taken_at, session, n
    limit ${MAX_READ}`.execute(tx)
  return rows
}
