import type { Platform } from '../../platform/platform.ts'
import type { SocketHub } from '../../platform/socket/index.ts'
import { findEndedSessions } from './session-store.ts'

const PAUSE_MS = 2_000

/** Finds what another process ended, or the clock, and closes its sockets here: one statement for all that are open. */
export async function closeEndedSessions(
  { db }: Pick<Platform, 'db'>,
  hub: Pick<SocketHub, 'openSessions' | 'endSessions'>,
): Promise<number> {
  const open = hub.openSessions()
  if (open.length > 0) hub.endSessions(await findEndedSessions(db.single, open))
  return PAUSE_MS
}
