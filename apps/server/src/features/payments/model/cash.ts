import type { Payment } from './payment.ts'

/**
 * Where the cash for a trip ends up. `dueMinor` is paid for the trip in any case: what was handed over beyond it is the
 * customer's credit; what is missing the customer owes, and the driver waits for it, not the operator.
 */
export type CashParts = {
  readonly receivedMinor: number
  readonly dueMinor: number
  readonly overMinor: number
  readonly shortMinor: number
}

export const partsOfCash = (dueMinor: number, receivedMinor: number): CashParts => ({
  receivedMinor,
  dueMinor,
  overMinor: Math.max(0, receivedMinor - dueMinor),
  shortMinor: Math.max(0, dueMinor - receivedMinor),
})

/** The driver and the customer have both said what was handed over, and it is not the same. */
export const isDisputed = (payment: Payment): boolean =>
  payment.receivedMinor !== null &&
  payment.confirmedMinor !== null &&
  payment.receivedMinor !== payment.confirmedMinor

export const isShort = (payment: Payment): boolean =>
  payment.receivedMinor !== null && payment.receivedMinor < payment.amount.amountMinor
