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
export const LIMIT = 20

type Search = {
  readonly center?: Point | undefined
  readonly classes: readonly VehicleClass[]
  readonly limit?: number
}

/**
 * Available drivers, nearest first, at most 20 (or `limit`) within 50 km; without a centre, those with the newest fixes. No
 * statement is sent for drivers this node knows. `classes` empty means all.
 */
export async function findDrivers(
  { clock, positions }: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
  { center, classes, limit = LIMIT }: Search,
): Promise<FoundDriver[]> {
  const now = clock.now().getTime()
  const found = center
    ? positions.nearest({ center, radiusMeters: RADIUS_METERS, limit, classes, now })
    : positions.newest({ classes, limit, now }).map((driver) => ({ ...driver, distanceMeters: null }))

  const cards = new Map(
    (await roster.cards(found.map((each) => each.driverId))).map((card) => [card.id, card]),
  )
  return found.flatMap(({ driverId, fix, distanceMeters }) => {
    const driver = cards.get(driverId)
    return driver ? [{ driver, fix, distanceMeters }] : []
  })
}
