import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createStage, makeDue, sweepPayments, type Stage } from '../../../test/gateway-faults/stage.ts'
import type { Outcome, Verification } from '../../platform/gateways/gateway.ts'
import type { Platform } from '../../platform/platform.ts'
import { auditLedger } from '../ledger/index.ts'
import { checkOwnPayment } from './check-own-payment.ts'
import { checkPayments } from './check-payments.ts'
import { choosePayment } from './choose-payment.ts'
import type { Payment } from './model/payment.ts'
import { openPaymentPage } from './open-payment-page.ts'
import { claimDuePayments, findPaymentById } from './payment-store.ts'
import { settlePayment } from './settle-payment.ts'

const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'
const FARE = 23_456
/** Rule PA16, in seconds from each question to the next. */
const GAPS = [30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600]

let stage: Stage
/** Payments that our client must fail on, as a fault of our own would; and what else a gateway may come to say of one. */
const cursed = new Set<string>()
const said = new Map<string, Outcome<Verification>>()
const inStage = (gateway: Parameters<typeof createStage>[0]) => {
  beforeAll(async () => {
    stage = await createStage(gateway, {
      wrap: (real) => ({
        ...real,
        verifyPayment(query) {
          if (cursed.has(query.reference)) return Promise.reject(new Error('a bug'))
          const answer = said.get(query.reference)
          return answer ? Promise.resolve(answer) : real.verifyPayment(query)
        },
      }),
    })
  })
  afterEach(async () => {
    stage.control.reset()
    await sql`update payment set due_at = null`.execute(stage.db.single)
    expect(await auditLedger(stage.platform)).toEqual([])
  })
  afterAll(() => stage.close())
}

async function choose(method: Payment['method'] = 'card', payment?: Payment): Promise<Payment> {
  const tripId = payment?.tripId ?? (await stage.addTrips([FARE]))[0]!.tripId
  const chosen = await choosePayment(stage.platform, await customerOf(tripId), tripId, method)
  return openPaymentPage(stage.platform, chosen.id, RETURN_URL)
}

async function customerOf(tripId: Payment['tripId']) {
  const query = stage.db.single.selectFrom('trip').select('customer_id').where('id', '=', tripId)
  return (await query.executeTakeFirstOrThrow()).customer_id
}

const find = async ({ id }: Payment) => (await findPaymentById(stage.db.single, id))!
const act = ({ reference }: Payment, action: 'pay' | 'decline') =>
  stage.control.pay({ gateway: stage.name, reference: reference!, action })

async function sweep(payment: Payment, platform: Platform = stage.platform): Promise<void> {
  await makeDue.payments(stage.db, [payment.tripId])
  await sweepPayments(platform)
}

const LATER: readonly Outcome<Verification>[] = [
  { outcome: 'done', value: { state: 'failed', reason: 'declined' } },
  { outcome: 'done', value: { state: 'open' } },
  { outcome: 'done', value: { state: 'missing' } },
  { outcome: 'refused', reason: 'invalid key' },
  { outcome: 'unknown', reason: 'timeout' },
]

/** Whole seconds until the next question; null when there is none. */
async function dueIn({ id }: Payment): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select ceil(extract(epoch from due_at - clock_timestamp()))::int as seconds from payment where id = ${id}`.execute(
    stage.db.single,
  )
  return rows[0]?.seconds ?? null
}

/** A few seconds may have gone by since. */
const expectDue = async (payment: Payment, seconds: number): Promise<void> => {
  const found = await dueIn(payment)
  expect(found).toBeLessThanOrEqual(seconds)
  expect(found).toBeGreaterThan(seconds - 20)
}

const verifications = (): number => {
  const { calls } = stage.control.effects()[stage.name]
  return (calls['verify'] ?? 0) + (calls['verify-by-reference'] ?? 0)
}

const casesOf = async ({ id }: Payment): Promise<string[]> =>
  (await stage.db.single.selectFrom('money_case').select('kind').where('payment_id', '=', id).execute()).map(
    ({ kind }) => kind,
  )

describe.each(['paystack', 'flutterwave', 'yoco'] as const)(
  'a payment by %s that nobody hears of',
  (gateway) => {
    inStage(gateway)

    it('[PA16] is asked about at its times, and then it is abandoned', async () => {
      const payment = await choose()
      for (const [index, seconds] of GAPS.entries()) {
        await expectDue(payment, seconds)
        // Before its time nobody asks.
        await sweepPayments(stage.platform)
        expect(verifications()).toBe(index)
        await sweep(payment)
      }
      expect(verifications()).toBe(GAPS.length)
      expect(await find(payment)).toMatchObject({ status: 'failed', failure: 'abandoned' })
      expect(await dueIn(payment)).toBeNull()
      expect(await casesOf(payment)).toEqual([])
    })

    it('[PA16] [PA10] is a case, and no failure, where the gateway never answers; and is paid when it does', async () => {
      let now = 0
      const platform = stage.platformWith({ now: () => now })
      const payment = await choose()
      act(payment, 'pay')
      const call = gateway === 'flutterwave' ? 'flutterwave.verify-by-reference' : `${gateway}.verify`
      stage.control.faultCalls({ call, fault: 'reset-before', times: GAPS.length })
      for (const seconds of GAPS) {
        await expectDue(payment, seconds)
        await sweep(payment, platform)
        expect((await find(payment)).status).toBe('pending')
        // The client rests for half a minute after three failures, and has rested long before the next question.
        now += 31_000
      }
      expect(await dueIn(payment)).toBeNull()
      expect(await casesOf(payment)).toEqual(['payment-unclear'])
      const customer = await customerOf(payment.tripId)
      expect((await checkOwnPayment(platform, customer, payment.tripId)).status).toBe('success')
      expect(await casesOf(payment)).toEqual(['payment-unclear'])
    })

    it('[PA10] stays paid, whatever the gateway may say of it later', async () => {
      const payment = await choose()
      act(payment, 'pay')
      await sweep(payment)
      for (const answer of LATER) {
        said.set(payment.reference!, answer)
        const asked = settlePayment(stage.platform, payment.reference!, { isAgain: true })
        if (answer.outcome === 'done') await asked
        else await expect(asked).rejects.toMatchObject({ code: 'gateway-unavailable' })
        expect(await find(payment)).toMatchObject({ status: 'success', failure: null })
        expect(await dueIn(payment)).toBeNull()
      }
      said.clear()
      expect(await casesOf(payment)).toEqual([])
    })

    it('[PA16] is asked about also when another took its place', async () => {
      const card = await choose()
      const transfer = await choose('bank_transfer', card)
      act(card, 'pay')
      await sweep(card)
      expect(await find(card)).toMatchObject({ status: 'success', isReplaced: false })
      expect(await find(transfer)).toMatchObject({ status: 'pending', isReplaced: true })
    })
  },
)

describe.each(['paystack', 'flutterwave'] as const)('who was declined by %s', (gateway) => {
  inStage(gateway)

  it('[PA10] [PA16] may pay on the same page: it is asked about further, and a late success counts', async () => {
    const payment = await choose()
    act(payment, 'decline')
    await sweep(payment)
    expect(await find(payment)).toMatchObject({ status: 'failed', failure: 'failed' })
    await expectDue(payment, 120)
    await sweep(payment)
    await expectDue(payment, 600)
    act(payment, 'pay')
    await sweep(payment)
    expect(await find(payment)).toMatchObject({ status: 'success', failure: null })
    expect(await dueIn(payment)).toBeNull()
  })

  it('[PA10] is told so when he asks himself', async () => {
    const payment = await choose()
    const customer = await customerOf(payment.tripId)
    const ask = async () => (await checkOwnPayment(stage.platform, customer, payment.tripId)).status
    act(payment, 'decline')
    expect(await ask()).toBe('failed')
    act(payment, 'pay')
    expect(await ask()).toBe('success')
  })

  it('[PA16] is asked about no longer than others, and no case comes of it', async () => {
    const payment = await choose()
    act(payment, 'decline')
    for (const seconds of GAPS) {
      await expectDue(payment, seconds)
      await sweep(payment)
    }
    expect(await find(payment)).toMatchObject({ status: 'failed', failure: 'failed' })
    expect(await dueIn(payment)).toBeNull()
    expect(await casesOf(payment)).toEqual([])
  })
})

describe('the sweep', () => {
  inStage('paystack')

  it('[PA16] [PA13] asks once about each of thirty, with four at work', async () => {
    const payments = await Promise.all(Array.from({ length: 30 }, () => choose()))
    for (const payment of payments) act(payment, 'pay')
    await makeDue.payments(
      stage.db,
      payments.map(({ tripId }) => tripId),
    )
    await Promise.all(Array.from({ length: 4 }, () => sweepPayments(stage.platform)))
    expect(verifications()).toBe(30)
    const statuses = await Promise.all(payments.map(async (payment) => (await find(payment)).status))
    expect(new Set(statuses)).toEqual(new Set(['success']))
  })

  it('[PA16] asks again once the lease of one that died has run out', async () => {
    const payment = await choose()
    act(payment, 'pay')
    await makeDue.payments(stage.db, [payment.tripId])
    expect(await claimDuePayments(stage.db.single, 10, 60)).toMatchObject([{ id: payment.id, checks: 1 }])
    await sweepPayments(stage.platform)
    expect((await find(payment)).status).toBe('pending')
    await expectDue(payment, 60)
    await sweep(payment)
    expect((await find(payment)).status).toBe('success')
  })

  it('[PA16] gets to the others where one cannot be settled', async () => {
    const [bad, good] = [await choose(), await choose()]
    cursed.add(bad.reference!)
    act(good, 'pay')
    await makeDue.payments(stage.db, [bad.tripId, good.tripId])
    expect(await checkPayments(stage.platform)).toBeGreaterThan(0)
    expect((await find(good)).status).toBe('success')
    expect((await find(bad)).status).toBe('pending')
    await expectDue(bad, 60)
  })
})
