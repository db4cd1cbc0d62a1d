import type { VehicleClass } from '@toota/contract'
import type { Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDrivers, type FoundDriver } from './find-drivers.ts'
import { areaOf } from './model/area.ts'
import type { Roster } from './roster.ts'

export type DriverInArea = Pick<FoundDriver, 'driver'> & ReturnType<typeof areaOf>

/** {@link findDrivers} for who has no business with them yet: about where they are, in the order of that. */
export async function findDriverAreas(
  platform: Pick<Platform, 'clock' | 'positions'>,
  roster: Roster,
  { center, classes }: { readonly center: Point; readonly classes: readonly VehicleClass[] },
): Promise<DriverInArea[]> {
  const found = await findDrivers(platform, roster, { center, classes })
  const areas = found.map(({ driver, fix }) => ({ driver, ...areaOf(fix, center) }))
  // In the order of what is told, or the order would tell more.
  return areas.sort((a, b) => a.distanceMeters - b.distanceMeters || (a.driver.id < b.driver.id ? -1 : 1))
}
