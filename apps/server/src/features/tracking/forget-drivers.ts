import type { Platform } from '../../platform/platform.ts'
import type { Roster } from './roster.ts'

/** Followers of a driver whose phone was off for a while still see where he was; after this he is forgotten. */
const FORGET_AFTER_MS = 15 * 60_000
const PAUSE_MS = 60_000

/** Lets go of drivers who are gone, and answers in how many milliseconds to look again. */
export function forgetDrivers(
  { clock, positions }: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
): number {
  positions.prune(clock.now().getTime() - FORGET_AFTER_MS)
  for (const driverId of roster.ids()) {
    const isGone = positions.isElsewhere(driverId) && !positions.isFollowed(driverId)
    if (isGone || !positions.lastFix(driverId)) roster.leave(driverId)
  }
  return PAUSE_MS
}
