import { isPlausible, type DriverId, type Point } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'

/**
 * Takes a driver's position: kept in memory, told to the followers, never written to the database. Undefined, and
 * nothing changed for anybody, when it cannot be a position.
 */
export function reportFix(
  { clock, positions, metrics }: Pick<Platform, 'clock' | 'positions' | 'metrics'>,
  driverId: DriverId,
  point: Point,
): Fix | undefined {
  if (!isPlausible(point)) {
    metrics.count('toota_fixes_total', { outcome: 'implausible' })
    return undefined
  }
  const fix: Fix = { latitude: point.latitude, longitude: point.longitude, at: clock.now().getTime() }
  positions.report(driverId, fix)
  metrics.count('toota_fixes_total', { outcome: 'taken' })
  return fix
}
