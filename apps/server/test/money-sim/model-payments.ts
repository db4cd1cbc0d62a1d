import type { PaymentMethod } from '@toota/contract'
import { creditFor } from '../../src/features/payments/model/payment.ts'
import {
  balanceOf,
  creditOf,
  isOpen,
  isPaid,
  livePayment,
  move,
  rebook,
  refuseIf,
  type Model,
  type ModelPayment,
  type ModelTrip,
} from './model.ts'

/** What paying, hearing of it and giving back do to people's money, by the rules PA*, RF*. */

/** The payment that goes on or begins; what the product names it is told later. */
export function choose(
  model: Model,
  matter: ModelTrip,
  method: PaymentMethod,
): Omit<ModelPayment, 'id' | 'gateway' | 'reference'> | ModelPayment {
  const live = livePayment(matter)
  refuseIf(live !== undefined && isPaid(live), 'already-paid')
  refuseIf(matter.status !== 'pending', 'trip-not-pending')
  if (live?.method === method && isOpen(live)) return live
  refuseIf(matter.offeredTo !== undefined, 'offer-pending')
  if (live) replace(model, matter, live)
  const { fare } = matter.trip
  const creditMinor = creditFor(fare, creditOf(model, matter), method !== 'cash')
  const dueMinor = fare.amountMinor - creditMinor
  move(model, matter, { credit: -creditMinor, held: creditMinor })
  return {
    ...{ method, dueMinor, creditMinor, isReplaced: false, atGateway: undefined, charge: undefined },
    status: method !== 'cash' && dueMinor === 0 ? 'success' : 'pending',
    ...{ hasOpenRefund: false, receivedMinor: undefined, isStated: false, confirmedMinor: undefined },
    triesLeft: 5,
  }
}

function replace(model: Model, matter: ModelTrip, payment: ModelPayment): void {
  payment.isReplaced = true
  move(model, matter, { held: -payment.creditMinor, credit: payment.creditMinor })
}

/** The gateway is asked, and what it has heard of since is booked. */
export function settle(model: Model, matter: ModelTrip, payment: ModelPayment): void {
  if (isPaid(payment) || payment.atGateway === undefined || payment.charge) return
  if (payment.atGateway === 'declined') {
    if (isOpen(payment)) payment.status = 'failed'
    return
  }
  const amountMinor = payment.atGateway
  const overMinor = amountMinor - payment.dueMinor
  if (overMinor < 0) {
    payment.charge = { amountMinor, refundedMinor: 0, isCounted: false }
    payment.status = 'underpaid'
    move(model, matter, { credit: amountMinor })
    return
  }
  if (payment.isReplaced && !adopt(model, matter, payment)) {
    payment.charge = { amountMinor, refundedMinor: amountMinor, isCounted: false }
    payment.hasOpenRefund = true
    payment.status = 'refunding'
    return
  }
  payment.charge = { amountMinor, refundedMinor: 0, isCounted: true }
  payment.status = 'success'
  move(model, matter, { held: payment.dueMinor, credit: overMinor })
  // Its credit has come back when the trip ended.
  if (matter.status !== 'pending') returnPaid(model, matter, payment)
}

/** An older page was paid: it counts if the trip is still to be paid, and the credit for it is there. */
function adopt(model: Model, matter: ModelTrip, payment: ModelPayment): boolean {
  const live = livePayment(matter)
  if (matter.status !== 'pending' || matter.offeredTo !== undefined || (live && isPaid(live))) return false
  if (creditOf(model, matter) + (live?.creditMinor ?? 0) < payment.creditMinor) return false
  if (live) replace(model, matter, live)
  payment.isReplaced = false
  move(model, matter, { credit: -payment.creditMinor, held: payment.creditMinor })
  return true
}

/** The trip has ended without being driven. */
export function returnUndriven(model: Model, matter: ModelTrip): void {
  const live = livePayment(matter)
  if (!live) return
  move(model, matter, { held: -live.creditMinor, credit: live.creditMinor })
  if (live.status === 'success') returnPaid(model, matter, live)
}

function returnPaid(model: Model, matter: ModelTrip, payment: ModelPayment): void {
  payment.status = payment.charge ? 'refunding' : 'refunded'
  if (payment.charge) {
    payment.charge.refundedMinor += payment.dueMinor
    payment.hasOpenRefund = true
    move(model, matter, { held: -payment.dueMinor })
  } else if (payment.receivedMinor !== undefined) {
    const { receivedMinor } = payment
    rebook(model, matter, {
      held: 0,
      credit: receivedMinor,
      receivable: 0,
      driver: -receivedMinor,
      withheld: 0,
    })
  }
}

/** Staff give something back. */
export function refund(
  model: Model,
  matter: ModelTrip,
  payment: ModelPayment,
  { amountMinor, isFromCredit }: { readonly amountMinor: number; readonly isFromCredit: boolean },
): void {
  const isDriven = payment.status === 'success' && matter.status === 'completed'
  const { charge, dueMinor, creditMinor, receivedMinor = dueMinor } = payment
  if (payment.gateway === null) {
    refuseIf(isFromCredit || !isDriven, 'refund-refused')
    const paidMinor = creditMinor + Math.min(dueMinor, receivedMinor)
    refuseIf(amountMinor > paidMinor - matter.givenMinor, 'refund-refused')
    matter.givenMinor += amountMinor
    move(model, matter, { credit: amountMinor })
    return
  }
  refuseIf(!charge, 'refund-refused')
  const heldMinor = charge!.isCounted && payment.status === 'success' && !isDriven ? dueMinor : 0
  refuseIf(amountMinor > charge!.amountMinor - charge!.refundedMinor - heldMinor, 'refund-refused')
  const { trip } = matter
  if (isFromCredit)
    refuseIf(amountMinor > balanceOf(model, 'credit', trip.customerId, trip.fare.currency), 'refund-refused')
  else refuseIf(!isDriven || !charge!.isCounted, 'refund-refused')
  charge!.refundedMinor += amountMinor
  payment.hasOpenRefund = true
  if (isFromCredit) move(model, matter, { credit: -amountMinor })
}

/** All refunds have arrived. */
export function finishRefunds({ trips }: Model): void {
  for (const payment of trips
    .flatMap(({ payments }) => payments)
    .filter(({ hasOpenRefund }) => hasOpenRefund)) {
    payment.hasOpenRefund = false
    const { charge, dueMinor } = payment
    const isWhole = !charge?.isCounted || charge.refundedMinor >= dueMinor
    if (payment.status === 'refunding' && isWhole) payment.status = 'refunded'
  }
}
