import { openPayment, orderRefund, refundable } from './money.ts'
import type { Charge, Payment, Refund } from './state.ts'
import { addressOf, fieldsOf, textOf, wholeOf, type Call, type Reply } from './wire.ts'
import {
  emit,
  nowOf,
  pageUrl,
  takenCharge,
  type GatewayPart,
  type GatewayRoute,
  type World,
} from './world.ts'

const LEAST_AMOUNT = 200
const KEY_LIFE_MS = 24 * 3600 * 1000
const MERCHANT = 'mrch_faketoota'

const refused = (status: number, message: string): Reply => ({ status, body: { message } })

const OTHER_BODY = refused(422, 'The request payload does not match the original request.')

/** Our reference: Yoco itself knows none, so it stands in what the merchant gave along. */
function referenceOf(body: Call['body'], key: string | undefined): string | undefined {
  return textOf(fieldsOf(body['metadata'])['reference']) ?? textOf(body['externalId']) ?? key
}

function initialize(world: World, { body, headers }: Call): Reply {
  const key = textOf(headers['idempotency-key'])
  const keyedBody = JSON.stringify(body)
  const known = key === undefined ? undefined : world.state.paymentOfKey('yoco', key)
  if (known && isRemembered(world, known))
    return known.keyedBody === keyedBody ? reply(200, known, createdShape(world, known)) : OTHER_BODY

  const amountMinor = wholeOf(body['amount'])
  if (amountMinor === undefined || amountMinor < LEAST_AMOUNT)
    return refused(400, `amount must not be less than ${LEAST_AMOUNT}`)
  if (body['currency'] !== 'ZAR') return refused(400, 'currency must be ZAR')
  const cancelled = addressOf(body['cancelUrl'])
  const payment = openPayment(world, {
    gateway: 'yoco',
    reference: referenceOf(body, key) ?? `yoco${world.state.nextId()}`,
    amountMinor,
    currency: 'ZAR',
    email: null,
    metadata: body['metadata'],
    channel: 'card',
    returnUrls: {
      paid: addressOf(body['successUrl']),
      cancelled,
      failed: addressOf(body['failureUrl']) ?? cancelled,
    },
    ...(key !== undefined && { key }),
    keyedBody,
  })
  return reply(201, payment, createdShape(world, payment))
}

function verify(world: World, { params }: Call): Reply {
  const payment = checkoutOf(world, params['id'])
  return payment ? reply(200, payment, checkoutShape(world, payment)) : refused(404, 'Checkout not found')
}

function refund(world: World, { params, body, headers }: Call): Reply {
  const payment = checkoutOf(world, params['id'])
  const charge = payment && takenCharge(payment)
  if (!payment) return refused(404, 'Checkout not found')
  if (charge?.status !== 'success') return refused(400, 'Checkout has not been paid')

  const key = textOf(headers['idempotency-key'])
  const keyedBody = JSON.stringify(body)
  const known = world.state
    .refundsOf(payment)
    .find((each) => each.key !== null && each.key === key && isRemembered(world, each))
  if (known) return known.keyedBody === keyedBody ? refundReply(payment, known) : OTHER_BODY

  const left = refundable(world, payment, charge)
  const amountMinor = body['amount'] === undefined ? left : wholeOf(body['amount'])
  if (amountMinor === undefined || amountMinor > left || left === 0)
    return refused(400, 'The refund amount exceeds the refundable amount')
  const order = orderRefund(world, payment, charge, {
    id: `rfd_${world.state.nextCode(24)}`,
    amountMinor,
    note: null,
    ...(key !== undefined && { key }),
    keyedBody,
    isInstant: true,
  })
  yoco.afterRefund(world, payment, order)
  return refundReply(payment, order)
}

const ROUTES: readonly GatewayRoute[] = [
  { method: 'POST', path: '/api/checkouts', name: 'yoco.initialize', answer: initialize },
  { method: 'GET', path: '/api/checkouts/:id', name: 'yoco.verify', answer: verify },
  { method: 'POST', path: '/api/checkouts/:id/refund', name: 'yoco.refund', answer: refund },
]

/** Yoco: rand only, Idempotency-Keys, and webhooks that are signed with a time. */
export const yoco: GatewayPart = {
  basePath: '/yoco',
  routes: ROUTES,
  stranger: refused(403, 'A key is required, but has not been specified.'),
  errorBody: (message) => ({ message }),
  returnUrl({ returnUrls, status }, action) {
    if (status === 'paid') return returnUrls.paid
    return status === 'declined' && action !== 'cancel' ? returnUrls.failed : returnUrls.cancelled
  },
  afterCharge(world, payment, charge) {
    const isPaid = charge.status === 'success'
    tell(world, payment, `payment.${isPaid ? 'succeeded' : 'failed'}`, {
      id: charge.id,
      type: 'payment',
      amount: charge.amountMinor,
      currency: charge.currency,
      status: isPaid ? 'succeeded' : 'failed',
      mode: modeOf(charge.isLive),
      createdDate: charge.at,
      merchantId: MERCHANT,
      metadata: { ...metadataOf(payment, charge), checkoutId: checkoutId(payment) },
      ...(isPaid && { paymentMethodDetails: PAYMENT_METHOD }),
    })
  },
  // Chargebacks reach a merchant by mail, transfers are not on offer.
  afterDispute: () => undefined,
  afterTransfer: () => undefined,
  afterRefund(world, payment, order) {
    if (order.status !== 'processed' && order.status !== 'failed') return
    const isDone = order.status === 'processed'
    const charge = takenCharge(payment)!
    tell(world, payment, `refund.${isDone ? 'succeeded' : 'failed'}`, {
      id: order.id,
      type: 'refund',
      amount: order.amountMinor,
      currency: order.currency,
      status: isDone ? 'succeeded' : 'failed',
      mode: modeOf(charge.isLive),
      createdDate: order.createdAt,
      merchantId: MERCHANT,
      paymentId: charge.id,
      refundableAmount: refundable(world, payment, charge),
      metadata: { ...metadataOf(payment, charge), checkoutId: checkoutId(payment) },
      ...(!isDone && { failureReason: 'The refund was declined' }),
    })
  },
}

const PAYMENT_METHOD = {
  type: 'card',
  card: { expiryMonth: 12, expiryYear: 2030, maskedCard: '************4242', scheme: 'visa' },
}

const checkoutId = (payment: Payment): string => `ch_${payment.token}`

const checkoutOf = (world: World, id = ''): Payment | undefined =>
  world.state.paymentOfPage('yoco', id.replace(/^ch_/, ''))

const modeOf = (isLive: boolean): string => (isLive ? 'live' : 'test')

/** A checkout as it stands. */
function checkoutShape(world: World, payment: Payment): Record<string, unknown> {
  const charge = takenCharge(payment)
  if (!charge)
    return { ...createdShape(world, payment), status: payment.status === 'opened' ? 'processing' : 'created' }
  return {
    ...createdShape(world, payment),
    status: 'completed',
    amount: charge.amountMinor,
    currency: charge.currency,
    paymentId: charge.id,
    metadata: metadataOf(payment, charge),
    processingMode: modeOf(charge.isLive),
  }
}

/** A checkout as it was made, which is also the answer to a repeat. */
const createdShape = (world: World, payment: Payment): Record<string, unknown> => ({
  id: checkoutId(payment),
  redirectUrl: pageUrl(world, payment),
  status: 'created',
  amount: payment.amountMinor,
  currency: payment.currency,
  paymentId: null,
  clientReferenceId: null,
  successUrl: payment.returnUrls.paid,
  cancelUrl: payment.returnUrls.cancelled,
  failureUrl: payment.returnUrls.failed,
  metadata: metadataOf(payment, undefined),
  merchantId: MERCHANT,
  totalDiscount: null,
  totalTaxAmount: null,
  subtotalAmount: null,
  lineItems: null,
  externalId: null,
  processingMode: modeOf(world.isLive),
})

const reply = (status: number, payment: Payment, body: unknown): Reply => ({
  status,
  body,
  opened: payment.reference,
})

/** 202 means that it is under way, whatever the body says. A repeat is told what the first was told. */
const refundReply = (payment: Payment, { id, firstStatus }: Refund): Reply => ({
  status: firstStatus === 'processed' ? 200 : 202,
  body: {
    id: checkoutId(payment),
    refundId: id,
    message: 'Your refund has been processed',
    status: 'successful',
  },
})

/** Keys are forgotten after a day. */
const isRemembered = (world: World, { createdAt }: { readonly createdAt: string }): boolean =>
  world.agenda.now().getTime() - Date.parse(createdAt) < KEY_LIFE_MS

function metadataOf(payment: Payment, charge: Charge | undefined): Record<string, unknown> | null {
  const given = fieldsOf(payment.metadata)
  if (payment.metadata === undefined) return null
  return charge && 'reference' in given ? { ...given, reference: charge.shownReference } : { ...given }
}

function tell(world: World, payment: Payment, type: string, payload: Record<string, unknown>): void {
  const id = `evt_${world.state.nextCode(24)}`
  emit(world, payment, type, { id, type, createdDate: nowOf(world), payload })
}
