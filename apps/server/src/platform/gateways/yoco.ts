import { z } from 'zod'
import { currencyCode, idText, minorUnits, pageLink, someMoney, stateWord } from './answer-parts.ts'
import {
  gatewayHttp,
  outcomeOf,
  RESTING,
  type ClientOptions,
  type GatewayHttp,
  type Verdict,
} from './gateway-http.ts'
import { isTestKey } from './gateway-settings.ts'
import type {
  ChargeReport,
  Gateway,
  Outcome,
  PaymentOrder,
  PaymentQuery,
  RefundOrder,
  RefundReport,
  Verification,
} from './gateway.ts'
import { done, refused, unknown, unknownWord } from './outcome.ts'
import { readYocoWebhook } from './yoco-webhook.ts'

export type YocoOptions = ClientOptions & {
  /** `whsec_…`, and those before it. */
  readonly webhookSecrets: readonly string[]
}

/** Keys are forgotten after 24 hours, and then a repeat is a new refund; an hour is left for clocks. */
const KEY_LIFE_MS = 23 * 3600 * 1000

/**
 * Yoco's Checkout API (South Africa, rands), as in developer.yoco.com. Amounts are cents.
 *
 * It is asked by the id of the checkout ({@link PaymentQuery.gatewayId}); without one, nobody can say, and it is `missing`.
 * Refunds cannot be listed. The same POST under the same Idempotency-Key is answered with the first one's answer, so that
 * `findRefund` repeats it: the refund is made once, and never `missing`. After 23 hours both are unknown, for a person to look at.
 * Because of the repeat a refund that Yoco accepted (202) stays `sent` here: its end is told by the webhooks `refund.succeeded` and
 * `refund.failed` alone.
 */
export function yocoGateway(options: YocoOptions): Gateway {
  const { baseUrl, secretKey, webhookSecrets } = options
  const http = gatewayHttp('yoco', yocoVerdict, options)
  const isTest = isTestKey('yoco', secretKey)
  return {
    name: 'yoco',
    isTest,
    startPayment: (order) => startPayment(http, baseUrl, order),
    verifyPayment: (query) => verifyPayment(http, query, isTest),
    refund: (order) => refund(http, 'refund', order),
    findRefund: (order) => refund(http, 'findRefund', order),
    refundEnd: (event) => REFUND_ENDS.get(event),
    readWebhook: (headers, rawBody, now) => readYocoWebhook(webhookSecrets, headers, rawBody, now),
  }
}

const yocoError = z.object({
  errorCode: z.string().nullish(),
  errorType: z.string().nullish(),
  description: z.string().nullish(),
  message: z.string().nullish(),
})

/** Errors have a code, or words and no id; answers are bare objects with an id. */
export const yocoVerdict: Verdict = (json) => {
  const { data: error } = yocoError.safeParse(json)
  const code = error?.errorCode ?? error?.errorType
  if (code) return { error: code }
  if (z.object({ id: z.string() }).safeParse(json).success) return 'answer'
  const words = error?.description ?? error?.message
  return words ? { error: words } : undefined
}

async function startPayment(http: GatewayHttp, baseUrl: string, order: PaymentOrder) {
  const { amount, reference, returnUrl } = order
  // Nothing is sent: its page takes cards and EFT, in rands.
  if (amount.currency !== 'ZAR') return refused('currency-not-supported')
  if (order.method === 'mobile_money') return refused('method-not-supported')
  const reply = await http.ask(
    {
      name: 'startPayment',
      method: 'POST',
      path: '/api/checkouts',
      headers: { 'idempotency-key': reference },
      body: {
        amount: amount.amountMinor,
        currency: amount.currency,
        successUrl: returnUrl,
        cancelUrl: returnUrl,
        failureUrl: returnUrl,
        metadata: { reference, tripId: order.tripId },
      },
    },
    z.object({ id: idText, redirectUrl: pageLink(baseUrl) }),
  )
  if (reply.reply === 'unknown' && reply.reason === RESTING) return refused(RESTING)
  // The same key with another body.
  if (reply.reply === 'refused' && reply.status === 422) return refused('duplicate-reference')
  return outcomeOf(reply, ({ id, redirectUrl }) => done({ link: redirectUrl, gatewayId: id }))
}

const checkoutState = z.looseObject({
  id: idText,
  status: stateWord,
  metadata: z.object({ reference: z.string().nullish() }).nullish().catch(null),
})

const checkoutCharge = z.object({
  amount: someMoney(minorUnits),
  currency: currencyCode,
  paymentId: idText.nullish(),
  processingMode: z.string().nullish(),
})

const OPEN = new Set(['created', 'started', 'processing', 'pending', 'cancelled'])

async function verifyPayment(
  http: GatewayHttp,
  { reference, gatewayId }: PaymentQuery,
  isTest: boolean,
): Promise<Outcome<Verification>> {
  if (gatewayId === null || !isSegment(gatewayId)) return done({ state: 'missing' })
  const reply = await http.ask(
    { name: 'verifyPayment', method: 'GET', path: `/api/checkouts/${gatewayId}` },
    checkoutState,
  )
  if (reply.reply === 'refused' && reply.status === 404) return done({ state: 'missing' })
  return outcomeOf(reply, (checkout): Outcome<Verification> => {
    const { status, id } = checkout
    const told = checkout.metadata?.reference ?? reference
    if (id !== gatewayId) return unknown('other-checkout')
    if (status === 'completed') {
      const { data } = checkoutCharge.safeParse(checkout)
      return data ? done({ state: 'paid', charge: chargeOf(id, data, told, isTest) }) : unknown('unreadable')
    }
    if (told !== reference) return unknown('other-reference')
    if (OPEN.has(status)) return done({ state: 'open' })
    const isFailed = status === 'failed' || status === 'expired'
    return isFailed ? done({ state: 'failed', reason: status }) : unknownWord(status)
  })
}

const chargeOf = (
  checkoutId: string,
  charge: z.infer<typeof checkoutCharge>,
  reference: string,
  isTest: boolean,
): ChargeReport => ({
  reference,
  gatewayId: charge.paymentId ?? checkoutId,
  amountMinor: charge.amount,
  currency: charge.currency,
  requestedMinor: null,
  feeMinor: 0,
  isLive: charge.processingMode ? charge.processingMode.toLowerCase() === 'live' : !isTest,
})

/** What goes into an address as it is, and cannot lead to another one. */
const isSegment = (id: string): boolean => /^[\w-]{1,100}$/.test(id)

const REFUND_ENDS: ReadonlyMap<string, 'done' | 'failed'> = new Map([
  ['refund.succeeded', 'done'],
  ['refund.failed', 'failed'],
])

const refundAnswer = z.object({ refundId: idText.nullish(), status: stateWord })

async function refund(
  http: GatewayHttp,
  name: 'refund' | 'findRefund',
  order: RefundOrder,
): Promise<Outcome<RefundReport>> {
  const { pageGatewayId, refundId, reference, amount } = order
  if (pageGatewayId === null || !isSegment(pageGatewayId)) return refused('checkout-id-missing')
  if (http.clock.now().getTime() - order.createdAt.getTime() > KEY_LIFE_MS) return unknown('key-expired')
  const reply = await http.ask(
    {
      name,
      method: 'POST',
      path: `/api/checkouts/${pageGatewayId}/refund`,
      headers: { 'idempotency-key': refundId },
      body: { amount: amount.amountMinor, metadata: { refundId, reference } },
    },
    refundAnswer,
  )
  // The key was used for something else, which is not undone by our no.
  if (reply.reply === 'refused' && reply.status === 422) return unknown('key-reused')
  return outcomeOf(reply, (answer, status): Outcome<RefundReport> => {
    const gatewayId = answer.refundId ?? null
    if (answer.status === 'failed') return done({ state: 'failed', gatewayId })
    if (answer.status === 'pending' || status === 202) return done({ state: 'sent', gatewayId })
    const isDone = answer.status === 'successful' || answer.status === 'succeeded'
    return isDone ? done({ state: 'done', gatewayId }) : unknownWord(answer.status)
  })
}
