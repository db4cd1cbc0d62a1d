import type { ChargeReport } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Gateway } from '../../platform/gateways/gateway.ts'
import type { NewsItem } from '../../platform/news.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { openCase } from './case-store.ts'
import { findCharge, insertCharge, saveReversed } from './charge-store.ts'
import { mayStillBePaid, nextCheckAfter, wasPaid, type PaidTrip, type Payment } from './model/payment.ts'
import type { Verdict } from './model/verdict.ts'
import { prolongQuote } from './paid-trip-store.ts'
import { paymentChanged } from './payment-news.ts'
import { lockPayment, replacePayment, savePayment } from './payment-store.ts'
import {
  chargePaid,
  chargeReturned,
  chargeReversed,
  chargeUnderpaid,
  creditReturned,
  creditSetAside,
} from './postings.ts'
import { insertRefund } from './refund-store.ts'
import { returnUndriven } from './return-undriven.ts'

/** The payment afterwards, and what is to be told of it. */
export type Settled = { readonly after: Payment; readonly news: readonly NewsItem[] }

type Matter = {
  readonly trip: PaidTrip
  readonly payment: Payment
  readonly gateway: Gateway['name']
  readonly live: Payment | undefined
}

/** Books a verdict, under the locks of the trip and the payment. */
export async function carryOut(tx: Tx, matter: Matter, verdict: Verdict): Promise<Settled> {
  const { trip, payment } = matter
  switch (verdict.verdict) {
    case 'none':
      return { after: payment, news: [] }
    case 'wait':
      return { after: await waitOn(tx, payment), news: [] }
    case 'fail':
      return told(trip, await fail(tx, payment, verdict.reason, nextCheckAfter(payment.checks) ?? null))
    case 'mismatch':
      return mismatch(tx, matter, verdict.charge, verdict.reason)
    case 'underpay':
      return underpay(tx, matter, verdict.charge)
    case 'return':
      return giveBack(tx, matter, verdict.charge, verdict.reason)
    case 'adopt':
      return adopt(tx, matter, verdict.charge)
    case 'pay':
      return pay(tx, matter, verdict.charge)
    case 'reverse':
      return reverse(tx, matter, verdict.charge)
  }
}

const waitOn = (tx: Tx, payment: Payment): Promise<Payment> =>
  savePayment(tx, payment, {
    status: payment.status,
    dueAfterSeconds: nextCheckAfter(payment.checks) ?? null,
  })

const told = (trip: PaidTrip, after: Payment): Settled => ({ after, news: paymentChanged(trip, after) })

/** It is asked about all the same: a late success counts. */
const fail = (tx: Tx, payment: Payment, failure: string, dueAfterSeconds: number | null = null) =>
  savePayment(tx, payment, { status: 'failed', failure, dueAfterSeconds })

async function mismatch(
  tx: Tx,
  { trip, payment, gateway }: Matter,
  charge: ChargeReport,
  reason: string,
): Promise<Settled> {
  await openCase(tx, {
    kind: 'payment-mismatch',
    about: `${gateway}:${charge.gatewayId}`,
    tripId: trip.id,
    paymentId: payment.id,
    details: { reason, gateway, ...charge },
  })
  if (!mayStillBePaid(payment)) return { after: payment, news: [] }
  const failure = `mismatch: ${reason}`
  const after = await fail(tx, payment, failure)
  return payment.failure === failure ? { after, news: [] } : told(trip, after)
}

async function underpay(tx: Tx, { trip, payment, gateway }: Matter, charge: ChargeReport): Promise<Settled> {
  await insertCharge(tx, payment.id, gateway, charge, false)
  await post(tx, chargeUnderpaid(trip, gateway, charge))
  const change = { status: 'underpaid', failure: null, dueAfterSeconds: null, isVerified: true } as const
  return told(trip, await savePayment(tx, payment, change))
}

/** Money that is not needed goes back by itself. The payment is told of only when it was nothing else before. */
async function giveBack(
  tx: Tx,
  { trip, payment, gateway }: Matter,
  report: ChargeReport,
  reason: string,
): Promise<Settled> {
  const charge = await insertCharge(tx, payment.id, gateway, report, false)
  await post(tx, chargeReturned(trip, gateway, report))
  await insertRefund(tx, charge.id, charge.amountMinor, reason)
  if (wasPaid(payment)) return { after: payment, news: [] }
  const change = { status: 'refunding', failure: null, dueAfterSeconds: null, isVerified: true } as const
  return told(trip, await savePayment(tx, payment, change))
}

/** An older attempt has paid after all, before anything else did: it takes the live one's place. */
async function adopt(tx: Tx, matter: Matter, charge: ChargeReport): Promise<Settled> {
  const { trip, payment, live } = matter
  const account = { kind: 'credit', owner: trip.customerId } as const
  const freedMinor = live?.creditMinor ?? 0
  const creditMinor = freedMinor + (await lockBalance(tx, account, trip.fare.currency))
  if (creditMinor < payment.creditMinor) return giveBack(tx, matter, charge, 'replaced')
  if (live) {
    await replacePayment(tx, live.id)
    await post(tx, creditReturned(trip, live))
  }
  await post(tx, creditSetAside(trip, payment, 2))
  return pay(tx, matter, charge)
}

/** Who has paid gets this long to find a driver. */
const QUOTE_MINUTES = 30

async function pay(tx: Tx, { trip, payment, gateway }: Matter, charge: ChargeReport): Promise<Settled> {
  await insertCharge(tx, payment.id, gateway, charge, true)
  await post(tx, chargePaid(trip, payment, gateway, charge))
  const paid = await savePayment(tx, payment, {
    status: 'success',
    failure: null,
    dueAfterSeconds: null,
    isVerified: true,
    isReplaced: false,
  })
  if (trip.status === 'pending') {
    await prolongQuote(tx, trip.id, QUOTE_MINUTES)
    return told(trip, paid)
  }
  // The trip ended while the customer was paying.
  const news = await returnUndriven(tx, [trip], 'trip-ended')
  return { after: await lockPayment(tx, payment.id), news: [...paymentChanged(trip, paid), ...news] }
}

async function reverse(tx: Tx, { trip, payment, gateway }: Matter, report: ChargeReport): Promise<Settled> {
  const charge = await findCharge(tx, gateway, report.gatewayId)
  if (!charge) throw new Error(`charge ${report.gatewayId} is gone`)
  await saveReversed(tx, charge.id)
  await post(tx, chargeReversed(trip, payment, gateway, charge))
  await openCase(tx, {
    kind: 'charge-reversed',
    about: charge.id,
    tripId: trip.id,
    paymentId: payment.id,
    details: { gateway, gatewayId: charge.gatewayId, amountMinor: charge.amountMinor },
  })
  if (!charge.isCounted || payment.status !== 'success') return { after: payment, news: [] }
  return told(trip, await savePayment(tx, payment, { status: 'reversed', dueAfterSeconds: null }))
}
