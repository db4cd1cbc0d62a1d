import type { VehicleClass } from '@toota/contract'
import type { Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import type { DriverCard } from '../drivers/index.ts'
import type { Roster } from './roster.ts'

export type FoundDriver = {
  readonly driver: DriverCard
  readonly fix: Fix
  /** Great circle; null when the search had no centre. */
  readonly distanceMeters: number | null
}

export const RADIUS_METERS = 50_000
const LIMIT = 20

/**
 * Available drivers, nearest first, at most 20 within 50 km; without a centre, those with the newest fixes. No
 * statement is sent for drivers this node knows. `classes` empty means all.
 */
export async function findDrivers(
  { clock, positions }: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
  { center, classes }: { center?: Point | undefined; classes: readonly VehicleClass[] },
): Promise<FoundDriver[]> {
  const now = clock.now().getTime()
  const found = center
    ? positions.nearest({ center, radiusMeters: RADIUS_METERS, limit: LIMIT, classes, now })
    : positions.newest({ classes, limit: LIMIT, now }).map((driver) => ({ ...driver, distanceMeters: null }))

  const cards = new Map(
    (await roster.cards(found.map((each) => each.driverId))).map((card) => [card.id, card]),
  )
  return found.flatMap(({ driverId, fix, distanceMeters }) => {
    const driver = cards.get(driverId)
    return driver ? [{ driver, fix, distanceMeters }] : []
  })
}
