import type { VehicleClass } from '@toota/contract'
import type { Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDrivers, LIMIT, type FoundDriver } from './find-drivers.ts'
import { areaOf } from './model/area.ts'
import { rankByArrival } from './model/rank.ts'
import type { Roster } from './roster.ts'

export type DriverInArea = Pick<FoundDriver, 'driver'> & ReturnType<typeof areaOf>

/**
 * {@link findDrivers} for who has no business with them yet: about where they are, whoever would be there first by that
 * before the others.
 */
export async function findDriverAreas(
  platform: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
  { center, classes }: { readonly center: Point; readonly classes: readonly VehicleClass[] },
): Promise<DriverInArea[]> {
  const found = await findDrivers(platform, roster, { center, classes, limit: 2 * LIMIT })
  const told = found.map(({ driver, fix }) => ({ driver, ...areaOf(fix, center) }))
  // In the order of what is told, or the order would tell more: not by the fix itself, its age or the heading.
  const whereabouts = told
    .sort((a, b) => (a.driver.id < b.driver.id ? -1 : 1))
    .map((each) => ({
      ...each,
      ...each.area,
      vehicleClass: each.driver.vehicleClass ?? 'bakkie',
      ageSeconds: 0,
    }))
  return rankByArrival(whereabouts, center).slice(0, LIMIT)
}
