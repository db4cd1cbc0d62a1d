import type { Platform } from '../../platform/platform.ts'
import { findPeople } from '../accounts/index.ts'
import { composeReceipt } from './compose-receipt.ts'
import type { NumberedSettlement } from './model/receipt.ts'
import { numberReceipts } from './number-receipts.ts'
import { receiptMail } from './receipt-mail.ts'
import { claimUnmailed, endMailing } from './receipt-store.ts'

type World = Pick<Platform, 'db' | 'log' | 'mail' | 'settings'>

/** Few, so that a process which dies keeps little back. */
const BATCH = 20
const LEASE_SECONDS = 60
const PAUSE_MS = 2_000

/** Numbers what is due and mails what is numbered; answers in how many milliseconds to look again. */
export async function issueReceipts(platform: World): Promise<number> {
  const hasMore = await numberReceipts(platform)
  const claimed = await claimUnmailed(platform.db.single, { limit: BATCH, leaseSeconds: LEASE_SECONDS })
  // One after the other: each takes the processor for some milliseconds.
  for (const settlement of claimed) {
    await mailReceipt(platform, settlement).catch((error: unknown) =>
      // The others must not wait for it; it is due again when its lease has run out.
      platform.log.error({ err: error, tripId: settlement.tripId }, 'receipt not mailed'),
    )
  }
  return hasMore || claimed.length === BATCH ? 0 : PAUSE_MS
}

/** Written before the transaction, which holds the row only to say that it is mailed and to write the mail: both or neither. */
async function mailReceipt(platform: World, settlement: NumberedSettlement): Promise<void> {
  const { db, mail } = platform
  const [customer] = await findPeople(db.single, [settlement.customerId])
  if (!customer) throw new Error(`the customer ${settlement.customerId} of a trip is gone`)
  const written = await receiptMail(customer.email, await composeReceipt(platform, settlement))
  await db.transaction(async (tx) => {
    if (await endMailing(tx, settlement.tripId)) await mail.enqueue(tx, written)
  })
}
