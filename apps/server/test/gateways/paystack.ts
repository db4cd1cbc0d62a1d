import { openPayment, orderRefund, planNext, refundable } from './money.ts'
import { done, listed, notFound, refused, within } from './paystack-replies.ts'
import {
  chargeShape,
  disputeShape,
  listedShape,
  refundEventShape,
  refundOrderShape,
  refundShape,
  statusOf,
  transactionShape,
  transferEventShape,
} from './paystack-shapes.ts'
import { TRANSFER_ROUTES } from './paystack-transfers.ts'
import { SETTLE_SECONDS } from './scripts.ts'
import type { Charge, Payment, Refund } from './state.ts'
import { addressOf, fieldsOf, textOf, wholeOf, type Call, type Reply } from './wire.ts'
import { emit, pageUrl, takenCharge, type GatewayPart, type GatewayRoute, type World } from './world.ts'

const CURRENCIES = ['NGN', 'GHS', 'ZAR', 'KES', 'USD']

function initialize(world: World, { body }: Call): Reply {
  const email = textOf(body['email'])
  const amountMinor = wholeOf(body['amount'])
  const currency = textOf(body['currency']) ?? 'NGN'
  const reference = textOf(body['reference']) ?? `T${world.state.nextId()}`
  if (!email?.includes('@')) return refused(400, 'Invalid Email Address Passed', 'invalid_email_address')
  if (amountMinor === undefined) return refused(400, 'Invalid Amount Sent', 'invalid_amount')
  if (!CURRENCIES.includes(currency))
    return refused(403, 'Currency not supported by merchant', 'unsupported_currency')
  if (!/^[A-Za-z0-9.=-]+$/.test(reference))
    return refused(400, 'Invalid character in transaction reference', 'invalid_reference')
  if (world.state.payment('paystack', reference))
    return {
      status: 400,
      body: {
        status: false,
        message: 'Duplicate Transaction Reference',
        meta: { nextStep: 'Try and create the Transaction or Charge with a new reference' },
        type: 'validation_error',
        code: 'duplicate_reference',
        errorCodeMappingNotFound: false,
      },
    }

  const metadata = body['metadata']
  const callback = addressOf(body['callback_url'])
  const channels: unknown[] = Array.isArray(body['channels']) ? body['channels'] : []
  const payment = openPayment(world, {
    gateway: 'paystack',
    reference,
    amountMinor,
    currency,
    email,
    metadata,
    channel: textOf(channels[0]) ?? 'card',
    returnUrls: {
      paid: callback,
      cancelled: addressOf(fieldsOf(metadata)['cancel_action']) ?? callback,
      failed: callback,
    },
  })
  const data = { authorization_url: pageUrl(world, payment), access_code: payment.token, reference }
  return { ...done('Authorization URL created', data), opened: reference }
}

function verify(world: World, { params }: Call): Reply {
  const payment = world.state.payment('paystack', params['reference'] ?? '')
  if (!payment)
    return {
      status: 404,
      body: {
        status: false,
        message: 'Transaction reference not found.',
        meta: {
          nextStep:
            "Ensure that you're passing the reference of a transaction that exists on this integration",
        },
        type: 'validation_error',
        code: 'transaction_not_found',
      },
    }
  return done('Verification successful', transactionShape(world, payment))
}

function list(world: World, call: Call): Reply {
  const status = call.query.get('status')
  const found = within(call, world.state.payments('paystack')).filter(
    (payment) => status === null || statusOf(world, payment) === status,
  )
  return listed(call, 'Transactions retrieved', found, (payment) => listedShape(world, payment))
}

function refund(world: World, { body }: Call): Reply {
  const named = textOf(body['transaction']) ?? String(body['transaction'])
  const payment =
    world.state.payment('paystack', named) ?? world.state.paymentOfCharge('paystack', Number(named))
  const charge = payment && takenCharge(payment)
  if (!payment) return notFound('Transaction not found')
  if (!charge) return refused(400, 'Transaction has not been successful', 'transaction_not_successful')
  if (charge.status === 'reversed' || refundable(world, payment, charge) === 0)
    return refused(400, 'Transaction has been fully reversed', 'transaction_reversed')

  const amountMinor = body['amount'] === undefined ? charge.amountMinor : wholeOf(body['amount'])
  if (amountMinor === undefined) return refused(400, 'Invalid Amount Sent', 'invalid_amount')
  if (amountMinor > refundable(world, payment, charge))
    return refused(400, 'Refund amount cannot be more than transaction amount', 'invalid_refund_amount')
  const order = orderRefund(world, payment, charge, {
    id: world.state.nextId(),
    amountMinor,
    note: textOf(body['merchant_note']) ?? textOf(body['customer_note']) ?? null,
    isInstant: false,
  })
  paystack.afterRefund(world, payment, order)
  return done('Refund has been queued for processing', refundOrderShape(payment, charge, order))
}

function retryRefund(world: World, { params }: Call): Reply {
  const found = world.state.refund('paystack', Number(params['id']))
  if (!found) return notFound('Refund not found')
  if (found.status !== 'needs-attention')
    return refused(400, 'Refund is not in a state that needs attention', 'invalid_refund_status')
  found.status = 'processing'
  found.plan = [{ to: 'processed', seconds: SETTLE_SECONDS }]
  planNext(world, found)
  const { payment, charge } = originOf(world, found)
  paystack.afterRefund(world, payment, found)
  return done('Refund retried and has been queued for processing', refundOrderShape(payment, charge, found))
}

function findRefund(world: World, { params }: Call): Reply {
  const found = world.state.refund('paystack', Number(params['id']))
  return found ? done('Refund retrieved', shapeOfRefund(world, found)) : notFound('Refund not found')
}

const listRefunds = (world: World, call: Call): Reply =>
  listed(call, 'Refunds retrieved', within(call, world.state.refunds('paystack')), (found) =>
    shapeOfRefund(world, found),
  )

const ROUTES: readonly GatewayRoute[] = [
  { method: 'POST', path: '/transaction/initialize', name: 'paystack.initialize', answer: initialize },
  { method: 'GET', path: '/transaction/verify/:reference', name: 'paystack.verify', answer: verify },
  { method: 'GET', path: '/transaction', name: 'paystack.list', answer: list },
  { method: 'POST', path: '/refund', name: 'paystack.refund', answer: refund },
  { method: 'GET', path: '/refund', name: 'paystack.list-refunds', answer: listRefunds },
  { method: 'GET', path: '/refund/:id', name: 'paystack.find-refund', answer: findRefund },
  {
    method: 'POST',
    path: '/refund/retry_with_customer_details/:id',
    name: 'paystack.retry-refund',
    answer: retryRefund,
  },
  ...TRANSFER_ROUTES,
]

/** Paystack: amounts in subunits, webhooks of successes only. */
export const paystack: GatewayPart = {
  basePath: '/paystack',
  routes: ROUTES,
  stranger: { status: 401, body: { status: false, message: 'Invalid key' } },
  errorBody: (message) => ({ status: false, message }),
  returnUrl({ returnUrls, reference }, action) {
    const url = action === 'cancel' ? returnUrls.cancelled : returnUrls.paid
    if (url === null || (action === 'cancel' && url !== returnUrls.paid)) return url
    const target = new URL(url)
    target.searchParams.set('trxref', reference)
    target.searchParams.set('reference', reference)
    return target.href
  },
  afterCharge(world, payment, charge) {
    if (charge.status === 'failed') return
    emit(world, payment, 'charge.success', {
      event: 'charge.success',
      data: chargeShape(world, payment, charge),
    })
  },
  afterDispute(world, payment, charge, step) {
    const event = `charge.${step.replace('-', '.')}`
    const data = disputeShape(world, payment, charge, step === 'dispute-resolve')
    emit(world, payment, event, { event, data })
  },
  afterRefund(world, payment, order) {
    const { charge } = originOf(world, order)
    const event = `refund.${order.status}`
    emit(world, payment, event, { event, data: refundEventShape(payment, charge, order) })
  },
  afterTransfer(world, made) {
    const event = `transfer.${made.status}`
    emit(world, made, event, { event, data: transferEventShape(world, made) })
  },
}

function originOf(world: World, order: Refund): { readonly payment: Payment; readonly charge: Charge } {
  const payment = world.state.payment('paystack', order.reference)!
  return { payment, charge: takenCharge(payment)! }
}

function shapeOfRefund(world: World, order: Refund): Record<string, unknown> {
  const { payment, charge } = originOf(world, order)
  return refundShape(payment, charge, order)
}
