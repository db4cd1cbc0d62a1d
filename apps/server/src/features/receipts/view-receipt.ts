import type { Role } from '@toota/contract'
import { Refusal, type AccountId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { composeReceipt } from './compose-receipt.ts'
import { isNumbered, type Receipt } from './model/receipt.ts'
import { numberReceipt } from './number-receipts.ts'
import { findSettlement } from './receipt-store.ts'

export type Reader = { readonly role: Role; readonly accountId: AccountId }

/**
 * The receipt of a completed trip, for its customer and for staff. One that has no number yet, as those of trips from before
 * there were receipts, gets it now. Refuses not-found, also while the trip is not completed.
 */
export async function viewReceipt(
  platform: Pick<Platform, 'db' | 'settings'>,
  reader: Reader,
  tripId: TripId,
): Promise<Receipt> {
  const settlement = await findSettlement(platform.db.single, tripId)
  const mayRead =
    reader.role === 'staff' || (reader.role === 'customer' && reader.accountId === settlement?.customerId)
  if (!settlement || !mayRead) throw new Refusal('not-found')
  if (isNumbered(settlement)) return composeReceipt(platform, settlement)

  await numberReceipt(platform, settlement)
  const numbered = await findSettlement(platform.db.single, tripId)
  if (!numbered || !isNumbered(numbered)) throw new Error(`the receipt of trip ${tripId} got no number`)
  return composeReceipt(platform, numbered)
}
