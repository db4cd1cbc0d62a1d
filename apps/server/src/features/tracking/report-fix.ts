import type { DriverId, Fix, Reading } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Drive } from './drive.ts'
import { judgeFix, type Track, type Verdict } from './model/fix.ts'
import { isWorthKeeping, toTrailPoint } from './model/trail.ts'
import type { Roster } from './roster.ts'

const OUTCOMES: Readonly<Record<Verdict, { readonly outcome: string }>> = {
  live: { outcome: 'taken' },
  late: { outcome: 'late' },
  duplicate: { outcome: 'duplicate' },
  inaccurate: { outcome: 'inaccurate' },
  jump: { outcome: 'jump' },
  'no-place': { outcome: 'implausible' },
}

/**
 * Takes a driver's position: kept in memory, told to the followers, never written to the database by itself. What is late goes into
 * the trail of his trip alone; what cannot be goes nowhere. He must have entered the roster.
 */
export function reportFix(
  { clock, positions, metrics, settings }: Pick<Platform, 'clock' | 'positions' | 'metrics' | 'settings'>,
  roster: Roster,
  driverId: DriverId,
  reading: Reading,
): Verdict {
  const drive = roster.drive(driverId)
  const now = clock.now().getTime()
  const track = heardElsewhere(drive.track, positions.lastFix(driverId))
  const judged = judgeFix(track, reading, now, settings.maxFixAccuracyMeters)
  const { verdict, fix } = judged
  drive.track = judged.track
  metrics.count('toota_fixes_total', OUTCOMES[verdict])
  if (verdict === 'live') {
    drive.move(fix)
    positions.report(driverId, fix)
    roster.touch(driverId)
  }
  if (drive.job && (verdict === 'live' || verdict === 'late'))
    keep(roster, drive, driverId, fix, verdict === 'late')
  return verdict
}

/** He may have been heard by another process since. */
const heardElsewhere = (track: Track, last: Fix | undefined): Track =>
  last === undefined || last === track.live ? track : { live: last, suspects: track.suspects }

/** In the trail of the trip that he is on, unless he stands still or it is from before. */
function keep(roster: Roster, drive: Drive, driverId: DriverId, fix: Fix, isLate: boolean): void {
  const { job, lastKept } = drive
  const takenAt = fix.deviceAt ?? fix.at
  if (!job || (isLate && takenAt < job.acceptedAt) || !isWorthKeeping(lastKept, fix, takenAt)) return
  const point = toTrailPoint({ driverId, tripId: job.tripId }, fix, { takenAt, receivedAt: fix.at })
  if (!isLate) drive.lastKept = point
  roster.trail.add(point)
}
