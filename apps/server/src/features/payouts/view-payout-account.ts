import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { lastDigits, type Destination } from './model/payout.ts'
import { findPayoutAccount, type SavedAccount } from './payout-account-store.ts'

/** With the last digits of its number only. */
export type ShownAccount = Destination & { readonly changedAt: Date }

/** Undefined until the driver has said one. */
export async function viewPayoutAccount(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
): Promise<ShownAccount | undefined> {
  const saved = await findPayoutAccount(db.single, driverId)
  return saved && shownAccount(saved)
}

/** Whoever has taken over a phone learns nothing from it that would be of use at a bank. */
export const shownAccount = ({ destination, changedAt }: SavedAccount): ShownAccount => ({
  ...destination,
  accountNumber: lastDigits(destination.accountNumber),
  changedAt,
})
