import type { DriverId, PayoutId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Payout } from './model/payout.ts'
import { findPayoutsOf } from './payout-store.ts'

/** The driver's own payouts, newest first. A page goes on after the one its cursor names, whatever came in since. */
export async function listPayouts(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
  page: { readonly limit: number; readonly cursor?: PayoutId | undefined },
): Promise<{ readonly payouts: readonly Payout[]; readonly nextCursor: PayoutId | null }> {
  const found = await findPayoutsOf(db.single, driverId, { ...page, limit: page.limit + 1 })
  const payouts = found.slice(0, page.limit)
  return { payouts, nextCursor: found.length > page.limit ? (payouts.at(-1)?.id ?? null) : null }
}
