import type { Platform } from '../../platform/platform.ts'
import { returnUndriven } from '../payments/index.ts'
import { tripChanged } from './trip-news.ts'
import { expireDueQuotes } from './trip-store.ts'

const BATCH = 100
const PAUSE_MS = 10_000

/** Lapses quotes nobody took, gives back what was paid for them, and answers in how many milliseconds to look again. */
export async function expireQuotes({ db, news }: Pick<Platform, 'db' | 'news'>): Promise<number> {
  const lapsed = await db.transaction(async (tx) => {
    const trips = await expireDueQuotes(tx, BATCH)
    const returned = await returnUndriven(tx, trips, 'trip-expired')
    await news.append(tx, [...trips.flatMap((trip) => tripChanged(trip, 'system')), ...returned])
    return trips
  })
  return lapsed.length === BATCH ? 0 : PAUSE_MS
}
