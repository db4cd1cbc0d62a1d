import type { Platform } from '../../platform/platform.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Gateway, Outcome, RefundOrder, RefundReport } from '../../platform/gateways/gateway.ts'
import type { NewsItem } from '../../platform/news.ts'
import { post } from '../ledger/index.ts'
import { openCase } from './case-store.ts'
import { lockCountedCharge } from './charge-store.ts'
import type { PaidTrip } from './model/payment.ts'
import { lockPaidTrip } from './paid-trip-store.ts'
import { paymentChanged } from './payment-news.ts'
import { lockPayment, savePayment } from './payment-store.ts'
import { refundEnded } from './postings.ts'
import {
  endRefund,
  lockClaimedRefund,
  markRefundSent,
  postponeRefund,
  type ClaimedRefund,
  type Refund,
} from './refund-store.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'log'>

/** Seconds from each look to the next; then once a day, and a person is asked. */
const LOOK_AFTER_SECONDS = [30, 2 * 60, 10 * 60, 3600, 6 * 3600] as const
const DAY_SECONDS = 24 * 3600

/**
 * Takes a claimed refund one step further. The first time it is sent; ever after the gateway is asked first, and it is sent
 * again only when the gateway has never heard of it. So no answer that was lost pays anybody twice. `told`: how it ended, where a
 * signed webhook is all that ever says so. False when somebody else has taken it over or it has ended: nothing is written then.
 */
export async function advanceRefund(
  platform: World,
  refund: ClaimedRefund,
  told?: 'done' | 'failed',
): Promise<boolean> {
  const gateway = platform.gateways.named(refund.gateway)
  const answer: Outcome<RefundReport> | undefined = told
    ? { outcome: 'done', value: { state: told, gatewayId: null } }
    : gateway
      ? await ask(platform, gateway, refund)
      : NOT_SET_UP
  if (!answer) return false
  return platform.db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, refund.tripId)
    await lockPayment(tx, refund.paymentId)
    // What we have heard may be older than what another process hears, who has taken it over while we waited.
    const open = await lockClaimedRefund(tx, refund)
    if (open) await platform.news.append(tx, await record(tx, trip, open, answer))
    return open !== undefined
  })
}

const NOT_SET_UP = { outcome: 'unknown', reason: 'not set up' } as const

/** Undefined when the lease is over: somebody else may be sending it. */
async function ask(
  { db }: World,
  gateway: Gateway,
  refund: ClaimedRefund,
): Promise<Outcome<RefundReport> | undefined> {
  const order: RefundOrder = {
    refundId: refund.id,
    reference: refund.reference,
    chargeGatewayId: refund.chargeGatewayId,
    pageGatewayId: refund.pageGatewayId,
    amount: refund.amount,
    createdAt: refund.createdAt,
  }
  if (refund.wasSent) {
    const found = await gateway.findRefund(order)
    if (found.outcome !== 'done') return { outcome: 'unknown', reason: found.reason }
    if (found.value.state !== 'missing') return { outcome: 'done', value: found.value }
  }
  return (await markRefundSent(db.single, refund)) ? gateway.refund(order) : undefined
}

async function record(
  tx: Tx,
  trip: PaidTrip,
  refund: Refund,
  answer: Outcome<RefundReport>,
): Promise<NewsItem[]> {
  if (answer.outcome === 'refused') return fail(tx, trip, refund, null, answer.reason)
  if (answer.outcome === 'unknown') return wait(tx, refund, null)
  const { state, gatewayId } = answer.value
  if (state === 'done') return finish(tx, trip, refund, gatewayId)
  if (state === 'failed') return fail(tx, trip, refund, gatewayId, 'failed')
  if (state === 'attention') await stuck(tx, refund, 'the gateway waits for a person')
  return wait(tx, refund, gatewayId)
}

async function wait(tx: Tx, refund: Refund, gatewayId: string | null): Promise<NewsItem[]> {
  const seconds = LOOK_AFTER_SECONDS[refund.checks - 1]
  if (seconds === undefined) await stuck(tx, refund, 'nothing is heard of it')
  await postponeRefund(tx, refund.id, seconds ?? DAY_SECONDS, gatewayId)
  return []
}

async function finish(tx: Tx, trip: PaidTrip, refund: Refund, gatewayId: string | null): Promise<NewsItem[]> {
  await endRefund(tx, refund, { state: 'done', gatewayId, failure: null })
  await post(tx, refundEnded(trip, { ...refund, amountMinor: refund.amount.amountMinor }, true))
  const payment = await lockPayment(tx, refund.paymentId)
  if (payment.status !== 'refunding') return []
  const counted = await lockCountedCharge(tx, payment.id)
  // What more there was than due is the customer's credit by now, and not part of this.
  if (counted && counted.refundedMinor < payment.amount.amountMinor) return []
  return paymentChanged(trip, await savePayment(tx, payment, { status: 'refunded', dueAfterSeconds: null }))
}

/** The money stays with us, so it is the customer's credit until a person has seen to it. */
async function fail(
  tx: Tx,
  trip: PaidTrip,
  refund: Refund,
  gatewayId: string | null,
  reason: string,
): Promise<NewsItem[]> {
  await endRefund(tx, refund, { state: 'failed', gatewayId, failure: reason })
  await post(tx, refundEnded(trip, { ...refund, amountMinor: refund.amount.amountMinor }, false))
  await stuck(tx, refund, reason)
  return []
}

const stuck = (tx: Tx, refund: Refund, reason: string): Promise<void> =>
  openCase(tx, {
    kind: 'refund-stuck',
    about: refund.id,
    tripId: refund.tripId,
    paymentId: refund.paymentId,
    refundId: refund.id,
    details: { reason, ...refund.amount, gateway: refund.gateway },
  })
