import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { claimDuePayments } from './payment-store.ts'
import { settlePayment } from './settle-payment.ts'

const BATCH = 10
const LEASE_SECONDS = 60
const PAUSE_MS = 1_000

/** Asks the gateways about payments whose customers have not been heard of, and answers in how many milliseconds to look again. */
export async function checkPayments(
  platform: Pick<Platform, 'db' | 'news' | 'gateways' | 'settings' | 'log'>,
): Promise<number> {
  const due = await claimDuePayments(platform.db.single, BATCH, LEASE_SECONDS)
  await Promise.all(
    due.map(async ({ id, reference }) => {
      if (reference === null) return
      // One that cannot be settled must not keep the others from it; it is due again when its lease has run out.
      await settlePayment(platform, reference).catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'gateway-unavailable') return
        platform.log.error({ err: error, paymentId: id }, 'a payment could not be settled')
      })
    }),
  )
  return due.length === BATCH ? 0 : PAUSE_MS
}
