import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditLedger } from '../../src/features/ledger/index.ts'
import {
  choosePayment,
  openPaymentPage,
  receiveWebhook,
  viewVerified,
  type Payment,
} from '../../src/features/payments/index.ts'
import { findPaymentById } from '../../src/features/payments/payment-store.ts'
import { cancelTrip } from '../../src/features/trips/index.ts'
import { Refusal } from '../../src/kernel/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { signatureHeaders } from '../gateways/signatures.ts'
import { RETURN_URL } from './play.ts'
import { CHANNELS, FARE, SCRIPTS, type Channel, type Money, type ScriptRow } from './script-ends.ts'
import {
  createStage,
  makeDue,
  sweepPayments,
  sweepRefunds,
  workOff,
  type Stage,
  type StageTrip,
} from './stage.ts'

let stage: Stage
let platform: Platform

/** Enough for a refund; and to ask for a person where one is not heard of. */
const LOOKS = 3
const ALL_LOOKS = 6

/** All webhooks there are by now; whether it is their first time makes no difference. */
async function deliver({ reference }: Payment, copies: number): Promise<void> {
  for (const webhook of stage.control.webhooksOf(reference!)) {
    const headers = signatureHeaders(webhook, stage.fake.secrets, 'v3')
    const body = Buffer.from(webhook.body)
    await Promise.all(
      Array.from({ length: copies }, () => receiveWebhook(platform, stage.name, headers, body)),
    )
  }
  await makeDue.events(stage.db)
  await workOff(platform)
}

async function comeBack(payment: Payment): Promise<void> {
  const [charge] = stage.control.effectsOf(payment.reference!).charges
  const transactionId = charge ? String(charge.id) : null
  await viewVerified(platform, { id: payment.id }, { transactionId }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
  })
}

async function sweep(tripId: StageTrip['tripId']): Promise<void> {
  await makeDue.payments(stage.db, [tripId])
  await sweepPayments(platform)
  await makeDue.refunds(stage.db, [tripId])
  await sweepRefunds(platform)
}

async function play(row: ScriptRow, channel: Channel): Promise<Payment> {
  stage.control.reset()
  platform = stage.platformWith()
  const [trip] = await stage.addTrips([FARE])
  const { customerId, tripId } = trip!
  const chosen = await choosePayment(platform, customerId, tripId, 'card')
  const payment = await openPaymentPage(platform, chosen.id, RETURN_URL)
  const { fault, webhooks, isRedirected } = channel
  for (const call of fault ? verifyCalls() : []) stage.control.faultCalls({ call, fault: fault!, stallMs: 5 })
  stage.control.pay({ gateway: stage.name, reference: payment.reference!, action: 'pay', script: row.script })
  if (webhooks > 0) await deliver(payment, webhooks)
  if (isRedirected) await comeBack(payment)
  if (row.isCancelled) await cancelTrip(platform, tripId, { role: 'customer', accountId: customerId })
  if (row.afterSeconds) await stage.pass(row.afterSeconds)

  const money = moneyWanted(row, channel)
  for (let n = 0; n < (money.returning ? ALL_LOOKS : row.isCancelled ? LOOKS : 2); n++) {
    if (webhooks > 0) await deliver(payment, webhooks)
    await sweep(tripId)
    await stage.pass(3)
  }
  return payment
}

const moneyWanted = (row: ScriptRow, { webhooks }: Channel): Money =>
  webhooks > 0 ? row.money : (row.unheard ?? row.money)

/** Flutterwave is asked by the transaction that a webhook names, and by the reference. */
const verifyCalls = (): string[] =>
  stage.name === 'flutterwave'
    ? ['flutterwave.verify', 'flutterwave.verify-by-reference']
    : [`${stage.name}.verify`]

type Sums = { held: number; credit: number; booked: number; done: number; open: number }

async function moneyOf({ id, tripId, reference }: Payment): Promise<Money> {
  const { rows } = await sql<Sums>`
    select coalesce(sum(balance_minor) filter (where kind = 'held'), 0)::int as held,
      coalesce(sum(balance_minor) filter (where kind = 'credit'), 0)::int as credit,
      (select coalesce(sum(amount_minor), 0)::int from charge where payment_id = ${id}) as booked,
      (select coalesce(sum(r.amount_minor), 0)::int from refund as r join charge as c on c.id = charge_id
       where payment_id = ${id} and state = 'done') as done,
      (select coalesce(sum(r.amount_minor), 0)::int from refund as r join charge as c on c.id = charge_id
       where payment_id = ${id} and state in ('created', 'sent')) as open
    from trip left join ledger_account on owner = customer_id::text where trip.id = ${tripId}`.execute(
    stage.db.single,
  )
  const { held, credit, booked, done, open } = rows[0]!
  const taken = stage.control
    .effectsOf(reference!)
    .charges.reduce((sum, charge) => sum + charge.amountMinor, 0)
  const all = { held, credit, unbooked: taken - booked, back: done, returning: open }
  return Object.fromEntries(Object.entries(all).filter(([, amountMinor]) => amountMinor !== 0))
}

const casesOf = async (tripId: StageTrip['tripId']): Promise<string[]> =>
  (await stage.db.single.selectFrom('money_case').select('kind').where('trip_id', '=', tripId).execute()).map(
    ({ kind }) => kind,
  )

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('%s', (gateway) => {
  beforeAll(async () => {
    stage = await createStage(gateway)
  })
  afterAll(async () => {
    expect(await auditLedger(stage.platform)).toEqual([])
    await stage.close()
  })

  const rows = SCRIPTS.filter(({ on }) => !on || on.includes(gateway)).map((row) => [row.words, row] as const)

  it.each(rows)(
    '[PA9] [PA10] [PA11] [PA13] [RF3] ends the same, however it gets to us: %s',
    async (_words, row) => {
      for (const channel of CHANNELS) {
        const payment = await play(row, channel)
        const money = moneyWanted(row, channel)
        const found = await findPaymentById(stage.db.single, payment.id)
        expect(
          { status: found?.status, money: await moneyOf(payment), cases: await casesOf(payment.tripId) },
          channel.words,
        ).toEqual({ status: row.status, money, cases: row.cases })
      }
    },
  )
})
