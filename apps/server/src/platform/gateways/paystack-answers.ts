import { z } from 'zod'
import { currencyCode, idText, minorUnits, someMoney, stateWord, type Page } from './answer-parts.ts'
import type { ChargeReport, RefundReport, TransferReport } from './gateway.ts'
import type { Verdict } from './gateway-http.ts'

/*
 * Paystack's answers, as in its OpenAPI document and the samples of its documentation. What is not named here is not looked
 * at, so that `metadata` may be 0, "" or an object and `authorization` anything.
 */

const wrapped = z.object({ status: z.boolean(), message: z.string() })

/** Every answer is `{status, message, data}`; with status false it is an error. */
export const paystackVerdict: Verdict = (json) => {
  const { data: answer } = wrapped.safeParse(json)
  return answer && (answer.status ? 'answer' : { error: answer.message })
}

/** What verify says of any transaction. Amounts are believed only of a paid one: an abandoned one may have none. */
export const paystackState = z.looseObject({ status: stateWord, reference: z.string() })

export const paystackCharge = z
  .object({
    id: idText,
    reference: z.string().max(100).nullish(),
    amount: someMoney(minorUnits),
    requested_amount: minorUnits.nullish(),
    currency: currencyCode,
    fees: minorUnits.nullish(),
    domain: z.string(),
  })
  .transform((charge): ChargeReport => ({
    reference: charge.reference ?? '',
    gatewayId: charge.id,
    amountMinor: charge.amount,
    currency: charge.currency,
    requestedMinor: charge.requested_amount ?? null,
    feeMinor: Math.min(charge.fees ?? 0, charge.amount),
    isLive: charge.domain === 'live',
  }))

/** `transaction` is an id, a reference or an object with both. `amount` is a number here and a text there. */
export const paystackRefund = z.object({
  id: idText.nullish(),
  status: stateWord,
  amount: minorUnits,
  merchant_note: z.string().nullish(),
  transaction: z
    .union([idText, z.object({ id: idText.nullish(), reference: z.string().nullish() })])
    .nullish()
    .transform((named) => (typeof named === 'object' ? [named?.id, named?.reference] : [named])),
  transaction_reference: z.string().nullish(),
})
export type PaystackRefund = z.infer<typeof paystackRefund>

export const paystackRecipient = z.object({ recipient_code: idText })

export const paystackTransfer = z.object({
  status: stateWord,
  reference: z.string().nullish(),
  transfer_code: idText.nullish(),
  id: idText.nullish(),
})

export const REFUND_STATES: Readonly<Record<string, RefundReport['state']>> = {
  pending: 'sent',
  processing: 'sent',
  processed: 'done',
  failed: 'failed',
  'needs-attention': 'attention',
}

/** What was blocked or abandoned has not moved, and somebody there has to say what becomes of it. */
export const TRANSFER_STATES: Readonly<Record<string, TransferReport['state']>> = {
  pending: 'sent',
  queued: 'sent',
  processing: 'sent',
  received: 'sent',
  otp: 'attention',
  blocked: 'attention',
  rejected: 'attention',
  abandoned: 'attention',
  success: 'done',
  failed: 'failed',
  reversed: 'reversed',
}

/** `meta` may be missing, and then an empty page is the end. */
export const paystackPage = <T>(entry: z.ZodType<T>) =>
  z
    .object({
      data: z.array(entry),
      meta: z.object({ page: z.coerce.number(), pageCount: z.coerce.number() }).nullish().catch(null),
    })
    .transform(({ data, meta }): Page<T> => ({
      entries: data,
      isLast: data.length === 0 || (meta ? meta.page >= meta.pageCount : false),
    }))
