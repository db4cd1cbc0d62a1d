import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findApplication, type SubmittedApplication } from './driver-store.ts'

/** What the driver has submitted; every field is null before the first time. Undefined: no such driver. */
export function viewApplication(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
): Promise<SubmittedApplication | undefined> {
  return findApplication(db.single, driverId)
}
