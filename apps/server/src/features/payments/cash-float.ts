import type { DriverId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Settings } from '../../platform/platform.ts'
import { lockBalance } from '../ledger/index.ts'
import type { PaidTrip, Payment } from './model/payment.ts'

/** Commission a driver owes, in minor units: what cash trips have left him to pay. */
export const debtOf = (balanceMinor: number): number => Math.max(0, -balanceMinor)

/**
 * Whether a driver may take this payment: with too much commission owed he gets no more cash, but every other trip. Nothing is
 * added to what he owes before the transaction that asks has ended.
 */
export async function mayTakePayment(
  tx: Tx,
  settings: Pick<Settings, 'cashFloatLimitMinor'>,
  trip: PaidTrip,
  payment: Payment,
  driverId: DriverId,
): Promise<boolean> {
  if (payment.method !== 'cash') return true
  const balance = await lockBalance(tx, { kind: 'driver', owner: driverId }, trip.fare.currency)
  return debtOf(balance) <= settings.cashFloatLimitMinor[trip.market]
}
