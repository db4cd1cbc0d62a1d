import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Destination } from './model/payout.ts'
import { upsertPayoutAccount } from './payout-account-store.ts'
import { shownAccount, type ShownAccount } from './view-payout-account.ts'

/** Where the driver's earnings go from now on; a payout under way goes where it was going. Refuses application-missing. */
export async function savePayoutAccount(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
  destination: Destination,
): Promise<ShownAccount> {
  const saved = await upsertPayoutAccount(db.single, driverId, destination)
  if (!saved) throw new Refusal('application-missing')
  return shownAccount(saved)
}
