import type { Currency } from '@toota/contract'
import { z } from 'zod'
import { idText, inData, pageLink } from './answer-parts.ts'
import { pickRefund, refundWindowOf } from './find-refund.ts'
import { isTestKey } from './gateway-settings.ts'
import { gatewayHttp, outcomeOf, RESTING, type ClientOptions, type GatewayHttp } from './gateway-http.ts'
import type { Gateway, Outcome, PaymentOrder, RefundOrder, RefundReport, Verification } from './gateway.ts'
import { done, refused, unknown, unknownWord } from './outcome.ts'
import {
  paystackCharge,
  paystackPage,
  paystackRefund,
  paystackState,
  paystackVerdict,
  REFUND_STATES,
  type PaystackRefund,
} from './paystack-answers.ts'
import { paystackTransfers } from './paystack-transfers.ts'
import { readPaystackWebhook } from './paystack-webhook.ts'
import { readPages } from './read-pages.ts'

export type PaystackOptions = ClientOptions & {
  /** Webhooks signed with it still count: those under way when the key was changed. */
  readonly previousSecretKey?: string | undefined
}

/**
 * Paystack, as in its OpenAPI document of October 2025. Amounts are integer subunits.
 *
 * What is refused, and so has not happened: its own 4xx (a wrong key is one), and `startPayment` while the breaker rests, which
 * the customer should know at once. Its reason is {@link RESTING}; `duplicate-reference` says that an earlier call has arrived.
 * All else is unknown, also `refund` and `send` at rest: asking first costs nothing, and then they are done once.
 */
export function paystackGateway(options: PaystackOptions): Gateway {
  const { baseUrl, secretKey, previousSecretKey } = options
  const http = gatewayHttp('paystack', paystackVerdict, options)
  const keys = [secretKey, previousSecretKey].filter((key) => key !== undefined)
  return {
    name: 'paystack',
    isTest: isTestKey('paystack', secretKey),
    startPayment: (order) => startPayment(http, baseUrl, order),
    verifyPayment: ({ reference }) => verifyPayment(http, reference),
    refund: (order) => refund(http, order),
    findRefund: (order) => findRefund(http, order),
    readWebhook: (headers, rawBody) => readPaystackWebhook(keys, headers, rawBody),
    listCharges: (from, to) =>
      readPages((page) =>
        http.ask(
          {
            name: 'listCharges',
            method: 'GET',
            path: `/transaction?${listQuery({ from, to }, page)}&status=success`,
          },
          paystackPage(paystackCharge),
        ),
      ),
    transfers: paystackTransfers(http),
  }
}

async function startPayment(http: GatewayHttp, baseUrl: string, order: PaymentOrder) {
  const { amount, reference } = order
  const reply = await http.ask(
    {
      name: 'startPayment',
      method: 'POST',
      path: '/transaction/initialize',
      body: {
        email: order.email,
        amount: amount.amountMinor,
        currency: amount.currency,
        reference,
        channels: channelsOf(order.method, amount.currency),
        callback_url: order.returnUrl,
        metadata: { trip_id: order.tripId },
      },
    },
    inData(z.object({ authorization_url: pageLink(baseUrl), reference: z.string() })),
  )
  if (reply.reply === 'unknown' && reply.reason === RESTING) return refused(RESTING)
  if (reply.reply === 'refused' && /duplicate transaction reference/i.test(reply.reason))
    return refused('duplicate-reference')
  return outcomeOf(reply, (answer) =>
    answer.reference === reference
      ? done({ link: answer.authorization_url, gatewayId: null })
      : unknown('other-reference'),
  )
}

/** What its page offers. In South Africa bank transfers are Ozow's EFT, in Nigeria also a login at the bank. */
function channelsOf(method: PaymentOrder['method'], currency: Currency): readonly string[] {
  if (method === 'card') return ['card']
  if (method === 'mobile_money') return ['mobile_money']
  if (currency === 'NGN') return ['bank_transfer', 'bank']
  return currency === 'ZAR' ? ['eft', 'bank_transfer'] : ['bank_transfer']
}

const OPEN = new Set(['abandoned', 'ongoing', 'pending', 'processing', 'queued'])
const PAID: Readonly<Record<string, 'paid' | 'reversed'>> = { success: 'paid', reversed: 'reversed' }

/**
 * Abandoned is not final: the customer may come back to the page. A reference never used is 404, or 400 in its older form.
 * A charge carries the reference that Paystack names, for the caller to compare; what is not one must be about ours.
 */
async function verifyPayment(http: GatewayHttp, reference: string): Promise<Outcome<Verification>> {
  const reply = await http.ask(
    { name: 'verifyPayment', method: 'GET', path: `/transaction/verify/${encodeURIComponent(reference)}` },
    inData(paystackState),
  )
  if (reply.reply === 'refused' && isNotFound(reply)) return done({ state: 'missing' })
  return outcomeOf(reply, (transaction): Outcome<Verification> => {
    const { status } = transaction
    const state = PAID[status]
    if (state) {
      const charge = paystackCharge.safeParse(transaction)
      return charge.success ? done({ state, charge: charge.data }) : unknown('unreadable')
    }
    if (transaction.reference !== reference) return unknown('other-reference')
    if (OPEN.has(status)) return done({ state: 'open' })
    return status === 'failed' ? done({ state: 'failed', reason: status }) : unknownWord(status)
  })
}

const isNotFound = ({ status, reason }: { status: number; reason: string }): boolean =>
  status === 404 || (status === 400 && /\btransaction\b.*\bnot found\b/i.test(reason))

/** By our reference, which Paystack takes for the transaction's id, and takes once. */
async function refund(http: GatewayHttp, order: RefundOrder): Promise<Outcome<RefundReport>> {
  const reply = await http.ask(
    {
      name: 'refund',
      method: 'POST',
      path: '/refund',
      body: {
        transaction: order.reference,
        amount: order.amount.amountMinor,
        currency: order.amount.currency,
        merchant_note: order.refundId,
      },
    },
    inData(paystackRefund.pick({ id: true, status: true })),
  )
  // Perhaps by our own earlier attempt: refused would then mean the opposite of what is so.
  if (reply.reply === 'refused' && /\breversed\b/i.test(reply.reason)) return unknown('already-reversed')
  return outcomeOf(reply, ({ id, status }) => reportOf(status, id ?? null))
}

function reportOf(status: string, gatewayId: string | null): Outcome<RefundReport> {
  const state = REFUND_STATES[status]
  return state ? done({ state, gatewayId }) : unknownWord(status)
}

/** There is no key and no filter by transaction: all refunds since ours was made are read, and those of its transaction kept. */
async function findRefund(http: GatewayHttp, order: RefundOrder) {
  const window = refundWindowOf(order, http.clock.now())
  const listed = await readPages((page) =>
    http.ask(
      { name: 'findRefund', method: 'GET', path: `/refund?${listQuery(window, page)}` },
      paystackPage(listedRefund),
    ),
  )
  if (listed.outcome !== 'done') return listed
  const ours = listed.value.filter((entry) => isOf(entry, order))
  return pickRefund(
    ours.map((entry) => ({
      gatewayId: entry.id,
      note: entry.merchant_note ?? null,
      amountMinor: entry.amount,
      state: entry.status,
    })),
    order,
    ({ state, gatewayId }) => reportOf(state, gatewayId),
  )
}

const listedRefund = paystackRefund.extend({ id: idText })

const isOf = (entry: PaystackRefund, { reference, chargeGatewayId }: RefundOrder): boolean =>
  [...entry.transaction, entry.transaction_reference].some(
    (named) => named === reference || named === chargeGatewayId,
  )

function listQuery({ from, to }: { from: Date; to: Date }, page: number): string {
  return new URLSearchParams({
    from: from.toISOString(),
    to: to.toISOString(),
    perPage: '100',
    page: String(page),
  }).toString()
}
