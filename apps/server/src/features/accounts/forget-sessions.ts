import type { Platform } from '../../platform/platform.ts'
import { deleteOldAddresses, deleteOldCodes, deleteOldSessions, deleteOldTickets } from './forget-store.ts'

const BATCH = 1_000
const PAUSE_MS = 3_600_000
const BETWEEN_BATCHES_MS = 1_000

/** Deletes what says nothing any more: sessions long ended, spent codes, tickets, addresses of long ago. */
export async function forgetSessions({ db }: Pick<Platform, 'db'>): Promise<number> {
  const deleted = await Promise.all(
    [deleteOldSessions, deleteOldTickets, deleteOldCodes, deleteOldAddresses].map((deleteOld) =>
      deleteOld(db.single, BATCH),
    ),
  )
  return deleted.some((count) => count === BATCH) ? BETWEEN_BATCHES_MS : PAUSE_MS
}
