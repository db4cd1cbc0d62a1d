import type { Platform } from '../../platform/platform.ts'
import { tripChanged } from './trip-news.ts'
import { expireDueQuotes } from './trip-store.ts'

const BATCH = 100
const PAUSE_MS = 10_000

/** Lapses quotes nobody took and answers in how many milliseconds to look again. */
export async function expireQuotes({ db, news }: Pick<Platform, 'db' | 'news'>): Promise<number> {
  const lapsed = await db.transaction(async (tx) => {
    const trips = await expireDueQuotes(tx, BATCH)
    await news.append(
      tx,
      trips.flatMap((trip) => tripChanged(trip, 'system')),
    )
    return trips
  })
  return lapsed.length === BATCH ? 0 : PAUSE_MS
}
