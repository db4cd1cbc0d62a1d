import type { TripStatus } from '@toota/contract'
import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { countCompletedTrip } from '../drivers/index.ts'
import { divideFare, findPayment, isCashDue, receiveCash } from '../payments/index.ts'
import { isLoaded, requireTransition, type Trip } from './model/trip.ts'
import { tripChanged } from './trip-news.ts'
import { lockTrip, saveStatus } from './trip-store.ts'

/**
 * The trip's driver reports where the trip stands. The status it already has changes nothing; moving on to loaded or
 * beyond says that the cash was received (B-18). Refuses: not-found, illegal-transition {from, to}.
 */
export async function advanceTrip(
  { db, news, settings }: Pick<Platform, 'db' | 'news' | 'settings'>,
  driverId: DriverId,
  tripId: TripId,
  to: TripStatus,
): Promise<{ trip: Trip; isChanged: boolean }> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (trip.driverId !== driverId) throw new Refusal('not-found')
    if (trip.status === to) return { trip, isChanged: false }
    requireTransition(trip, to, 'driver')

    const moved = await saveStatus(tx, trip, { to, by: 'driver' })
    const received = isLoaded(to) ? await receiveCash(tx, moved, driverId, 'implied') : []
    const payment = await findPayment(tx, tripId)
    if (to === 'completed') {
      await countCompletedTrip(tx, driverId)
      await divideFare(tx, settings, moved)
    }

    await news.append(tx, [
      ...received,
      ...tripChanged(moved, 'driver', payment !== undefined && isCashDue(payment)),
    ])
    return { trip: moved, isChanged: true }
  })
}
