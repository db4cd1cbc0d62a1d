import type { PaymentMethod } from '@toota/contract'
import type { DriverId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { FareSplit } from './model/fare-split.ts'
import type { PaidTrip } from './model/payment.ts'

/** How a completed trip's fare was divided; a receipt is due from now on. */
export async function insertSettlement(
  tx: Tx,
  settlement: {
    readonly trip: PaidTrip
    readonly driverId: DriverId
    readonly method: PaymentMethod
    readonly split: FareSplit
    readonly taxBasisPoints: number
    readonly creditMinor: number
  },
): Promise<void> {
  const { trip, driverId, method, split, taxBasisPoints, creditMinor } = settlement
  await tx
    .insertInto('settlement')
    .values({
      trip_id: trip.id,
      market: trip.market,
      currency: trip.fare.currency,
      customer_id: trip.customerId,
      driver_id: driverId,
      method,
      fare_minor: trip.fare.amountMinor,
      earning_minor: split.earningMinor,
      commission_minor: split.commissionMinor,
      tax_minor: split.taxMinor,
      fee_minor: split.feeMinor,
      tax_basis_points: taxBasisPoints,
      credit_minor: creditMinor,
    })
    .execute()
}
