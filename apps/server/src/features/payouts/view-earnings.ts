import type { DriverId, TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findEarnings, sumEarnings, type Earning, type EarningTotal, type Span } from './earning-store.ts'

export type EarningsView = {
  /** Of the whole span, not only of this page. */
  readonly totals: readonly EarningTotal[]
  readonly settlements: readonly Earning[]
  readonly nextCursor: TripId | null
}

/** What the driver's trips have earned, newest first; the totals and the page are of one instant. */
export async function viewEarnings(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
  { limit, cursor, ...span }: Span & { readonly limit: number; readonly cursor?: TripId | undefined },
): Promise<EarningsView> {
  return db.snapshot(async (tx) => {
    const totals = await sumEarnings(tx, driverId, span)
    const found = await findEarnings(tx, driverId, span, { limit: limit + 1, cursor })
    const settlements = found.slice(0, limit)
    return {
      totals,
      settlements,
      nextCursor: found.length > limit ? (settlements.at(-1)?.tripId ?? null) : null,
    }
  })
}
