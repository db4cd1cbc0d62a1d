import type { Platform } from '../../platform/platform.ts'
import { getTrip } from '../trips/index.ts'
import { receiptOf, type NumberedSettlement, type Receipt } from './model/receipt.ts'

/** The receipt with what it says of the trip, as its customer knows it. */
export async function composeReceipt(
  platform: Pick<Platform, 'db'>,
  settlement: NumberedSettlement,
): Promise<Receipt> {
  const customer = { role: 'customer', accountId: settlement.customerId } as const
  return receiptOf(settlement, await getTrip(platform, customer, settlement.tripId))
}
