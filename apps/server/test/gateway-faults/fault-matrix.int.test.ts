import { sql } from 'kysely'
import type { GatewayName } from '@toota/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choosePayment, openPaymentPage, type Payment } from '../../src/features/payments/index.ts'
import { auditLedger } from '../../src/features/ledger/index.ts'
import { cancelTrip } from '../../src/features/trips/index.ts'
import { checkOwnPayment } from '../../src/features/payments/check-own-payment.ts'
import { Refusal } from '../../src/kernel/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  at,
  CALL_NAMES,
  effectOf,
  FAULTS,
  FIND_REFUND_ENDS,
  INITIALIZE_ENDS,
  isAsking,
  REFUND_ENDS,
  VERIFY_END,
  type CallKind,
  type FaultRow,
} from './call-faults.ts'
import { RETURN_URL } from './play.ts'
import { createStage, makeDue, sweepPayments, sweepRefunds, type Stage, type StageTrip } from './stage.ts'

const FARE = 23_456
/** Our limit, and how long a stall is then. */
const OURS_MS = 120
const STALL_MS = 60_000

let stage: Stage
let platform: Platform
let trip: StageTrip

/** A trip, and a client that has no failures behind it; nothing of the cell before is due any more. */
async function enter(row: FaultRow): Promise<void> {
  stage.control.reset()
  await sql`update payment set due_at = null`.execute(stage.db.single)
  platform = stage.platformWith(row.isLate ? { timeoutMs: OURS_MS } : {})
  trip = (await stage.addTrips([FARE]))[0]!
}

const spoil = (call: CallKind, row: FaultRow, nth = 1): void =>
  stage.control.faultCalls({
    call: CALL_NAMES[call][stage.name],
    fault: row.fault,
    nth,
    stallMs: row.isLate ? STALL_MS : 5,
    hugeBytes: 1_500_000,
    ...(row.isProcessed !== undefined && { isProcessed: row.isProcessed }),
  })

const callsOf = (call: CallKind): number =>
  stage.control.effects()[stage.name].calls[CALL_NAMES[call][stage.name].split('.')[1]!] ?? 0

/** What a client is told: a page, the status where none is needed, or a refusal's code. */
const told = (answer: Promise<Payment>): Promise<string> =>
  answer.then(
    ({ link, status }) => (status === 'pending' && link !== null ? 'link' : status),
    (error: unknown) => {
      if (error instanceof Refusal) return error.code
      throw error
    },
  )

async function pay(): Promise<Payment> {
  const chosen = await choosePayment(platform, trip.customerId, trip.tripId, 'card')
  return openPaymentPage(platform, chosen.id, RETURN_URL)
}

async function paymentsOf() {
  return stage.db.single
    .selectFrom('payment')
    .selectAll()
    .where('trip_id', '=', trip.tripId)
    .orderBy('created_at')
    .execute()
}

const live = async () => (await paymentsOf()).find(({ replaced_at }) => replaced_at === null)!

const atPage = async (): Promise<void> => {
  const { reference } = await live()
  stage.control.pay({ gateway: stage.name, reference: reference!, action: 'pay' })
}

const sweep = async (): Promise<void> => {
  await makeDue.payments(stage.db, [trip.tripId])
  await sweepPayments(platform)
}

const sendBack = async (): Promise<void> => {
  await makeDue.refunds(stage.db, [trip.tripId])
  await sweepRefunds(platform)
}

/** Paid, cancelled, and nothing sent back yet. */
async function payAndCancel(): Promise<void> {
  await pay()
  await atPage()
  await sweep()
  await cancelTrip(platform, trip.tripId, { role: 'customer', accountId: trip.customerId })
}

async function moved() {
  const references = (await paymentsOf()).map(({ reference }) => stage.control.effectsOf(reference!))
  return {
    charges: references.flatMap(({ charges }) => charges).length,
    refunds: references.flatMap(({ refunds }) => refunds).length,
  }
}

async function refundState(): Promise<string | undefined> {
  const { rows } = await sql<{ state: string }>`
    select r.state from refund as r join charge as c on c.id = r.charge_id join payment as p on p.id = c.payment_id
    where p.trip_id = ${trip.tripId}`.execute(stage.db.single)
  return rows[0]?.state
}

const booked = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from charge join payment as p on p.id = payment_id where trip_id = ${trip.tripId}`.execute(
    stage.db.single,
  )
  return rows[0]!.n
}

/** It is over: what the trip's accounts hold, what has moved, and whether a person has to look. */
async function expectEnd(status: 'success' | 'refunded'): Promise<void> {
  const isPaid = status === 'success'
  expect(await live()).toMatchObject({ status, failure: null })
  expect(await moved()).toEqual({ charges: 1, refunds: isPaid ? 0 : 1 })
  const { rows } = await sql<{ held: number; cases: number }>`
    select (select coalesce(sum(balance_minor), 0)::int from ledger_account
            where kind in ('held', 'credit') and owner = ${trip.customerId}) as held,
      (select count(*)::int from money_case where trip_id = ${trip.tripId}) as cases`.execute(stage.db.single)
  expect(rows[0]).toEqual({ held: isPaid ? FARE : 0, cases: 0 })
}

const forChanges = FAULTS.map((row) => [row.words, row] as const)
/** Where whether it was done makes no difference, once is enough. */
const forQuestions = forChanges.filter(
  ([, { fault, isLate }], index) =>
    FAULTS.findIndex((other) => other.fault === fault && other.isLate === isLate) === index,
)

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('%s', (gateway: GatewayName) => {
  beforeAll(async () => {
    stage = await createStage(gateway)
  })
  afterAll(async () => {
    expect(await auditLedger(stage.platform)).toEqual([])
    await stage.close()
  })

  it.each(forChanges)('[PA8] [PA10] a page is asked for, and comes: %s', async (_words, row) => {
    await enter(row)
    const end = INITIALIZE_ENDS[effectOf(row, 'initialize', gateway)]
    spoil('initialize', row)
    expect(await told(pay())).toBe(end.told)
    expect((await live()).status).toBe(end.status)

    expect(await told(pay())).toBe('link')
    expect(await paymentsOf()).toHaveLength(at(end.attempts, gateway))
    expect([callsOf('initialize'), callsOf('verify')]).toEqual([
      at(end.initialized, gateway),
      at(end.verified, gateway),
    ])
    await atPage()
    await sweep()
    await expectEnd('success')
  })

  it.each(forQuestions)('[PA10] [PA9] it is asked what became of it, and comes: %s', async (_words, row) => {
    await enter(row)
    expect(isAsking('verify')).toBe(true)
    await pay()
    await atPage()
    spoil('verify', row)
    expect(await told(checkOwnPayment(platform, trip.customerId, trip.tripId))).toBe(VERIFY_END.told)
    expect((await live()).status).toBe(VERIFY_END.status)
    expect(await booked()).toBe(VERIFY_END.booked)

    await sweep()
    await expectEnd('success')
  })

  it.each(forChanges)('[RF1] a refund is sent, and comes: %s', async (_words, row) => {
    await enter(row)
    const end = REFUND_ENDS[effectOf(row, 'refund', gateway)]
    await payAndCancel()
    spoil('refund', row)
    await sendBack()
    expect(await refundState()).toBe(at(end.state, gateway))
    expect((await moved()).refunds).toBe(end.made)

    await sendBack()
    await stage.pass(10)
    await sendBack()
    expect(callsOf('refund')).toBe(at(end.sent, gateway))
    await expectEnd('refunded')
  })

  it.each(forQuestions)('[RF1] it is asked what became of a refund, and comes: %s', async (_words, row) => {
    await enter(row)
    const isHarmless = effectOf(row, 'find-refund', gateway) === 'no harm'
    const end = FIND_REFUND_ENDS[isHarmless ? 'no harm' : 'spoiled']
    await payAndCancel()
    stage.control.faultCalls({ call: CALL_NAMES.refund[gateway], fault: 'reset-after' })
    // Of Yoco the question is the order once more.
    spoil('find-refund', row, gateway === 'yoco' ? 2 : 1)
    await sendBack()
    await sendBack()
    expect(await refundState()).toBe(at(end.state, gateway))
    expect((await moved()).refunds).toBe(1)

    await stage.pass(10)
    await sendBack()
    expect(callsOf('refund')).toBe(at(end.sent, gateway))
    await expectEnd('refunded')
  })
})
