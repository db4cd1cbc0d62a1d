import type { VehicleClass } from '@toota/contract'
import { ONLINE_SECONDS, type Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDrivers, RADIUS_METERS, type FoundDriver } from './find-drivers.ts'
import type { Roster } from './roster.ts'

/** A map needs no more than one picture a second. */
const PAUSE_MS = 1_000

/** Runs the task after so many milliseconds, in turn with whatever else its owner does; the result calls it off. */
export type Later = (milliseconds: number, task: () => Promise<void>) => () => void

/**
 * Tells the available drivers around a place, now and whenever they may have changed: an available driver near there
 * moved, came or went, or one of those told fell silent. At most once a second, and nothing runs while nothing moves.
 * Returns the function that ends it.
 */
export async function watchNearest(
  platform: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
  search: { readonly center: Point; readonly classes: readonly VehicleClass[] },
  later: Later,
  tell: (drivers: readonly FoundDriver[]) => void,
): Promise<() => void> {
  const { clock, positions } = platform
  const now = (): number => clock.now().getTime()
  const area = { center: search.center, radiusMeters: RADIUS_METERS }
  let stopListening = (): void => undefined
  let callOff = (): void => undefined
  let plannedAt = Infinity
  let isEnded = false

  /** The next look; the earliest counts. */
  const plan = (at: number): void => {
    if (isEnded || at >= plannedAt) return
    callOff()
    plannedAt = at
    callOff = later(Math.max(0, at - now()), look)
  }

  const look = async (): Promise<void> => {
    if (isEnded) return
    stopListening()
    callOff()
    plannedAt = Infinity
    const soonest = now() + PAUSE_MS
    // Before the search, or what moves meanwhile would be missed.
    stopListening = positions.onNextChange(area, () => plan(soonest))
    const found = await findDrivers(platform, roster, search)
    tell(found)
    const silentAt = Math.min(...found.map(({ fix }) => fix.at)) + ONLINE_SECONDS * 1000 + 1
    if (found.length > 0) plan(Math.max(soonest, silentAt))
  }

  await look()
  return () => {
    isEnded = true
    stopListening()
    callOff()
  }
}
