import { Refusal, type CustomerId, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import { findEngagements } from '../trips/index.ts'
import type { Roster } from './roster.ts'

/** Who may follow: drivers that a search may show, and the driver of an own trip. Everybody else is not there. */
export async function mayFollow(
  { db }: Pick<Platform, 'db'>,
  roster: Roster,
  customerId: CustomerId,
  driverId: DriverId,
): Promise<void> {
  const card = await roster.currentCard(driverId)
  if (!card?.isApproved) {
    const engagements = card ? await findEngagements(db.single, [driverId]) : []
    if (engagements[0]?.customerId !== customerId) throw new Refusal('not-found')
  }
  // He may be online at another node, and then nobody has loaded him here.
  await roster.enter(driverId)
}

/**
 * Tells the last known position at once and then each new one, but nothing while the driver works for somebody else.
 * Returns the function that ends it.
 */
export function followDriver(
  { clock, positions }: Pick<Platform, 'clock' | 'positions'>,
  customerId: CustomerId,
  driverId: DriverId,
  tell: (fix: Fix) => void,
): () => void {
  const isFree = (): boolean => {
    const listing = positions.listing(driverId)
    return (
      listing !== undefined &&
      (listing.engagedWith === customerId || (listing.isApproved && listing.engagedWith === null))
    )
  }
  const last = positions.lastFix(driverId)
  if (last && isFree() && positions.isOnline(driverId, clock.now().getTime())) tell(last)
  return positions.follow(driverId, (fix) => {
    if (isFree()) tell(fix)
  })
}
