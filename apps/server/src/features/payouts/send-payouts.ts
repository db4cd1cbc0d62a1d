import { advancePayout, LEASE_SECONDS, type World } from './advance-payout.ts'
import { claimDuePayouts } from './payout-store.ts'

const BATCH = 10
const PAUSE_MS = 1_000

/** Sends payouts that are due, or asks what became of them, and answers in how many milliseconds to look again. */
export async function sendPayouts(platform: World): Promise<number> {
  const due = await claimDuePayouts(platform.db.single, BATCH, LEASE_SECONDS)
  await Promise.all(
    due.map((payout) =>
      advancePayout(platform, payout, 'schedule').catch((error: unknown) =>
        platform.log.error({ err: error, payoutId: payout.id }, 'a payout could not be advanced'),
      ),
    ),
  )
  return due.length === BATCH ? 0 : PAUSE_MS
}
