import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { paceOf, type Pace } from './model/pace.ts'
import type { Roster } from './roster.ts'

/**
 * Tells how often the driver's phone is to say where he is, as soon as that is known and whenever it changes. Returns the function
 * that ends it.
 */
export function watchPace(
  { settings }: Pick<Platform, 'settings'>,
  roster: Roster,
  driverId: DriverId,
  tell: (pace: Pace) => void,
): () => void {
  let told: Pace['why'] | undefined
  const look = (): void => {
    const { job, track, isStill } = roster.drive(driverId)
    const pace = paceOf(settings.pace, job, track.live, isStill)
    if (pace.why === told) return
    told = pace.why
    tell(pace)
  }
  if (roster.knows(driverId)) look()
  return roster.watch(driverId, look)
}
