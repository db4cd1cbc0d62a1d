import { planOfRefund, planOfTransfer, type PaymentScript } from './scripts.ts'
import type { Charge, Payment, Recipient, Refund, Transfer } from './state.ts'
import type { GatewayName } from './wire.ts'
import { nowOf, type Job, type World } from './world.ts'

/** What the merchant says of a payment, in every gateway's words. */
export type Order = Pick<
  Payment,
  'gateway' | 'reference' | 'amountMinor' | 'currency' | 'email' | 'channel' | 'metadata' | 'returnUrls'
> & { readonly key?: string; readonly keyedBody?: string }

/** Notes what is to be paid. */
export function openPayment(world: World, order: Order): Payment {
  const { key = null, keyedBody = '', ...terms } = order
  const payment: Payment = {
    ...terms,
    key,
    keyedBody,
    id: world.state.nextId(),
    token: world.state.nextCode(15),
    createdAt: nowOf(world),
    status: 'created',
    script: world.scripts.forPayment(order.gateway, order.reference),
    charges: [],
    plan: [],
  }
  world.state.addPayment(payment)
  return payment
}

/** The share that the gateway keeps: 1.5 %, rounded up. */
export const feeOf = (amountMinor: number): number => Math.ceil((amountMinor * 15) / 1000)

/** Notes that somebody paid, or was declined. */
export function recordCharge(
  world: World,
  payment: Payment,
  status: 'success' | 'failed',
  script: PaymentScript,
): Charge {
  const amountMinor = amountPaid(payment.amountMinor, script)
  const charge: Charge = {
    id: chargeId(world, payment),
    shownReference: script === 'other-reference' ? `${payment.reference}-other` : payment.reference,
    amountMinor,
    currency: script === 'other-currency' ? otherCurrency(payment.currency) : payment.currency,
    feeMinor: feeOf(amountMinor),
    isLive: world.isLive && script !== 'domain-test',
    at: nowOf(world),
    status,
  }
  world.state.addCharge(payment, charge)
  payment.status = status === 'success' ? 'paid' : 'declined'
  return charge
}

/** What of a charge has not been asked back. */
export function refundable(world: World, payment: Payment, charge: Charge): number {
  const asked = world.state
    .refundsOf(payment)
    .filter(({ chargeId: id, status }) => id === charge.id && status !== 'failed')
  return charge.amountMinor - asked.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
}

/** Whether the bank took a charge back, or refunds have returned all of it. */
export function isGivenBack(world: World, payment: Payment, charge: Charge): boolean {
  const returned = world.state
    .refundsOf(payment)
    .filter(({ chargeId: id, status }) => id === charge.id && status === 'processed')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  return charge.status === 'reversed' || returned >= charge.amountMinor
}

/** Notes a refund; an instant one is done at once unless its script wants otherwise. */
export function orderRefund(
  world: World,
  payment: Payment,
  charge: Charge,
  order: {
    readonly id: number | string
    readonly amountMinor: number
    readonly note: string | null
    readonly key?: string
    readonly keyedBody?: string
    readonly isInstant: boolean
  },
): Refund {
  const isDone = order.isInstant && !payment.script.startsWith('refund-')
  const refund: Refund = {
    gateway: payment.gateway,
    id: order.id,
    token: payment.token,
    reference: payment.reference,
    chargeId: charge.id,
    amountMinor: order.amountMinor,
    currency: charge.currency,
    note: order.note,
    key: order.key ?? null,
    keyedBody: order.keyedBody ?? '',
    createdAt: nowOf(world),
    firstStatus: isDone ? 'processed' : 'pending',
    status: isDone ? 'processed' : 'pending',
    plan: isDone ? [] : planOfRefund(payment.script),
  }
  world.state.addRefund(refund)
  planNext(world, refund)
  return refund
}

/** Notes a transfer to an account. */
export function orderTransfer(
  world: World,
  order: {
    readonly gateway: GatewayName
    readonly reference: string
    readonly amountMinor: number
    readonly currency: string
    readonly reason: string
    readonly recipient: Recipient
  },
): Transfer {
  const script = world.scripts.forTransfer(order.gateway, order.reference)
  const transfer: Transfer = {
    ...order,
    id: world.state.nextId(),
    code: `TRF_${world.state.nextCode(16)}`,
    createdAt: nowOf(world),
    status: script === 'transfer-otp' ? 'otp' : 'pending',
    plan: planOfTransfer(script),
  }
  world.state.addTransfer(transfer)
  planNext(world, transfer)
  return transfer
}

/** Puts the next step of something's plan on the agenda. */
export function planNext(world: World, subject: Payment | Refund | Transfer): void {
  const next = subject.plan[0]
  if (!next) return
  const { gateway } = subject
  const job: Job =
    'chargeId' in subject
      ? { kind: 'refund', gateway, id: subject.id }
      : 'token' in subject
        ? { kind: 'payment', gateway, token: subject.token }
        : { kind: 'transfer', gateway, reference: subject.reference }
  world.agenda.add(job, next.seconds)
}

/** One cent short, or one too many: whoever compares loosely does not see it. */
function amountPaid(asked: number, script: PaymentScript): number {
  if (script === 'underpay') return asked - 1
  return script === 'overpay' ? asked + 1 : asked
}

const otherCurrency = (currency: string): string => (currency === 'USD' ? 'NGN' : 'USD')

function chargeId(world: World, { gateway, id }: Payment): number | string {
  if (gateway === 'paystack') return id
  return gateway === 'yoco' ? `p_${world.state.nextCode(24)}` : world.state.nextId()
}
