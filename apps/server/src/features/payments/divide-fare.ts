import type { Tx } from '../../platform/database/index.ts'
import type { Settings } from '../../platform/platform.ts'
import { post } from '../ledger/index.ts'
import { lockCountedCharge } from './charge-store.ts'
import { ratesOf, splitFare } from './model/fare-split.ts'
import type { PaidTrip } from './model/payment.ts'
import { getPayment } from './payment-store.ts'
import { tripCompleted } from './postings.ts'
import { insertSettlement } from './settlement-store.ts'

/**
 * The trip is completed: its fare is divided among driver, operator, tax and the gateway's fee, in the transaction that
 * completes it. For cash the driver has the whole fare already, so that what is left of it is the commission he owes.
 */
export async function divideFare(
  tx: Tx,
  settings: Pick<Settings, 'commissionBasisPoints' | 'taxBasisPoints'>,
  trip: PaidTrip,
): Promise<void> {
  const { driverId, fare } = trip
  if (driverId === null) throw new Error(`trip ${trip.id} was completed by nobody`)
  const payment = await getPayment(tx, trip.id)
  const charge = payment.gateway === null ? undefined : await lockCountedCharge(tx, payment.id)
  const rates = ratesOf(settings, trip.market)
  const split = splitFare(fare.amountMinor, charge?.feeMinor ?? 0, rates)
  // What a bank has taken back meanwhile is not there any more; the driver has driven all the same.
  const heldMinor = payment.status === 'success' ? fare.amountMinor : payment.creditMinor
  await post(tx, tripCompleted(trip, driverId, split, heldMinor))
  await insertSettlement(tx, {
    trip,
    driverId,
    method: payment.method,
    split,
    taxBasisPoints: rates.taxBasisPoints,
    creditMinor: payment.creditMinor,
  })
}
