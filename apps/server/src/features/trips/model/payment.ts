import type { PaymentMethod, PaymentStatus } from '@toota/contract'
import type { Money, PaymentId, TripId } from '../../../kernel/index.ts'

/** How a trip is paid; one per trip. */
export type Payment = {
  readonly id: PaymentId
  readonly tripId: TripId
  readonly method: PaymentMethod
  readonly status: PaymentStatus
  readonly amount: Money
}

/** A driver may be asked once the money is there, or once cash was chosen. */
export const mayAskDriver = (payment: Payment): boolean =>
  payment.status === 'success' || (payment.method === 'cash' && payment.status === 'pending')

export const isCashDue = (payment: Payment): boolean =>
  payment.method === 'cash' && payment.status === 'pending'
