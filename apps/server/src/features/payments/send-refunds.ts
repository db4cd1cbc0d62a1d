import type { Platform } from '../../platform/platform.ts'
import { advanceRefund } from './advance-refund.ts'
import { claimDueRefunds } from './refund-store.ts'

const BATCH = 10
const LEASE_SECONDS = 90
const PAUSE_MS = 1_000

/** Sends refunds that are due, or asks what became of them, and answers in how many milliseconds to look again. */
export async function sendRefunds(
  platform: Pick<Platform, 'db' | 'news' | 'gateways' | 'log'>,
): Promise<number> {
  const due = await claimDueRefunds(platform.db.single, BATCH, LEASE_SECONDS)
  await Promise.all(
    due.map((refund) =>
      advanceRefund(platform, refund).catch((error: unknown) =>
        platform.log.error({ err: error, refundId: refund.id }, 'a refund could not be sent'),
      ),
    ),
  )
  return due.length === BATCH ? 0 : PAUSE_MS
}
