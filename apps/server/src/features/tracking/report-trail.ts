import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { cameFirst, judgeLate, type Timed } from './model/fix.ts'
import { isWorthKeeping, toTrailPoint, type TrailPoint } from './model/trail.ts'
import type { Roster } from './roster.ts'

/** What is older has no trip any more that could change by it. */
const MAX_AGE_MS = 7 * 86_400_000

/**
 * Takes what a driver's phone could not say in time: for the trails of the trips that he was on then, never for where he is now.
 * Answers how many are worth keeping; to which trip they belong, and whether to any, shows when they are written.
 */
export function reportTrail(
  { clock, settings }: Pick<Platform, 'clock' | 'settings'>,
  roster: Roster,
  driverId: DriverId,
  readings: readonly Timed[],
): number {
  const now = clock.now().getTime()
  const { live } = roster.drive(driverId).track
  const judged = judgeLate(live, [...readings].sort(cameFirst), now, settings.maxFixAccuracyMeters)
  let last: TrailPoint | undefined
  let kept = 0
  for (const { fix, reading } of judged) {
    const takenAt = fix.deviceAt ?? now
    if (takenAt < now - MAX_AGE_MS || !isWorthKeeping(last, fix, takenAt)) continue
    last = toTrailPoint({ driverId, tripId: undefined }, reading, { takenAt, receivedAt: now })
    roster.trail.add(last)
    kept++
  }
  return kept
}
