import type { MoneyCase as CaseBody, Refund as RefundBody } from '@toota/contract'
import type { z } from 'zod'
import type { MoneyCase } from './case-store.ts'
import type { GivenBack } from './refund-payment.ts'

export const caseBody = (matter: MoneyCase): z.input<typeof CaseBody> => ({
  ...matter,
  details: { ...matter.details },
  resolution: matter.resolution && { ...matter.resolution },
  openedAt: matter.openedAt.toISOString(),
  resolvedAt: matter.resolvedAt?.toISOString() ?? null,
})

export const refundBody = ({ refundId, payment, amountMinor }: GivenBack): z.input<typeof RefundBody> => ({
  id: refundId,
  paymentId: payment.id,
  amount: { amountMinor, currency: payment.amount.currency },
  to: refundId === null ? 'credit' : 'payment-method',
})
