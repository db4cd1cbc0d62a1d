import type { Platform } from '../../platform/platform.ts'
import { turnTrailDays } from './trail-store.ts'

const PAUSE_MS = 3_600_000

/** Makes room for the trails of the next days and drops those that are too old. */
export async function turnTrail({
  db,
  log,
  settings,
}: Pick<Platform, 'db' | 'log' | 'settings'>): Promise<number> {
  const dropped = await db.transaction((tx) => turnTrailDays(tx, settings.trailRetentionDays))
  if (dropped > 0) log.info({ days: dropped }, 'dropped old trails')
  return PAUSE_MS
}
