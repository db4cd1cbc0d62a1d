import { newId, Refusal, type PaymentId, type RefundId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { lockCharges, type Charge } from './charge-store.ts'
import { findGoodwill } from './goodwill-store.ts'
import type { PaidTrip, Payment } from './model/payment.ts'
import { lockPaidTrip } from './paid-trip-store.ts'
import { findPaymentById, lockPayment } from './payment-store.ts'
import { goodwill, refundBegun } from './postings.ts'
import { insertRefund } from './refund-store.ts'

export type RefundRequest = {
  readonly amountMinor: number
  readonly reason: string
  /** Out of the customer's credit: what he paid too much, or what came back from a refund that failed. */
  readonly isFromCredit: boolean
}

export type GivenBack = {
  /** Null where it became credit at once. */
  readonly refundId: RefundId | null
  readonly payment: Payment
  readonly amountMinor: number
}

/**
 * Staff give money back: to where it came from, or, for cash, as credit. It is the operator's loss unless it is out of the
 * customer's credit. Refuses: not-found; refund-refused when that much is not there to be given back.
 */
export async function refundPayment(
  { db }: Pick<Platform, 'db'>,
  paymentId: PaymentId,
  request: RefundRequest,
): Promise<GivenBack> {
  return db.transaction(async (tx) => {
    const found = await findPaymentById(tx, paymentId)
    if (!found) throw new Refusal('not-found')
    const trip = await lockPaidTrip(tx, found.tripId)
    const payment = await lockPayment(tx, paymentId)
    const refundId =
      payment.gateway === null
        ? await giveCredit(tx, trip, payment, request)
        : await sendBack(tx, trip, payment, request)
    return { refundId, payment, amountMinor: request.amountMinor }
  })
}

/** Cash cannot be sent, so it is the customer's to spend. */
async function giveCredit(
  tx: Tx,
  trip: PaidTrip,
  payment: Payment,
  { amountMinor, reason, isFromCredit }: RefundRequest,
): Promise<null> {
  if (isFromCredit || payment.status !== 'success' || trip.status !== 'completed')
    throw new Refusal('refund-refused')
  const dueMinor = payment.amount.amountMinor
  const paidMinor = payment.creditMinor + Math.min(dueMinor, payment.receivedMinor ?? dueMinor)
  const leftMinor = Math.max(0, paidMinor - (await findGoodwill(tx, trip.id)))
  if (amountMinor > leftMinor) throw new Refusal('refund-refused', { leftMinor })
  await post(tx, goodwill(trip, newId<RefundId>(), amountMinor, reason))
  return null
}

async function sendBack(
  tx: Tx,
  trip: PaidTrip,
  payment: Payment,
  { amountMinor, reason, isFromCredit }: RefundRequest,
): Promise<RefundId> {
  // What is held for a trip that may still be cancelled would have to go back then.
  const heldMinor =
    payment.status === 'success' && trip.status !== 'completed' ? payment.amount.amountMinor : 0
  const left = ({ amountMinor: takenMinor, refundedMinor, isCounted }: Charge): number =>
    takenMinor - refundedMinor - (isCounted ? heldMinor : 0)
  const charges = await lockCharges(tx, payment.id)
  const charge = charges.find((each) => (isFromCredit || each.isCounted) && left(each) >= amountMinor)
  if (!charge || charge.isReversed)
    throw new Refusal('refund-refused', { leftMinor: Math.max(0, ...charges.map(left)) })
  if (isFromCredit) {
    const account = { kind: 'credit', owner: trip.customerId } as const
    const creditMinor = await lockBalance(tx, account, trip.fare.currency)
    if (creditMinor < amountMinor) throw new Refusal('refund-refused', { leftMinor: creditMinor })
  } else if (payment.status !== 'success' || trip.status !== 'completed') {
    throw new Refusal('refund-refused')
  }
  const id = await insertRefund(tx, charge.id, amountMinor, 'staff')
  const from = isFromCredit ? 'credit' : 'commission'
  await post(tx, refundBegun(trip, { id, amountMinor, gateway: charge.gateway }, from, reason))
  return id
}
