import { z } from 'zod'
import { inData, pageLink } from './answer-parts.ts'
import { pickRefund, refundWindowOf, windowOf } from './find-refund.ts'
import {
  flutterwaveCharge,
  flutterwaveListed,
  flutterwavePage,
  flutterwaveRefund,
  flutterwaveState,
  flutterwaveVerdict,
  refundState,
} from './flutterwave-answers.ts'
import { flutterwaveTransfers } from './flutterwave-transfers.ts'
import { readFlutterwaveWebhook, type FlutterwaveSignature } from './flutterwave-webhook.ts'
import { gatewayHttp, outcomeOf, RESTING, type ClientOptions, type GatewayHttp } from './gateway-http.ts'
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
import { majorOf } from './money-units.ts'
import { done, refused, unknown, unknownWord } from './outcome.ts'
import { readPages } from './read-pages.ts'

export type FlutterwaveOptions = ClientOptions & {
  /** The dashboard's secret hash, and those before it. */
  readonly webhookSecrets: readonly string[]
  readonly signature: FlutterwaveSignature
}

/** Its own limit is 28 seconds; after that it says 503, and may still have done it. */
const TIMEOUT_MS = 30_000
/** How long its page takes money; at most 1,440. */
const SESSION_MINUTES = 60

/**
 * Flutterwave v3, as in its Node SDK. Amounts are major units with decimals.
 *
 * It knows a payment only once somebody has tried to pay: `missing` of one that was started means "not paid yet". `failed` is one
 * try, and the customer may try again on the same page, so that a later success under the same reference counts.
 * Refused and unknown are as for Paystack; a transfer whose reference exists is unknown, so that it is looked at.
 */
export function flutterwaveGateway(options: FlutterwaveOptions): Gateway {
  const { baseUrl, secretKey } = options
  const http = gatewayHttp('flutterwave', flutterwaveVerdict, { timeoutMs: TIMEOUT_MS, ...options })
  const isTest = isTestKey('flutterwave', secretKey)
  return {
    name: 'flutterwave',
    isTest,
    startPayment: (order) => startPayment(http, baseUrl, order),
    verifyPayment: (query) => verifyPayment(http, query, !isTest),
    refund: (order) => refund(http, order),
    findRefund: (order) => findRefund(http, order),
    readWebhook: (headers, rawBody) => readFlutterwaveWebhook(options, headers, rawBody),
    listCharges: (from, to) => listCharges(http, { from, to }, !isTest),
    transfers: flutterwaveTransfers(http, secretKey),
  }
}

async function startPayment(http: GatewayHttp, baseUrl: string, order: PaymentOrder) {
  const options = PAYMENT_OPTIONS[order.method]?.[order.amount.currency]
  const reply = await http.ask(
    {
      name: 'startPayment',
      method: 'POST',
      path: '/payments',
      body: {
        tx_ref: order.reference,
        amount: majorOf(order.amount.amountMinor),
        // Left out, it would be naira.
        currency: order.amount.currency,
        redirect_url: order.returnUrl,
        ...(options && { payment_options: options }),
        customer: { email: order.email },
        meta: { trip_id: order.tripId },
        session_duration: SESSION_MINUTES,
      },
    },
    inData(z.object({ link: pageLink(baseUrl) })),
  )
  if (reply.reply === 'unknown' && reply.reason === RESTING) return refused(RESTING)
  if (reply.reply === 'refused' && /\bduplicate\b.*\bref/i.test(reply.reason))
    return refused('duplicate-reference')
  return outcomeOf(reply, ({ link }) => done({ link, gatewayId: null }))
}

const CARD = { ZAR: 'card', NGN: 'card', KES: 'card', GHS: 'card' }
/** Where nothing is named, its page offers what it has. */
const PAYMENT_OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  card: CARD,
  mobile_money: { KES: 'mpesa', GHS: 'mobilemoneyghana' },
  bank_transfer: { NGN: 'banktransfer,account', GHS: 'banktransfer', ZAR: 'account' },
}

/** An id is only a hint: where it leads to nothing, or to somebody else's payment, our reference is asked for. */
async function verifyPayment(
  http: GatewayHttp,
  { reference, gatewayId }: PaymentQuery,
  isLive: boolean,
): Promise<Outcome<Verification>> {
  if (gatewayId !== null && isNumeric(gatewayId)) {
    const found = await verifyAt(http, `/transactions/${gatewayId}/verify`, reference, isLive)
    if (!isElsewhere(found, reference)) return found
  }
  const query = new URLSearchParams({ tx_ref: reference })
  return verifyAt(http, `/transactions/verify_by_reference?${query}`, reference, isLive)
}

const OTHER_REFERENCE = 'other-reference'

function isElsewhere(found: Outcome<Verification>, reference: string): boolean {
  if (found.outcome !== 'done') return found.reason === OTHER_REFERENCE
  return 'charge' in found.value
    ? found.value.charge.reference !== reference
    : found.value.state === 'missing'
}

const isNumeric = (id: string): boolean => /^\d{1,16}$/.test(id)

async function verifyAt(
  http: GatewayHttp,
  path: string,
  reference: string,
  isLive: boolean,
): Promise<Outcome<Verification>> {
  const reply = await http.ask({ name: 'verifyPayment', method: 'GET', path }, inData(flutterwaveState))
  if (reply.reply === 'refused' && isNotFound(reply)) return done({ state: 'missing' })
  return outcomeOf(reply, (transaction): Outcome<Verification> => {
    const { status } = transaction
    if (status === 'successful') {
      const charge = flutterwaveCharge(isLive).safeParse(transaction)
      return charge.success ? done({ state: 'paid', charge: charge.data }) : unknown('unreadable')
    }
    if (transaction.tx_ref !== reference) return unknown(OTHER_REFERENCE)
    if (status === 'pending' || status === 'success-pending-validation') return done({ state: 'open' })
    const isFailed = status === 'failed' || status === 'cancelled'
    return isFailed ? done({ state: 'failed', reason: status }) : unknownWord(status)
  })
}

/** In its own words "No transaction was found for this id", with 400 or 404, also where a reference was asked for. */
const isNotFound = ({ status, reason }: { status: number; reason: string }): boolean =>
  status === 404 || (status === 400 && /\bno transaction was found\b/i.test(reason))

async function refund(http: GatewayHttp, order: RefundOrder): Promise<Outcome<RefundReport>> {
  if (!isNumeric(order.chargeGatewayId)) return refused('transaction-id-not-numeric')
  const reply = await http.ask(
    {
      name: 'refund',
      method: 'POST',
      path: `/transactions/${order.chargeGatewayId}/refund`,
      body: { amount: majorOf(order.amount.amountMinor), comments: order.refundId },
    },
    inData(flutterwaveRefund.pick({ id: true, status: true })),
  )
  return outcomeOf(reply, ({ id, status }) => reportOf(status, id))
}

function reportOf(status: string, gatewayId: string): Outcome<RefundReport> {
  const state = refundState(status)
  return state ? done({ state, gatewayId }) : unknownWord(status)
}

async function findRefund(http: GatewayHttp, order: RefundOrder) {
  const window = refundWindowOf(order, http.clock.now())
  const listed = await readPages((page) =>
    http.ask(
      { name: 'findRefund', method: 'GET', path: `/refunds?${listQuery(window, page)}` },
      flutterwavePage(flutterwaveRefund),
    ),
  )
  if (listed.outcome !== 'done') return listed
  return pickRefund(
    listed.value
      .filter((entry) => entry.tx_id === order.chargeGatewayId)
      .map((entry) => ({
        gatewayId: entry.id,
        note: entry.comments ?? null,
        amountMinor: entry.amount_refunded,
        state: entry.status,
      })),
    order,
    ({ state, gatewayId }) => reportOf(state, gatewayId),
  )
}

/** Its list takes days, in a time zone that is not said: two days more are asked for, and left out again. */
async function listCharges(
  http: GatewayHttp,
  { from, to }: { from: Date; to: Date },
  isLive: boolean,
): Promise<Outcome<readonly ChargeReport[]>> {
  const listed = await readPages((page) =>
    http.ask(
      {
        name: 'listCharges',
        method: 'GET',
        path: `/transactions?${listQuery(windowOf(from, to), page)}&status=successful`,
      },
      flutterwavePage(flutterwaveListed(isLive)),
    ),
  )
  if (listed.outcome !== 'done') return listed
  // An entry without a readable time (NaN) stays: too many are found out, too few are not.
  const isWithin = (at: number) => !(at < from.getTime() || at >= to.getTime())
  return done(listed.value.filter(({ createdAt }) => isWithin(createdAt)).map(({ charge }) => charge))
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

const listQuery = ({ from, to }: { from: Date; to: Date }, page: number): string =>
  new URLSearchParams({ from: dayOf(from), to: dayOf(to), page: String(page) }).toString()
