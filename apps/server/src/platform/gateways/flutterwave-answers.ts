import { z } from 'zod'
import { currencyCode, idText, majorUnits, someMoney, stateWord, type Page } from './answer-parts.ts'
import type { ChargeReport, RefundReport, TransferReport } from './gateway.ts'
import type { Verdict } from './gateway-http.ts'
import { minorRoundedUp } from './money-units.ts'

/* Flutterwave's answers of v3, as in its Node SDK and its documentation. Ids are numbers here and texts in lists. */

const wrapped = z.object({ status: z.enum(['success', 'error']), message: z.string().nullish() })

/** Every answer is `{status, message, data}`, with status success or error. */
export const flutterwaveVerdict: Verdict = (json) => {
  const { data: answer } = wrapped.safeParse(json)
  return answer && (answer.status === 'success' ? 'answer' : { error: answer.message ?? '' })
}

export const flutterwaveState = z.looseObject({ status: stateWord, tx_ref: z.string() })

/** Fees have three decimals, and may be absent, null or larger than what they are taken from. */
const fee = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((major) => (major == null ? undefined : minorRoundedUp(major)))

/** @param isLive of the key: an answer does not tell real money from play money */
export const flutterwaveCharge = (isLive: boolean) =>
  z
    .object({
      id: idText,
      tx_ref: z.string().max(100).nullish(),
      amount: someMoney(majorUnits),
      currency: currencyCode,
      charged_amount: majorUnits.nullish(),
      app_fee: fee,
      amount_settled: majorUnits.nullish(),
    })
    .transform((charge): ChargeReport => {
      const { charged_amount: charged, amount_settled: settled } = charge
      const kept = charged == null || settled == null ? 0 : Math.max(0, charged - settled)
      return {
        reference: charge.tx_ref ?? '',
        gatewayId: charge.id,
        amountMinor: charge.amount,
        currency: charge.currency,
        requestedMinor: null,
        feeMinor: Math.min(charge.app_fee ?? kept, charge.amount),
        isLive,
      }
    })

/** For lists: what was taken when. */
export const flutterwaveListed = (isLive: boolean) =>
  z.looseObject({ created_at: z.string().nullish() }).transform((entry, context) => {
    const charge = flutterwaveCharge(isLive).safeParse(entry)
    if (charge.success) return { charge: charge.data, createdAt: Date.parse(entry.created_at ?? '') }
    context.issues.push({ code: 'custom', message: 'is no charge', input: entry })
    return z.NEVER
  })

export const flutterwaveRefund = z.object({
  id: idText,
  tx_id: idText.nullish(),
  amount_refunded: majorUnits,
  status: stateWord,
  comments: z.string().nullish(),
})

export const flutterwaveTransfer = z.object({
  id: idText,
  status: stateWord,
  reference: z.string().nullish(),
  complete_message: z.string().nullish(),
})
export type FlutterwaveTransfer = z.infer<typeof flutterwaveTransfer>

/** A finished one may name its way, as `completed-bank-transfer` or `completed-momo` do. */
export function refundState(status: string): RefundReport['state'] | undefined {
  if (status.startsWith('completed')) return 'done'
  if (status === 'new' || status.startsWith('pending') || status.startsWith('processing')) return 'sent'
  return status === 'failed' ? 'failed' : undefined
}

export const TRANSFER_STATES: Readonly<Record<string, TransferReport['state']>> = {
  new: 'sent',
  pending: 'sent',
  successful: 'done',
  failed: 'failed',
  reversed: 'reversed',
}

/** Without `meta` an empty page is the end. */
export const flutterwavePage = <T>(entry: z.ZodType<T>) =>
  z
    .object({
      data: z.array(entry),
      meta: z
        .object({ page_info: z.object({ current_page: z.coerce.number(), total_pages: z.coerce.number() }) })
        .nullish()
        .catch(null),
    })
    .transform(({ data, meta }): Page<T> => {
      const info = meta?.page_info
      return {
        entries: data,
        isLast: data.length === 0 || (info ? info.current_page >= info.total_pages : false),
      }
    })
