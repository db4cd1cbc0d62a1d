import type { Payment as PaymentBody } from '@toota/contract'
import type { z } from 'zod'
import type { Platform } from '../../platform/platform.ts'
import { cashCodeOf } from './cash-code.ts'
import type { Payment } from './model/payment.ts'

/** A payment as one side of the trip may see it: only the customer sees the page to pay on, and the code for his cash. */
export type ShownPayment = Payment & { readonly cashCode: string | null }

export function showPayment(
  tokens: Platform['tokens'],
  payment: Payment,
  role: 'customer' | 'driver',
): ShownPayment {
  if (role === 'driver') return { ...payment, link: null, cashCode: null }
  const hasCode = payment.method === 'cash' && payment.confirmedMinor === null
  return { ...payment, cashCode: hasCode ? cashCodeOf(tokens, payment.id) : null }
}

export const paymentBody = (payment: ShownPayment): z.input<typeof PaymentBody> => ({
  id: payment.id,
  tripId: payment.tripId,
  method: payment.method,
  status: payment.status,
  amount: payment.amount,
  creditMinor: payment.creditMinor,
  link: payment.link,
  failure: payment.failure,
  receivedMinor: payment.receivedMinor,
  confirmedMinor: payment.confirmedMinor,
  cashCode: payment.cashCode,
})
