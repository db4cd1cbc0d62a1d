import { Refusal, type CustomerId, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import { findEngagements } from '../trips/index.ts'

/** Where the driver of the customer's active trip was last seen. Everybody else's is `not-found`. */
export async function locateDriver(
  { db, clock, positions }: Pick<Platform, 'db' | 'clock' | 'positions'>,
  customerId: CustomerId,
  driverId: DriverId,
): Promise<{ fix: Fix | undefined; isOnline: boolean }> {
  const [engagement] = await findEngagements(db.single, [driverId])
  if (engagement?.customerId !== customerId || !engagement.isActive) throw new Refusal('not-found')
  return {
    fix: positions.lastFix(driverId),
    isOnline: positions.isOnline(driverId, clock.now().getTime()),
  }
}
