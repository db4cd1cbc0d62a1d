import { Refusal, type AccountId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { returnUndriven } from '../payments/index.ts'
import { requireTransition, type Trip } from './model/trip.ts'
import { withdrawOpenOffer } from './offer-store.ts'
import { offerEnded, tripChanged } from './trip-news.ts'
import { lockTrip, saveStatus } from './trip-store.ts'

export type Canceller =
  | { readonly role: 'customer' | 'driver'; readonly accountId: AccountId }
  | { readonly role: 'staff'; readonly reason: string }

/**
 * Ends the trip for good, takes an open offer back, frees the driver and gives back what was paid. A trip that is already cancelled or
 * has lapsed stays as it is. Refuses: not-found (also when it is somebody else's), illegal-transition {from, to}.
 */
export async function cancelTrip(
  { db, news }: Pick<Platform, 'db' | 'news'>,
  tripId: TripId,
  canceller: Canceller,
): Promise<{ trip: Trip; isChanged: boolean }> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (!isParty(trip, canceller)) throw new Refusal('not-found')
    if (trip.status === 'cancelled' || trip.status === 'expired') return { trip, isChanged: false }
    requireTransition(trip, 'cancelled', canceller.role)

    const withdrawn = await withdrawOpenOffer(tx, tripId)
    const reason = canceller.role === 'staff' ? canceller.reason : undefined
    const cancelled = await saveStatus(tx, trip, { to: 'cancelled', by: canceller.role, reason })
    const returned = await returnUndriven(tx, [cancelled], 'trip-cancelled')

    await news.append(tx, [
      ...(withdrawn ? offerEnded(withdrawn, trip.customerId) : []),
      ...tripChanged(cancelled, canceller.role),
      ...returned,
    ])
    return { trip: cancelled, isChanged: true }
  })
}

function isParty(trip: Trip, canceller: Canceller): boolean {
  if (canceller.role === 'staff') return true
  return (canceller.role === 'customer' ? trip.customerId : trip.driverId) === canceller.accountId
}
