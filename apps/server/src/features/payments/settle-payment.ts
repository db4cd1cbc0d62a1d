import { Refusal, type Verification } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Gateway, Outcome } from '../../platform/gateways/gateway.ts'
import type { Platform } from '../../platform/platform.ts'
import { carryOut, type Settled } from './carry-out.ts'
import { openCase } from './case-store.ts'
import { findCharge } from './charge-store.ts'
import {
  isUnderWay,
  mayStillBePaid,
  nextCheckAfter,
  wasPaid,
  type PaidTrip,
  type Payment,
} from './model/payment.ts'
import { judge } from './model/verdict.ts'
import { hasOpenOffer, lockPaidTrip } from './paid-trip-store.ts'
import { findPayment, findPaymentByReference, lockPayment, savePayment } from './payment-store.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'settings'>

export type Asking = {
  /**
   * The transaction that a webhook or a redirect names. Anybody may have written it, so it only counts when the gateway says
   * that it is of our reference.
   */
  readonly transactionId?: string | null
  /** Also about a payment that is paid: something may have happened to the money since. */
  readonly isAgain?: boolean
}

/**
 * Asks the gateway what became of a payment and books it. Webhooks, the page a browser comes back to, the customer and the
 * sweep all end here, and whatever their order and number, the result is the same. What is paid, by a transaction that is known,
 * is not asked about. Refuses: not-found; gateway-unavailable, with the payment as it was.
 */
export async function settlePayment(
  platform: World,
  reference: string,
  { transactionId = null, isAgain = false }: Asking = {},
): Promise<Payment> {
  const { db, news, gateways } = platform
  const payment = await findPaymentByReference(db.single, reference)
  if (!payment?.gateway) throw new Refusal('not-found')
  const isKnown =
    transactionId === null || (await findCharge(db.single, payment.gateway, transactionId)) !== undefined
  if (wasPaid(payment) && isKnown && !isAgain) return payment

  const gateway = gateways.named(payment.gateway)
  const answer = gateway ? await verify(gateway, payment, transactionId) : NOT_SET_UP
  const settled = await db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, payment.tripId)
    const current = await lockPayment(tx, payment.id)
    const { after, news: items } = await apply(platform, tx, trip, current, answer)
    await news.append(tx, items)
    return after
  })
  if (answer.outcome !== 'done') throw new Refusal('gateway-unavailable')
  return settled
}

const NOT_SET_UP = { outcome: 'unknown', reason: 'not set up' } as const

async function verify(
  gateway: Gateway,
  { reference, pageGatewayId }: Payment,
  transactionId: string | null,
): Promise<Outcome<Verification>> {
  if (reference === null) throw new Error('a payment without a reference has no gateway')
  if (transactionId !== null) {
    const answer = await gateway.verifyPayment({ reference, gatewayId: transactionId })
    const isOurs =
      answer.outcome === 'done' && 'charge' in answer.value && answer.value.charge.reference === reference
    if (isOurs) return answer
  }
  return gateway.verifyPayment({ reference, gatewayId: pageGatewayId })
}

async function apply(
  { settings }: World,
  tx: Tx,
  trip: PaidTrip,
  payment: Payment,
  answer: Outcome<Verification>,
): Promise<Settled> {
  if (answer.outcome !== 'done') return leaveOpen(tx, trip, payment, answer.reason)
  const { gateway } = payment
  if (gateway === null) throw new Error(`payment ${payment.id} has no gateway`)
  const charge = 'charge' in answer.value ? answer.value.charge : undefined
  const live = await findPayment(tx, trip.id)
  const verdict = judge(payment, answer.value, {
    trip,
    live,
    hasOpenOffer: await hasOpenOffer(tx, trip.id),
    known: charge && (await findCharge(tx, gateway, charge.gatewayId)),
    acceptsTestMoney: settings.isDebug,
  })
  return carryOut(tx, { trip, payment, gateway, live }, verdict)
}

/** Nobody knows: that is not a failure. After the last look a person has to find out, unless it has failed before. */
async function leaveOpen(tx: Tx, trip: PaidTrip, payment: Payment, reason: string): Promise<Settled> {
  const dueAfterSeconds = nextCheckAfter(payment.checks) ?? null
  if (!mayStillBePaid(payment)) return { after: payment, news: [] }
  if (dueAfterSeconds === null && isUnderWay(payment))
    await openCase(tx, {
      kind: 'payment-unclear',
      about: payment.id,
      tripId: trip.id,
      paymentId: payment.id,
      details: { reason },
    })
  return {
    after: await savePayment(tx, payment, { status: payment.status, dueAfterSeconds }),
    news: [],
  }
}
