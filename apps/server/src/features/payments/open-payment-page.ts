import { Refusal, type PaymentId } from '../../kernel/index.ts'
import type { Gateway, Outcome, PaymentPage } from '../../platform/gateways/gateway.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPeople } from '../accounts/index.ts'
import { isUnderWay, nextCheckAfter, type PaidTrip, type Payment } from './model/payment.ts'
import { findPaidTrip, lockPaidTrip } from './paid-trip-store.ts'
import { paymentChanged } from './payment-news.ts'
import { claimStart, endStart, findPaymentById, lockPayment, savePayment } from './payment-store.ts'
import { choosePayment } from './choose-payment.ts'
import { settlePayment } from './settle-payment.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'settings' | 'log'>
type Unpaid = Payment & { readonly gateway: Gateway['name']; readonly reference: string }

/** Longer than any gateway may take. */
const LEASE_SECONDS = 45

/**
 * Gets the gateway's page for a chosen payment, once: what was asked before and may have arrived is looked up under the same
 * reference first. A payment that needs no page is answered as it is. `returnUrl` is where the browser goes afterwards. Refuses:
 * payment-refused {reason}, gateway-unavailable, request-in-flight.
 */
export async function openPaymentPage(
  platform: World,
  paymentId: PaymentId,
  returnUrl: string,
): Promise<Payment> {
  const { db, gateways } = platform
  const payment = await findPaymentById(db.single, paymentId)
  if (!payment) throw new Refusal('not-found')
  if (!needsPage(payment)) return payment
  const gateway = gateways.named(payment.gateway)
  if (!gateway) throw new Refusal('payment-unavailable', { method: payment.method })

  const claimed = await db.transaction((tx) => claimStart(tx, paymentId, LEASE_SECONDS))
  if (!claimed) throw new Refusal('request-in-flight')
  if (claimed.wasStarted) {
    const settled = await lookUp(platform, payment)
    if (!needsPage(settled)) return settled
  }
  const answer = await ask(platform, gateway, payment, returnUrl)
  const saved = await record(platform, payment, answer)
  if (answer.outcome === 'done' || !needsPage({ ...saved, status: 'created' })) return saved

  platform.log.warn({ paymentId, gateway: gateway.name, ...answer }, 'no payment page')
  if (answer.outcome === 'unknown' || answer.reason === 'resting') throw new Refusal('gateway-unavailable')
  if (answer.reason === 'duplicate-reference') return openAnother(platform, payment, returnUrl)
  throw new Refusal('payment-refused', { reason: answer.reason })
}

const needsPage = (payment: Payment): payment is Unpaid =>
  payment.gateway !== null && payment.link === null && !payment.isReplaced && isUnderWay(payment)

/** What an earlier question has led to. Where nobody can say, who tries next need not wait for our lease. */
async function lookUp(platform: World, { id, reference }: Unpaid): Promise<Payment> {
  try {
    return await settlePayment(platform, reference)
  } catch (error) {
    await endStart(platform.db.single, id)
    throw error
  }
}

async function ask(
  { db }: World,
  gateway: Gateway,
  { tripId, reference, amount, method }: Unpaid,
  returnUrl: string,
): Promise<Outcome<PaymentPage>> {
  const trip = await findPaidTrip(db.single, tripId)
  const [customer] = trip ? await findPeople(db.single, [trip.customerId]) : []
  if (!customer || method === 'cash') throw new Error(`payment ${reference} has nobody to ask`)
  return gateway.startPayment({ reference, amount, method, email: customer.email, returnUrl, tripId })
}

/** Writes the answer down, unless somebody has paid, or given up, in the meantime. */
async function record(
  { db, news }: World,
  { id, tripId }: Unpaid,
  answer: Outcome<PaymentPage>,
): Promise<Payment> {
  return db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, tripId)
    const payment = await lockPayment(tx, id)
    await endStart(tx, id)
    if (!needsPage(payment)) return payment
    const after = await savePayment(tx, payment, changeOf(payment, answer))
    await news.append(tx, paymentChanged(trip, after))
    return after
  })
}

function changeOf(payment: Payment, answer: Outcome<PaymentPage>): Parameters<typeof savePayment>[2] {
  const dueAfterSeconds = nextCheckAfter(payment.checks) ?? null
  switch (answer.outcome) {
    case 'done':
      return { status: 'pending', failure: null, dueAfterSeconds, page: answer.value }
    case 'refused':
      // Nothing was sent: the client rests after too many outages, and the same reference will do later.
      if (answer.reason === 'resting') return { status: payment.status, dueAfterSeconds }
      return { status: 'failed', failure: answer.reason, dueAfterSeconds: null }
    case 'unknown':
      return { status: 'unknown', failure: answer.reason, dueAfterSeconds }
  }
}

/**
 * The gateway has a page under this reference, but its address was lost with an earlier answer, so nobody can have paid on it:
 * only a new attempt leads on.
 */
async function openAnother(platform: World, payment: Unpaid, returnUrl: string): Promise<Payment> {
  const trip = (await findPaidTrip(platform.db.single, payment.tripId)) as PaidTrip
  const next = await choosePayment(platform, trip.customerId, trip.id, payment.method)
  return openPaymentPage(platform, next.id, returnUrl)
}
