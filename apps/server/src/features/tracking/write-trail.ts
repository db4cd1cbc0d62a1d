import type { Platform } from '../../platform/platform.ts'
import { findTripSpans } from '../trips/index.ts'
import { withTrips } from './model/trail.ts'
import type { TrailBuffer } from './trail-buffer.ts'
import { insertTrail, openTrailDays } from './trail-store.ts'

const MAX_ROWS = 5_000
const PAUSE_MS = 1_000

type Written = Pick<Platform, 'db' | 'clock' | 'metrics' | 'settings'>

/** Writes what is due in one statement, and answers in how many milliseconds to look again. */
export async function writeTrail(platform: Written, trail: TrailBuffer): Promise<number> {
  const now = platform.clock.now().getTime()
  if (!trail.isDue(now)) return PAUSE_MS
  await writeBatch(platform, trail)
  return trail.isDue(now) ? 0 : PAUSE_MS
}

/** Writes all of it: at the end of the process. */
export async function flushTrail(platform: Written, trail: TrailBuffer): Promise<void> {
  while (trail.counts().waiting > 0) await writeBatch(platform, trail)
}

/** What fails is put back; what was written without our hearing of it is not written again. */
async function writeBatch({ db, clock, metrics, settings }: Written, trail: TrailBuffer): Promise<void> {
  const points = trail.take(MAX_ROWS)
  metrics.count('toota_trail_points_total', { outcome: 'thinned-out' }, trail.takeThinnedOut())
  try {
    const late = points.filter(({ tripId }) => tripId === undefined)
    const spans = await findTripSpans(db.single, {
      tripIds: [...new Set(points.flatMap(({ tripId }) => tripId ?? []))],
      driverIds: [...new Set(late.map(({ driverId }) => driverId))],
      since: new Date(late.reduce((first, { takenAt }) => Math.min(first, takenAt), clock.now().getTime())),
    })
    const oldest = new Date(clock.now().getTime() - settings.trailRetentionDays * DAY_MS)
    const owned = withTrips(points, spans).filter(
      ({ requestedOn }) => requestedOn >= oldest.toISOString().slice(0, 10),
    )
    const days = [...new Set(owned.map(({ requestedOn }) => requestedOn))]
    const written =
      owned.length === 0
        ? 0
        : await db.transaction(async (tx) => {
            if (!trail.hasOpen(days)) await openTrailDays(tx, days)
            return insertTrail(tx, owned)
          })
    const ownerless = points.length - owned.length
    trail.count({ written, ownerless, days })
    metrics.count('toota_trail_points_total', { outcome: 'written' }, written)
    metrics.count('toota_trail_points_total', { outcome: 'ownerless' }, ownerless)
  } catch (error) {
    trail.putBack(points)
    throw error
  }
}

const DAY_MS = 86_400_000
