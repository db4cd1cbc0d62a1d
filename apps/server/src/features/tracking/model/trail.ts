import {
  distanceMeters,
  type DriverId,
  type Point,
  type Reading,
  type TripId,
} from '../../../kernel/index.ts'

/** A reading on its way to the database. */
export type TrailPoint = Point & {
  readonly driverId: DriverId
  /** Undefined for late ones: whose they are shows when they are written. */
  readonly tripId: TripId | undefined
  readonly session: string
  readonly n: number
  readonly takenAt: number
  readonly receivedAt: number
  readonly accuracyMeters: number | undefined
  readonly headingDegrees: number | undefined
  readonly speedMps: number | undefined
}

/** Who worked on what, and when; see `findTripSpans`. */
export type Span = {
  readonly tripId: TripId
  readonly driverId: DriverId
  readonly requestedOn: string
  readonly acceptedAt: Date
  readonly endedAt: Date | null
}

export type OwnedPoint = TrailPoint & { readonly tripId: TripId; readonly requestedOn: string }

/** Who stands still writes one point in so long, */
const STILL_MS = 60_000
/** and this is standing still; a reading that is less exact than that has to be further away. */
const STEP_METERS = 50
const MAX_STEP_METERS = 200

/** Whether the trail would be poorer without it, the last one that was kept being `last`. */
export function isWorthKeeping(
  last: (Point & { readonly takenAt: number }) | undefined,
  next: Reading,
  takenAt: number,
): boolean {
  if (!last || Math.abs(takenAt - last.takenAt) >= STILL_MS) return true
  const step = Math.max(STEP_METERS, Math.min(next.accuracyMeters ?? 0, MAX_STEP_METERS))
  return distanceMeters(last, next) >= step
}

/** As it goes into the trail. Its number is one that the same reading has again when it is sent again. */
export function toTrailPoint(
  of: { readonly driverId: DriverId; readonly tripId: TripId | undefined },
  reading: Reading,
  times: { readonly takenAt: number; readonly receivedAt: number },
): TrailPoint {
  const { session, n } = reading
  const isNumbered = session !== undefined && n !== undefined
  return {
    driverId: of.driverId,
    tripId: of.tripId,
    session: isNumbered ? session : '',
    n: isNumbered ? n : (reading.deviceAt ?? times.receivedAt),
    takenAt: times.takenAt,
    receivedAt: times.receivedAt,
    latitude: reading.latitude,
    longitude: reading.longitude,
    accuracyMeters: reading.accuracyMeters,
    headingDegrees: reading.headingDegrees,
    speedMps: reading.speedMps,
  }
}

/**
 * Gives each point its trip; those of no trip, or of what was over, are left out. A driver is nobody's business before he has
 * accepted and after the end.
 */
export function withTrips(points: readonly TrailPoint[], spans: readonly Span[]): OwnedPoint[] {
  const byTrip = new Map(spans.map((span) => [span.tripId, span]))
  const byDriver = new Map<DriverId, Span[]>()
  for (const span of spans) byDriver.set(span.driverId, [...(byDriver.get(span.driverId) ?? []), span])
  return points.flatMap((point) => {
    const span = point.tripId
      ? byTrip.get(point.tripId)
      : byDriver.get(point.driverId)?.find((each) => isWithin(each, point))
    if (span?.driverId !== point.driverId || !isBeforeEnd(span, point)) return []
    return [{ ...point, tripId: span.tripId, requestedOn: span.requestedOn }]
  })
}

const isWithin = (span: Span, point: TrailPoint): boolean =>
  span.acceptedAt.getTime() <= point.takenAt && isBeforeEnd(span, point)

const isBeforeEnd = ({ endedAt }: Span, { takenAt, receivedAt }: TrailPoint): boolean =>
  endedAt === null || Math.min(takenAt, receivedAt) <= endedAt.getTime()

/** Along the points, in their order. */
export function lengthMeters(points: readonly Point[]): number {
  let meters = 0
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before) meters += distanceMeters(before, point)
  }
  return Math.round(meters)
}

/** At most `count` of them, evenly; the first and the last are always there. */
export function thinTo<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items
  const kept = new Set(
    Array.from({ length: count }, (_, n) => Math.round((n * (items.length - 1)) / (count - 1))),
  )
  return items.filter((_, index) => kept.has(index))
}
