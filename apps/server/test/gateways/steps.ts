import { GATEWAY_PARTS } from './gateway-parts.ts'
import { planNext, recordCharge } from './money.ts'
import { planOfPayment, type PaymentScript, type PaymentStep } from './scripts.ts'
import type { Charge, Payment } from './state.ts'
import { takenCharge, type CustomerAction, type Job, type World } from './world.ts'

/** What a customer does on the page, as the payment's script has it. What is paid stays paid. */
export function act(
  world: World,
  payment: Payment,
  action: CustomerAction,
  script: PaymentScript = payment.script,
): void {
  payment.script = script
  if (payment.status === 'paid') return
  if (action === 'cancel' || (action === 'pay' && script === 'abandon-then-late-success'))
    payment.status = 'cancelled'
  else if (action === 'decline' || script === 'fail') charge(world, payment, 'failed', script)
  else take(world, payment, script)
  if (action !== 'pay') return
  payment.plan = planOfPayment(script)
  planNext(world, payment)
}

/** The next step of a plan, now that its time has come. */
export function takeStep(world: World, job: Exclude<Job, { readonly kind: 'webhook' }>): void {
  const { state } = world
  if (job.kind === 'refund') {
    const refund = state.refund(job.gateway, job.id)
    const step = refund?.plan.shift()
    if (!refund || !step) return
    refund.status = step.to
    GATEWAY_PARTS[job.gateway].afterRefund(world, state.paymentOfPage(job.gateway, refund.token)!, refund)
    planNext(world, refund)
  } else if (job.kind === 'transfer') {
    const transfer = state.transfer(job.gateway, job.reference)
    const step = transfer?.plan.shift()
    if (!transfer || !step) return
    transfer.status = step.to
    GATEWAY_PARTS[job.gateway].afterTransfer(world, transfer)
    planNext(world, transfer)
  } else {
    const payment = state.paymentOfPage(job.gateway, job.token)
    const step = payment?.plan.shift()
    if (!payment || !step) return
    takePaymentStep(world, payment, step.to)
    planNext(world, payment)
  }
}

function takePaymentStep(world: World, payment: Payment, step: PaymentStep): void {
  if (step === 'paid') {
    if (payment.status !== 'paid') take(world, payment, 'success')
    return
  }
  const taken = takenCharge(payment)!
  if (step === 'reversed' || step === 'dispute-resolve') taken.status = 'reversed'
  if (step !== 'reversed') GATEWAY_PARTS[payment.gateway].afterDispute(world, payment, taken, step)
}

function take(world: World, payment: Payment, script: PaymentScript): void {
  charge(world, payment, 'success', script)
  // Paystack and Yoco have one charge of a payment at most.
  if (script === 'double-success' && payment.gateway === 'flutterwave')
    charge(world, payment, 'success', script)
}

function charge(world: World, payment: Payment, status: 'success' | 'failed', script: PaymentScript): void {
  const made: Charge = recordCharge(world, payment, status, script)
  GATEWAY_PARTS[payment.gateway].afterCharge(world, payment, made)
}
