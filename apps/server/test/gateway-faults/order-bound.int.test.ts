import type { GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { auditLedger } from '../../src/features/ledger/index.ts'
import { reconcile } from '../../src/features/payments/reconcile.ts'
import {
  choosePayment,
  openPaymentPage,
  receiveWebhook,
  settlePayment,
  type Payment,
} from '../../src/features/payments/index.ts'
import { cancelTrip } from '../../src/features/trips/index.ts'
import { signatureHeaders } from '../gateways/signatures.ts'
import type { PaymentScript } from '../gateways/scripts.ts'
import type { Webhook } from '../gateways/webhooks.ts'
import { createRandom } from '../random.ts'
import { RETURN_URL } from './play.ts'
import { createStage, makeDue, sweepPayments, sweepRefunds, workOff, type Stage } from './stage.ts'

/* What the permutations leave out, since a poll cannot know it or since the first to be seen decides; see storylines.ts. */

const FARE = 23_456
const SHUFFLES = 12
const HOUR = 3600

let stage: Stage
const opened: Stage[] = []
afterEach(async () => {
  expect(await auditLedger(stage.platform)).toEqual([])
})
afterAll(() => Promise.all(opened.map((each) => each.close())))

/** One of its own, for a test whose time runs away. */
async function open(gateway: GatewayName): Promise<void> {
  stage = await createStage(gateway)
  opened.push(stage)
}

const shared = new Map<GatewayName, Stage>()
async function at(gateway: GatewayName): Promise<void> {
  const known = shared.get(gateway)
  if (known) stage = known
  else await open(gateway)
  shared.set(gateway, stage)
}

async function choose(
  method: 'card' | 'bank_transfer' = 'card',
  tripId?: Payment['tripId'],
): Promise<Payment> {
  const { platform } = stage
  const trip = tripId ? await tripOf(tripId) : (await stage.addTrips([FARE]))[0]!
  const chosen = await choosePayment(platform, trip.customerId, trip.tripId, method)
  return openPaymentPage(platform, chosen.id, RETURN_URL)
}

async function tripOf(tripId: Payment['tripId']) {
  const { customer_id } = await stage.db.single
    .selectFrom('trip')
    .select('customer_id')
    .where('id', '=', tripId)
    .executeTakeFirstOrThrow()
  return { tripId, customerId: customer_id }
}

const pay = (payment: Payment, script: PaymentScript = 'success') =>
  stage.control.pay({ gateway: stage.name, reference: payment.reference!, action: 'pay', script })

const cancel = async ({ tripId }: Payment) => {
  const { customerId } = await tripOf(tripId)
  await cancelTrip(stage.platform, tripId, { role: 'customer', accountId: customerId })
}

const made = ({ reference }: Payment): readonly Webhook[] => stage.control.webhooksOf(reference!)

async function deliver(webhooks: readonly Webhook[]): Promise<void> {
  for (const webhook of webhooks) {
    const headers = signatureHeaders(webhook, stage.fake.secrets, 'v3')
    await receiveWebhook(stage.platform, stage.name, headers, Buffer.from(webhook.body))
    await workOff(stage.platform)
  }
}

async function sweep({ tripId }: Payment): Promise<void> {
  await makeDue.payments(stage.db, [tripId])
  await sweepPayments(stage.platform)
  await makeDue.refunds(stage.db, [tripId])
  await sweepRefunds(stage.platform)
}

/** Each at least once, some again, in an order that follows from the seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = createRandom(seed)
  const dealt = [...items, ...items.filter(() => random() < 0.5)]
  return dealt
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}

type End = {
  status: string
  held: number
  credit: number
  owed: number
  charges: number
  refunds: string[]
  cases: string[]
}

async function endOf({ id, tripId }: Payment): Promise<End> {
  const { rows } = await sql<End>`
    select p.status, coalesce(sum(a.balance_minor) filter (where a.kind = 'held'), 0)::int as held,
      coalesce(sum(a.balance_minor) filter (where a.kind = 'credit'), 0)::int as credit,
      coalesce(-sum(a.balance_minor) filter (where a.kind = 'receivable'), 0)::int as owed,
      (select count(*)::int from charge where payment_id = p.id) as charges,
      coalesce((select json_agg(state order by state) from refund as r join charge as c on c.id = r.charge_id
        where c.payment_id = p.id), '[]') as refunds,
      coalesce((select json_agg(kind order by kind) from money_case where trip_id = p.trip_id), '[]') as cases
    from payment as p join trip as t on t.id = p.trip_id left join ledger_account as a on a.owner = t.customer_id::text
    where p.id = ${id} and t.id = ${tripId} group by p.id`.execute(stage.db.single)
  return rows[0]!
}

const PAID: End = { status: 'success', held: FARE, credit: 0, owed: 0, charges: 1, refunds: [], cases: [] }

describe('a second transaction under one reference (flutterwave)', () => {
  it('[PA12] [PA13] goes back once its webhook has come, in whatever order and number', async () => {
    await at('flutterwave')
    for (let seed = 1; seed <= SHUFFLES; seed++) {
      const payment = await choose()
      pay(payment, 'double-success')
      if (seed % 3 === 0) await sweep(payment)
      await deliver(shuffled(made(payment), seed))
      await sweep(payment)
      await sweep(payment)
      expect(await endOf(payment), `seed ${seed}`).toEqual({ ...PAID, charges: 2, refunds: ['done'] })
      expect(stage.control.effectsOf(payment.reference!).refunds).toHaveLength(1)
    }
  })

  it('[PA12] [LG8] goes back after the reconciliation of the day where no webhook came', async () => {
    await open('flutterwave')
    const payment = await choose()
    pay(payment, 'double-success')
    await sweep(payment)
    expect(await endOf(payment)).toEqual(PAID)
    const today = stage.platform.clock.now().toISOString().slice(0, 10)
    expect(await reconcile(stage.platform, stage.gateway, today)).toMatchObject({
      charges: 2,
      differences: [],
    })
    await sweep(payment)
    expect(await endOf(payment)).toEqual({ ...PAID, charges: 2, refunds: ['done'] })
  })
})

describe('what a bank takes back (paystack)', () => {
  it('[PA17] [PA13] a dispute ends the same, whatever the order and number of its webhooks', async () => {
    await open('paystack')
    for (let seed = 1; seed <= SHUFFLES; seed++) {
      const payment = await choose()
      pay(payment, 'dispute')
      await sweep(payment)
      await stage.pass(25 * HOUR)
      expect(made(payment).map(({ event }) => event)).toEqual([
        'charge.success',
        'charge.dispute.create',
        'charge.dispute.remind',
        'charge.dispute.resolve',
      ])
      await deliver(shuffled(made(payment), seed))
      expect(await endOf(payment), `seed ${seed}`).toEqual({
        ...PAID,
        status: 'reversed',
        held: 0,
        cases: ['charge-disputed', 'charge-reversed'],
      })
    }
  })

  it('[PA17] a reversal without a webhook is seen by whoever asks again, and no sweep does', async () => {
    await at('paystack')
    const payment = await choose()
    pay(payment, 'reversed')
    await sweep(payment)
    await stage.pass(10)
    await sweep(payment)
    await deliver(made(payment))
    expect(await endOf(payment)).toEqual(PAID)
    await settlePayment(stage.platform, payment.reference!, { isAgain: true })
    await settlePayment(stage.platform, payment.reference!, { isAgain: true })
    expect(await endOf(payment)).toEqual({ ...PAID, status: 'reversed', held: 0, cases: ['charge-reversed'] })
  })

  it('[PA9] [PA17] money that came and went before we asked was never ours', async () => {
    await at('paystack')
    const payment = await choose()
    pay(payment, 'reversed')
    await stage.pass(10)
    await deliver(shuffled(made(payment), 1))
    for (let n = 0; n < 6; n++) await sweep(payment)
    expect(await endOf(payment)).toEqual({ ...PAID, status: 'failed', held: 0, charges: 0 })
  })
})

describe('refunds that take their time', () => {
  const REFUNDED: End = { ...PAID, status: 'refunded', held: 0, refunds: ['done'], cases: ['refund-stuck'] }

  it.each(['paystack', 'flutterwave', 'yoco'] as const)(
    '[RF1] one that takes 72 hours is asked about until it is done, and a person is asked meanwhile: %s',
    async (gateway) => {
      await open(gateway)
      const payment = await choose()
      pay(payment, 'refund-slow')
      await sweep(payment)
      await cancel(payment)
      for (let n = 0; n < 6; n++) {
        await sweep(payment)
        await stage.pass(10)
      }
      const waiting = { ...REFUNDED, status: 'refunding', refunds: ['sent'] }
      expect(await endOf(payment)).toEqual(waiting)
      await stage.pass(73 * HOUR)
      await sweep(payment)
      // Nobody can ask Yoco; its webhook says it.
      expect(await endOf(payment)).toEqual(gateway === 'yoco' ? waiting : REFUNDED)
      await deliver([...made(payment), ...made(payment)])
      expect(await endOf(payment)).toEqual(REFUNDED)
      expect(stage.control.effectsOf(payment.reference!).refunds).toHaveLength(1)
    },
  )

  it('[RF3] [PA13] one that failed at Yoco is credit once, whatever the order and number of webhooks', async () => {
    await at('yoco')
    for (let seed = 1; seed <= SHUFFLES; seed++) {
      const payment = await choose()
      pay(payment, 'refund-failed')
      await sweep(payment)
      await cancel(payment)
      await sweep(payment)
      await stage.pass(10)
      await deliver(shuffled(made(payment), seed))
      await sweep(payment)
      const end = { ...REFUNDED, status: 'refunding', credit: FARE, refunds: ['failed'] }
      expect(await endOf(payment), `seed ${seed}`).toEqual(end)
    }
  })
})

describe('two attempts that both pay', () => {
  it.each(['paystack', 'flutterwave', 'yoco'] as const)(
    '[PA11] [PA12] the first to be seen counts, with what was too much; the other goes back whole: %s',
    async (gateway) => {
      await at(gateway)
      for (const isFirstSeenFirst of [true, false]) {
        const first = await choose('card')
        const second = await choose('bank_transfer', first.tripId)
        pay(first, 'overpay')
        pay(second)
        for (const payment of isFirstSeenFirst ? [first, second] : [second, first])
          await settlePayment(stage.platform, payment.reference!)
        await sweep(first)
        await stage.pass(10)
        await sweep(first)
        const [counted, other] = isFirstSeenFirst ? [first, second] : [second, first]
        const credit = isFirstSeenFirst ? 1 : 0
        expect(await endOf(counted)).toEqual({ ...PAID, credit })
        expect(await endOf(other)).toEqual({ ...PAID, credit, status: 'refunded', refunds: ['done'] })
      }
    },
  )
})

describe('who pays after we have given up', () => {
  it.each(['paystack', 'flutterwave', 'yoco'] as const)(
    '[PA10] [PA16] is heard by a webhook, and by the reconciliation where there is a list: %s',
    async (gateway) => {
      await at(gateway)
      for (const isTold of [true, false]) {
        const payment = await choose()
        for (let n = 0; n < 6; n++) await sweep(payment)
        expect(await endOf(payment)).toMatchObject({ status: 'failed', charges: 0 })
        pay(payment)
        await sweep(payment)
        expect(await endOf(payment)).toMatchObject({ status: 'failed', charges: 0 })
        if (isTold) await deliver(made(payment))
        else
          await reconcile(
            stage.platform,
            stage.gateway,
            stage.platform.clock.now().toISOString().slice(0, 10),
          )
        const isHeard = isTold || gateway !== 'yoco'
        expect(await endOf(payment)).toMatchObject(isHeard ? PAID : { status: 'failed', charges: 0 })
      }
    },
  )
})
