import type { DriverId, Money } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { post } from './ledger-store.ts'

/**
 * A driver has paid commission that he owed at the operator's office. `slip` is the number of the paper: the same one is booked
 * once. Answers whether it was booked now.
 */
export async function takeCommission(
  { db }: Pick<Platform, 'db'>,
  driverId: DriverId,
  { amountMinor, currency }: Money,
  slip: string,
): Promise<boolean> {
  return db.transaction((tx) =>
    post(tx, {
      kind: 'office',
      key: slip,
      currency,
      memo: slip,
      entries: [
        { account: { kind: 'clearing', owner: 'office' }, amountMinor: -amountMinor },
        { account: { kind: 'driver', owner: driverId }, amountMinor },
      ],
    }),
  )
}
