import type { GatewayName } from '@toota/contract'
import type { CaseId, ChargeReport, DriverId, Money, RefundId } from '../../kernel/index.ts'
import { difference, type Entry, type Posting } from '../ledger/index.ts'
import { partsOfCash } from './model/cash.ts'
import type { FareSplit } from './model/fare-split.ts'
import type { PaidTrip, Payment } from './model/payment.ts'

/** What each event of a payment means in the ledger. Credits are positive; each list adds up to 0. */

const held = (trip: PaidTrip, amountMinor: number): Entry => ({
  account: { kind: 'held', owner: trip.customerId },
  amountMinor,
})
const credit = (trip: PaidTrip, amountMinor: number): Entry => ({
  account: { kind: 'credit', owner: trip.customerId },
  amountMinor,
})
const receivable = (trip: PaidTrip, amountMinor: number): Entry => ({
  account: { kind: 'receivable', owner: trip.customerId },
  amountMinor,
})

/** Credit is set aside for the trip as soon as the payment is chosen. `round` grows when that happens again. */
export const creditSetAside = (trip: PaidTrip, payment: Payment, round = 1): Posting => ({
  kind: 'credit-set-aside',
  key: round === 1 ? payment.id : `${payment.id}:${round}`,
  currency: trip.fare.currency,
  tripId: trip.id,
  entries: [credit(trip, -payment.creditMinor), held(trip, payment.creditMinor)],
})

/** The payment was replaced, or its trip will not be driven. */
export const creditReturned = (trip: PaidTrip, payment: Payment, round = 1): Posting => ({
  kind: 'credit-returned',
  key: round === 1 ? payment.id : `${payment.id}:${round}`,
  currency: trip.fare.currency,
  tripId: trip.id,
  entries: [held(trip, -payment.creditMinor), credit(trip, payment.creditMinor)],
})

/** The gateway has the money; its fee is the operator's cost until a trip bears it. */
function charge(
  trip: PaidTrip,
  gateway: GatewayName,
  { gatewayId, amountMinor, feeMinor }: ChargeReport,
  forWhom: readonly Entry[],
): Posting {
  return {
    kind: 'charge',
    key: `${gateway}:${gatewayId}`,
    currency: trip.fare.currency,
    tripId: trip.id,
    entries: [
      { account: { kind: 'clearing', owner: gateway }, amountMinor: feeMinor - amountMinor },
      { account: { kind: 'fees', owner: trip.market }, amountMinor: -feeMinor },
      ...forWhom,
    ],
  }
}

/** Paid: what is more than was due is the customer's credit. */
export const chargePaid = (
  trip: PaidTrip,
  payment: Payment,
  gateway: GatewayName,
  report: ChargeReport,
): Posting =>
  charge(trip, gateway, report, [
    held(trip, payment.amount.amountMinor),
    credit(trip, report.amountMinor - payment.amount.amountMinor),
  ])

/** Less than was due pays for nothing yet; it makes the next attempt cheaper. */
export const chargeUnderpaid = (trip: PaidTrip, gateway: GatewayName, report: ChargeReport): Posting =>
  charge(trip, gateway, report, [credit(trip, report.amountMinor)])

/** Goes back as it came. */
export const chargeReturned = (trip: PaidTrip, gateway: GatewayName, report: ChargeReport): Posting =>
  charge(trip, gateway, report, [
    { account: { kind: 'refunds', owner: gateway }, amountMinor: report.amountMinor },
  ])

/** The customer's bank took it back: what was still held is gone, what was spent the customer owes. */
export const chargeReversed = (
  trip: PaidTrip,
  payment: Payment,
  gateway: GatewayName,
  { gatewayId, amountMinor }: { readonly gatewayId: string; readonly amountMinor: number },
): Posting => {
  const isHeld = payment.status === 'success' && trip.status !== 'completed'
  const heldMinor = isHeld ? payment.amount.amountMinor : 0
  return {
    kind: 'reversal',
    key: `${gateway}:${gatewayId}`,
    currency: trip.fare.currency,
    tripId: trip.id,
    entries: [
      { account: { kind: 'clearing', owner: gateway }, amountMinor },
      held(trip, -heldMinor),
      receivable(trip, heldMinor - amountMinor),
    ],
  }
}

/** Out of what is held for a trip that will not be driven, or out of credit, or as the operator's own loss. */
export const refundBegun = (
  trip: PaidTrip,
  refund: { readonly id: RefundId; readonly amountMinor: number; readonly gateway: GatewayName },
  from: 'held' | 'credit' | 'commission',
  memo?: string,
): Posting => ({
  kind: 'refund',
  key: refund.id,
  currency: trip.fare.currency,
  tripId: trip.id,
  ...(memo !== undefined && { memo }),
  entries: [
    from === 'held'
      ? held(trip, -refund.amountMinor)
      : from === 'credit'
        ? credit(trip, -refund.amountMinor)
        : { account: { kind: 'commission', owner: trip.market }, amountMinor: -refund.amountMinor },
    { account: { kind: 'refunds', owner: refund.gateway }, amountMinor: refund.amountMinor },
  ],
})

/** The money has left the gateway, or it never will: then it is the customer's credit. */
export const refundEnded = (
  trip: PaidTrip,
  refund: { readonly id: RefundId; readonly amountMinor: number; readonly gateway: GatewayName },
  isDone: boolean,
): Posting => ({
  kind: isDone ? 'refund-done' : 'refund-failed',
  key: refund.id,
  currency: trip.fare.currency,
  tripId: trip.id,
  entries: [
    { account: { kind: 'refunds', owner: refund.gateway }, amountMinor: -refund.amountMinor },
    isDone
      ? { account: { kind: 'clearing', owner: refund.gateway }, amountMinor: refund.amountMinor }
      : credit(trip, refund.amountMinor),
  ],
})

/** The driver holds the cash, so he owes it; what was too little he waits for. */
export function cashEntries(trip: PaidTrip, driverId: DriverId, due: Money, receivedMinor: number): Entry[] {
  const { dueMinor, overMinor, shortMinor } = partsOfCash(due.amountMinor, receivedMinor)
  return [
    { account: { kind: 'driver', owner: driverId }, amountMinor: -(receivedMinor + shortMinor) },
    { account: { kind: 'withheld', owner: driverId }, amountMinor: shortMinor },
    held(trip, dueMinor),
    credit(trip, overMinor),
    receivable(trip, -shortMinor),
  ]
}

/** What has to do with the cash of a trip. */
export const CASH_KINDS = ['cash', 'cash-correction', 'shortfall-written-off'] as const

/**
 * From what is booked of a trip's cash to what is right. Credit that the customer has spent already cannot be taken back: that
 * he owes.
 */
export function cashCorrection(
  trip: PaidTrip,
  booked: readonly Entry[],
  right: readonly Entry[],
  creditMinor: number,
): Entry[] {
  const entries = difference(booked, right)
  const taken = entries.find(({ account }) => account.kind === 'credit')
  const missingMinor = taken ? Math.max(0, -taken.amountMinor - creditMinor) : 0
  return [...entries, credit(trip, missingMinor), receivable(trip, -missingMinor)]
}

/** Of a trip that is not driven to its end: the driver owes what he took to the customer's credit. */
export const returnedCash = (trip: PaidTrip, driverId: DriverId, receivedMinor: number): Entry[] => [
  { account: { kind: 'driver', owner: driverId }, amountMinor: -receivedMinor },
  credit(trip, receivedMinor),
]

/** What was too little stays so: the customer owes it no more, and the driver has not earned it. */
export const shortfallWrittenOff = (
  trip: PaidTrip,
  driverId: DriverId,
  caseId: CaseId,
  missingMinor: number,
  memo: string,
): Posting => ({
  kind: 'shortfall-written-off',
  key: caseId,
  currency: trip.fare.currency,
  tripId: trip.id,
  memo,
  entries: [
    { account: { kind: 'withheld', owner: driverId }, amountMinor: -missingMinor },
    receivable(trip, missingMinor),
  ],
})

/** The operator's own loss, as credit for the customer. */
export const goodwill = (trip: PaidTrip, key: string, amountMinor: number, memo: string): Posting => ({
  kind: 'goodwill',
  key,
  currency: trip.fare.currency,
  tripId: trip.id,
  memo,
  entries: [
    { account: { kind: 'commission', owner: trip.market }, amountMinor: -amountMinor },
    credit(trip, amountMinor),
  ],
})

/** The trip is done: what was held for it is divided. `heldMinor` is less than the fare where a bank took money back. */
export const tripCompleted = (
  trip: PaidTrip,
  driverId: DriverId,
  split: FareSplit,
  heldMinor: number,
): Posting => ({
  kind: 'completion',
  key: trip.id,
  currency: trip.fare.currency,
  tripId: trip.id,
  entries: [
    held(trip, -heldMinor),
    receivable(trip, heldMinor - trip.fare.amountMinor),
    { account: { kind: 'driver', owner: driverId }, amountMinor: split.earningMinor },
    { account: { kind: 'commission', owner: trip.market }, amountMinor: split.commissionMinor },
    { account: { kind: 'tax', owner: trip.market }, amountMinor: split.taxMinor },
    { account: { kind: 'fees', owner: trip.market }, amountMinor: split.feeMinor },
  ],
})
