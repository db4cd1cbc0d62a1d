import { isGivenBack } from './money.ts'
import type { Charge, Payment, Recipient, Refund, Transfer } from './state.ts'
import { takenCharge, type World } from './world.ts'

const INTEGRATION = 463433

const CARD = {
  bin: '408408',
  last4: '4081',
  exp_month: '12',
  exp_year: '2030',
  channel: 'card',
  card_type: 'visa ',
  bank: 'TEST BANK',
  country_code: 'NG',
  brand: 'visa',
  reusable: true,
  account_name: null,
}

/** How a transaction stands: `abandoned` and `ongoing` may still be paid, `reversed` may also be a full refund. */
export function statusOf(world: World, payment: Payment): string {
  const charge = takenCharge(payment)
  if (charge) return isGivenBack(world, payment, charge) ? 'reversed' : charge.status
  if (payment.status === 'declined') return 'failed'
  return payment.status === 'opened' ? 'ongoing' : 'abandoned'
}

const GATEWAY_RESPONSES: Readonly<Record<string, string>> = {
  success: 'Successful',
  reversed: 'Successful',
  failed: 'Declined',
  ongoing: 'The transaction has been initiated',
  abandoned: 'The transaction was not completed',
}

/** `data` of a verified transaction; a `metadata` that was not given is an empty string here. */
export function transactionShape(world: World, payment: Payment): Record<string, unknown> {
  const charge = takenCharge(payment)
  const paidAt = charge?.at ?? null
  return {
    ...coreShape(world, payment, charge),
    receipt_number: null,
    ip_address: '197.210.54.33',
    metadata: payment.metadata ?? '',
    log: null,
    fees: charge?.feeMinor ?? null,
    fees_split: null,
    customer: { ...customerShape(payment), international_format_phone: null },
    plan: null,
    split: {},
    order_id: null,
    paidAt,
    createdAt: payment.createdAt,
    requested_amount: payment.amountMinor,
    pos_transaction_data: null,
    source: null,
    fees_breakdown: null,
    connect: null,
    transaction_date: payment.createdAt,
    plan_object: {},
    subaccount: {},
  }
}

/** A transaction in a list; without `metadata` it has null there. */
export const listedShape = (world: World, payment: Payment): Record<string, unknown> => ({
  ...coreShape(world, payment, takenCharge(payment)),
  ip_address: null,
  metadata: payment.metadata ?? null,
  log: null,
  fees: takenCharge(payment)?.feeMinor ?? null,
  paidAt: takenCharge(payment)?.at ?? null,
  createdAt: payment.createdAt,
  customer: customerShape(payment),
  plan: {},
  requested_amount: payment.amountMinor,
})

/** `data` of `charge.success`; without `metadata` it has the number 0 there, and it does not know the fees. */
export const chargeShape = (world: World, payment: Payment, charge: Charge): Record<string, unknown> => ({
  ...coreShape(world, payment, charge),
  status: 'success',
  ip_address: '41.242.49.37',
  metadata: payment.metadata ?? 0,
  log: null,
  fees: null,
  customer: customerShape(payment),
  plan: {},
})

/** `data` of the events of a dispute. */
export const disputeShape = (
  world: World,
  payment: Payment,
  charge: Charge,
  isResolved: boolean,
): Record<string, unknown> => ({
  id: payment.id + 1,
  refund_amount: charge.amountMinor,
  currency: charge.currency,
  status: isResolved ? 'resolved' : 'awaiting-merchant-feedback',
  resolution: isResolved ? 'merchant-accepted' : null,
  domain: domainOf(charge.isLive),
  transaction: transactionShape(world, payment),
  transaction_reference: null,
  category: 'chargeback',
  customer: customerShape(payment),
  bin: CARD.bin,
  last4: CARD.last4,
  dueAt: null,
  resolvedAt: isResolved ? world.agenda.now().toISOString() : null,
  evidence: null,
  attachments: null,
  note: null,
  history: [],
  messages: [],
  created_at: charge.at,
  updated_at: world.agenda.now().toISOString(),
})

/** `data` of the events of a refund: `amount` is a string until something is wrong with it. */
export function refundEventShape(payment: Payment, charge: Charge, refund: Refund): Record<string, unknown> {
  const isTrouble = refund.status === 'failed' || refund.status === 'needs-attention'
  const note = refund.note ?? `Refund for transaction ${payment.reference}`
  return {
    status: refund.status,
    transaction_reference: payment.reference,
    refund_reference: refund.status === 'pending' ? null : `TRF_${refund.id}`,
    amount: isTrouble ? refund.amountMinor : String(refund.amountMinor),
    currency: refund.currency,
    ...(refund.status !== 'needs-attention' && { processor: 'instant-transfer' }),
    customer: { first_name: null, last_name: null, email: payment.email },
    integration: INTEGRATION,
    domain: domainOf(charge.isLive),
    ...(refund.status === 'needs-attention' && {
      id: String(refund.id),
      customer_note: note,
      merchant_note: `${note} by test@example.com`,
    }),
  }
}

/** A refund as it is listed and fetched: `transaction` is a number. */
export const refundShape = (payment: Payment, charge: Charge, refund: Refund): Record<string, unknown> => ({
  integration: INTEGRATION,
  transaction: payment.id,
  dispute: null,
  settlement: null,
  domain: domainOf(charge.isLive),
  amount: refund.amountMinor,
  deducted_amount: refund.status === 'processed' ? refund.amountMinor : 0,
  fully_deducted: refund.status === 'processed',
  currency: refund.currency,
  channel: payment.channel,
  status: refund.status,
  refunded_by: 'test@example.com',
  refunded_at: refund.status === 'processed' ? refund.createdAt : null,
  expected_at: refund.createdAt,
  customer_note: refund.note ?? `Refund for transaction ${payment.reference}`,
  merchant_note: refund.note ?? `Refund for transaction ${payment.reference} by test@example.com`,
  id: refund.id,
  createdAt: refund.createdAt,
  updatedAt: refund.createdAt,
})

/** The answer to a refund's order: `transaction` is an object. */
export const refundOrderShape = (
  payment: Payment,
  charge: Charge,
  refund: Refund,
): Record<string, unknown> => ({
  ...refundShape(payment, charge, refund),
  channel: null,
  transaction: {
    id: payment.id,
    domain: domainOf(charge.isLive),
    reference: payment.reference,
    amount: charge.amountMinor,
    paid_at: charge.at,
    channel: payment.channel,
    currency: charge.currency,
    authorization: { exp_month: null, exp_year: null, account_name: null },
    customer: { international_format_phone: null },
    plan: {},
    subaccount: { currency: null },
    split: {},
    order_id: null,
    paidAt: charge.at,
    pos_transaction_data: null,
    source: null,
    fees_breakdown: null,
  },
})

/** An account that can be paid out to. */
export const recipientShape = (world: World, recipient: Recipient): Record<string, unknown> => ({
  active: true,
  createdAt: recipient.createdAt,
  currency: recipient.currency,
  description: null,
  domain: domainOf(world.isLive),
  email: null,
  id: recipient.id,
  integration: INTEGRATION,
  metadata: null,
  name: recipient.name,
  recipient_code: recipient.code,
  type: recipient.type,
  updatedAt: recipient.createdAt,
  is_deleted: false,
  isDeleted: false,
  details: {
    authorization_code: null,
    account_number: recipient.accountNumber,
    account_name: recipient.name,
    bank_code: recipient.bankCode,
    bank_name: 'TEST BANK',
  },
})

/** A transfer as it is answered to its order: the recipient is a number. */
export const transferShape = (world: World, transfer: Transfer): Record<string, unknown> => ({
  domain: domainOf(world.isLive),
  amount: transfer.amountMinor,
  currency: transfer.currency,
  reference: transfer.reference,
  source: 'balance',
  source_details: null,
  reason: transfer.reason,
  status: transfer.status,
  failures: null,
  transfer_code: transfer.code,
  titan_code: null,
  transferred_at: null,
  id: transfer.id,
  integration: INTEGRATION,
  request: transfer.id + 1,
  recipient: transfer.recipient.id,
  createdAt: transfer.createdAt,
  updatedAt: transfer.createdAt,
})

/** A transfer as it is verified: the recipient is an object. */
export const verifiedTransferShape = (world: World, transfer: Transfer): Record<string, unknown> => ({
  ...transferShape(world, transfer),
  recipient: recipientShape(world, transfer.recipient),
  session: { provider: null, id: null },
  fee_charged: 0,
  fees_breakdown: null,
  gateway_response: null,
})

/** `data` of a transfer's events: the integration is an object too. */
export const transferEventShape = (world: World, transfer: Transfer): Record<string, unknown> => ({
  ...verifiedTransferShape(world, transfer),
  integration: { id: INTEGRATION, is_live: world.isLive, business_name: 'Test merchant', logo_path: null },
})

const domainOf = (isLive: boolean): string => (isLive ? 'live' : 'test')

const coreShape = (world: World, payment: Payment, charge: Charge | undefined): Record<string, unknown> => ({
  id: payment.id,
  domain: domainOf(charge?.isLive ?? world.isLive),
  status: statusOf(world, payment),
  reference: charge?.shownReference ?? payment.reference,
  amount: charge?.amountMinor ?? payment.amountMinor,
  message: null,
  gateway_response: GATEWAY_RESPONSES[statusOf(world, payment)],
  paid_at: charge?.at ?? null,
  created_at: payment.createdAt,
  channel: payment.channel,
  currency: charge?.currency ?? payment.currency,
  authorization: charge ? { authorization_code: `AUTH_${payment.token.slice(0, 10)}`, ...CARD } : {},
})

const customerShape = (payment: Payment): Record<string, unknown> => ({
  id: payment.id - 1,
  first_name: null,
  last_name: null,
  email: payment.email,
  customer_code: `CUS_${payment.token}`,
  phone: null,
  metadata: null,
  risk_action: 'default',
})
