import {
  chargeEventShape,
  minorOf,
  refundShape,
  transactionShape,
  transferShape,
} from './flutterwave-shapes.ts'
import { openPayment, orderRefund, orderTransfer, refundable } from './money.ts'
import type { Charge, Payment, Refund } from './state.ts'
import { addressOf, fieldsOf, pageOf, textOf, wholeOf, type Call, type Reply } from './wire.ts'
import { emit, nowOf, pageUrl, type GatewayPart, type GatewayRoute, type World } from './world.ts'

const PAGE_SIZE = 10

const done = (message: string, data: unknown, meta?: unknown): Reply => ({
  status: 200,
  body: { status: 'success', message, ...(meta !== undefined && { meta }), data },
})

const refused = (status: number, message: string): Reply => ({
  status,
  body: { status: 'error', message, data: null },
})

const NO_TRANSACTION = 'No transaction was found for this id'

function initialize(world: World, { body }: Call): Reply {
  const reference = textOf(body['tx_ref'])
  const amountMinor = minorOf(body['amount'])
  const email = textOf(fieldsOf(body['customer'])['email'])
  if (reference === undefined) return refused(400, 'tx_ref is required')
  if (amountMinor === undefined) return refused(400, 'amount is required')
  if (email === undefined) return refused(400, 'customer.email is required')

  const url = addressOf(body['redirect_url'])
  const terms = {
    amountMinor,
    currency: textOf(body['currency']) ?? 'NGN',
    email,
    metadata: body['meta'],
    channel: textOf(body['payment_options'])?.split(',')[0] ?? 'card',
    returnUrls: { paid: url, cancelled: url, failed: url },
  }
  const known = world.state.payment('flutterwave', reference)
  const payment = known
    ? Object.assign(known, terms)
    : openPayment(world, { gateway: 'flutterwave', reference, ...terms })
  return { ...done('Hosted Link', { link: pageUrl(world, payment) }), opened: reference }
}

function verify(world: World, { params }: Call): Reply {
  const found = chargeOf(world, Number(params['id']))
  return found
    ? done('Transaction fetched successfully', transactionShape(found.payment, found.charge))
    : refused(400, NO_TRANSACTION)
}

function verifyByReference(world: World, { query }: Call): Reply {
  const payment = world.state.payment('flutterwave', query.get('tx_ref') ?? '')
  const charge = payment?.charges.at(-1)
  return payment && charge
    ? done('Transaction fetched successfully', transactionShape(payment, charge))
    : refused(404, NO_TRANSACTION)
}

function list(world: World, call: Call): Reply {
  const status = call.query.get('status')
  const found = world.state
    .payments('flutterwave')
    .flatMap((payment) =>
      payment.charges.map((charge) => ({
        id: Number(charge.id),
        createdAt: charge.at,
        shape: transactionShape(payment, charge),
      })),
    )
    .filter(({ shape }) => status === null || shape['status'] === status)
    .sort((one, other) => one.id - other.id)
  return listed(call, 'Transactions fetched', found, ({ shape }) => shape)
}

function refund(world: World, { params, body }: Call): Reply {
  const found = chargeOf(world, Number(params['id']))
  if (!found) return refused(404, NO_TRANSACTION)
  const { payment, charge } = found
  if (charge.status !== 'success') return refused(400, 'This transaction cannot be refunded')
  const left = refundable(world, payment, charge)
  const amountMinor = body['amount'] === undefined ? left : minorOf(body['amount'])
  if (amountMinor === undefined || amountMinor > left || left === 0)
    return refused(400, 'Refund amount is more than the amount that can be refunded')
  const order = orderRefund(world, payment, charge, {
    id: world.state.nextId(),
    amountMinor,
    note: textOf(body['comments']) ?? null,
    isInstant: true,
  })
  return done('Transaction refund initiated', refundShape(charge, order))
}

function findRefund(world: World, { params }: Call): Reply {
  const found = world.state.refund('flutterwave', Number(params['id']))
  return found ? done('Refund fetched', shapeOfRefund(world, found)) : refused(404, 'Refund not found')
}

const listRefunds = (world: World, call: Call): Reply =>
  listed(call, 'Transaction refunds fetched', world.state.refunds('flutterwave'), (found) =>
    shapeOfRefund(world, found),
  )

function resendHook(world: World, { params }: Call): Reply {
  const found = chargeOf(world, Number(params['id']))
  if (!found) return refused(404, NO_TRANSACTION)
  flutterwave.afterCharge(world, found.payment, found.charge)
  return done('hook sent successfully', 'hook sent')
}

function transfer(world: World, { body }: Call): Reply {
  const reference = textOf(body['reference'])
  const [bankCode, accountNumber] = [textOf(body['account_bank']), textOf(body['account_number'])]
  const amountMinor = minorOf(body['amount'])
  if (!reference || !bankCode || !accountNumber || amountMinor === undefined)
    return refused(400, 'account_bank, account_number, amount and reference are required')
  if (world.state.transfer('flutterwave', reference))
    return refused(400, 'Transfer with reference already exists')

  const currency = textOf(body['currency']) ?? 'NGN'
  const made = orderTransfer(world, {
    gateway: 'flutterwave',
    reference,
    amountMinor,
    currency,
    reason: textOf(body['narration']) ?? '',
    recipient: {
      id: world.state.nextId(),
      code: accountNumber,
      type: 'bank',
      name: textOf(body['beneficiary_name']) ?? 'Test beneficiary',
      accountNumber,
      bankCode,
      currency,
      createdAt: nowOf(world),
    },
  })
  return done('Transfer Queued Successfully', transferShape(made, 'full_name'))
}

function findTransfer(world: World, { params }: Call): Reply {
  const found = world.state.transferOfId('flutterwave', Number(params['id']))
  return found
    ? done('Transfer fetched', transferShape(found, 'full_name'))
    : refused(404, 'No transfer was found for this id')
}

function listTransfers(world: World, call: Call): Reply {
  const reference = call.query.get('reference')
  const found = world.state
    .transfers('flutterwave')
    .filter((each) => reference === null || each.reference === reference)
  return listed(call, 'Transfers fetched', found, (each) => transferShape(each, 'full_name'))
}

const ROUTES: readonly GatewayRoute[] = [
  { method: 'POST', path: '/payments', name: 'flutterwave.initialize', answer: initialize },
  {
    method: 'GET',
    path: '/transactions/verify_by_reference',
    name: 'flutterwave.verify-by-reference',
    answer: verifyByReference,
  },
  { method: 'GET', path: '/transactions/:id/verify', name: 'flutterwave.verify', answer: verify },
  { method: 'GET', path: '/transactions', name: 'flutterwave.list', answer: list },
  { method: 'POST', path: '/transactions/:id/refund', name: 'flutterwave.refund', answer: refund },
  { method: 'GET', path: '/refunds/:id', name: 'flutterwave.find-refund', answer: findRefund },
  { method: 'GET', path: '/refunds', name: 'flutterwave.list-refunds', answer: listRefunds },
  {
    method: 'POST',
    path: '/transactions/:id/resend-hook',
    name: 'flutterwave.resend-hook',
    answer: resendHook,
  },
  { method: 'POST', path: '/transfers', name: 'flutterwave.transfer', answer: transfer },
  { method: 'GET', path: '/transfers/:id', name: 'flutterwave.find-transfer', answer: findTransfer },
  { method: 'GET', path: '/transfers', name: 'flutterwave.list-transfers', answer: listTransfers },
]

/** Flutterwave v3: amounts in major units, no transaction before somebody has tried to pay. */
export const flutterwave: GatewayPart = {
  basePath: '/flutterwave/v3',
  routes: ROUTES,
  stranger: refused(401, 'Invalid authorization key'),
  errorBody: (message) => ({ status: 'error', message, data: null }),
  returnUrl({ returnUrls, reference, charges }, action) {
    if (returnUrls.paid === null) return null
    const target = new URL(returnUrls.paid)
    const attempt = action === 'cancel' ? undefined : charges.at(-1)
    const tried = attempt?.status === 'failed' ? 'failed' : 'successful'
    target.searchParams.set('status', attempt ? tried : 'cancelled')
    target.searchParams.set('tx_ref', reference)
    if (attempt) target.searchParams.set('transaction_id', String(attempt.id))
    return target.href
  },
  afterCharge(world, payment, charge) {
    emit(world, payment, 'charge.completed', {
      event: 'charge.completed',
      data: chargeEventShape(payment, charge),
      meta_data: payment.metadata ?? {},
      'event.type': 'CARD_TRANSACTION',
    })
  },
  // Version 3 has no webhooks of disputes and refunds that we know of.
  afterDispute: () => undefined,
  afterRefund: () => undefined,
  afterTransfer(world, made) {
    emit(world, made, 'transfer.completed', {
      event: 'transfer.completed',
      'event.type': 'Transfer',
      data: { ...transferShape(made, 'fullname'), approver: null },
    })
  },
}

function chargeOf(
  world: World,
  id: number,
): { readonly payment: Payment; readonly charge: Charge } | undefined {
  const payment = world.state.paymentOfCharge('flutterwave', id)
  const charge = payment?.charges.find((each) => each.id === id)
  return payment && charge && { payment, charge }
}

function shapeOfRefund(world: World, found: Refund): Record<string, unknown> {
  return refundShape(chargeOf(world, Number(found.chargeId))!.charge, found)
}

/** One page, the newest first; `from` and `to` are days, both included. */
function listed<Item extends { readonly createdAt: string }>(
  { query }: Call,
  message: string,
  items: readonly Item[],
  shape: (item: Item) => unknown,
): Reply {
  const from = query.get('from')?.slice(0, 10) ?? ''
  const to = query.get('to')?.slice(0, 10) ?? '9'
  const found = items.filter(
    ({ createdAt }) => from <= createdAt.slice(0, 10) && createdAt.slice(0, 10) <= to,
  )
  const page = wholeOf(query.get('page') ?? 1) ?? 1
  const { items: shown, pages } = pageOf([...found].reverse(), page, PAGE_SIZE)
  const page_info = { total: found.length, current_page: page, total_pages: pages }
  return done(message, shown.map(shape), { page_info })
}
