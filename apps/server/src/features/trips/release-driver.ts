import { Refusal } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { NewsItem } from '../../platform/news.ts'
import { findPayment } from '../payments/index.ts'
import { requireTransition, type Trip } from './model/trip.ts'
import { driverReleased } from './trip-news.ts'
import { saveRelease } from './trip-store.ts'

/**
 * Takes the driver off a trip that he has not reached: it waits for another one, at its price and with its payment. Who
 * holds the trip's lock calls it, and tells the news. Refuses: illegal-transition {from, to}, cash-already-stated.
 */
export async function releaseDriver(
  tx: Tx,
  trip: Trip,
  by: 'customer' | 'system',
  reason: string,
): Promise<{ trip: Trip; told: NewsItem[] }> {
  requireTransition(trip, 'pending', by)
  // He has been given money for it.
  if ((await findPayment(tx, trip.id))?.receivedMinor != null) throw new Refusal('cash-already-stated')
  const released = await saveRelease(tx, trip, { by, reason })
  return { trip: released, told: driverReleased(released, trip.driverId, by) }
}
