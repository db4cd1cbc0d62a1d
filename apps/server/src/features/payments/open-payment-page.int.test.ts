import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createStage, makeDue, sweepPayments, type Stage } from '../../../test/gateway-faults/stage.ts'
import { newId, Refusal, type CustomerId } from '../../kernel/index.ts'
import { auditLedger, post } from '../ledger/index.ts'
import { cancelTrip } from '../trips/index.ts'
import { choosePayment } from './choose-payment.ts'
import type { Payment } from './model/payment.ts'
import { openPaymentPage } from './open-payment-page.ts'
import { findPaymentById } from './payment-store.ts'

const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'
const FARE = 23_456

let stage: Stage
const inStage = (gateway: Parameters<typeof createStage>[0]) => {
  beforeAll(async () => {
    stage = await createStage(gateway)
  })
  afterEach(async () => {
    stage.control.reset()
    expect(await auditLedger(stage.platform)).toEqual([])
  })
  afterAll(() => stage.close())
}

const newTrip = async () => (await stage.addTrips([FARE]))[0]!
type Trip = Awaited<ReturnType<typeof newTrip>>

const choose = ({ customerId, tripId }: Trip, method: Payment['method'] = 'card') =>
  choosePayment(stage.platform, customerId, tripId, method)
const open = ({ id }: Payment) => openPaymentPage(stage.platform, id, RETURN_URL)
const find = async ({ id }: Payment) => (await findPaymentById(stage.db.single, id))!
const codeOf = (error: unknown): string => (error instanceof Refusal ? error.code : String(error))
const told = (answer: Promise<Payment>): Promise<string> =>
  answer.then(({ link, status }) => (link === null ? status : 'link'), codeOf)

const calls = (name: string) => stage.control.effects()[stage.name].calls[name] ?? 0
const call = (name: string) => `${stage.name}.${name}`
const payAt = ({ reference }: Payment) =>
  stage.control.pay({ gateway: stage.name, reference: reference!, action: 'pay' })
const paymentsOf = ({ tripId }: Trip) =>
  stage.db.single
    .selectFrom('payment')
    .selectAll()
    .where('trip_id', '=', tripId)
    .orderBy('created_at')
    .execute()

/** Once a call is held; it was asked for just before, so that it comes. */
async function untilHeld(): Promise<void> {
  while (stage.control.held().length === 0) await new Promise((next) => setImmediate(next))
}

const giveCredit = ({ customerId }: Trip, amountMinor: number) =>
  stage.db.transaction((tx) =>
    post(tx, {
      kind: 'goodwill',
      key: newId(),
      currency: stage.currency,
      entries: [
        { account: { kind: 'commission', owner: stage.market }, amountMinor: -amountMinor },
        { account: { kind: 'credit', owner: customerId }, amountMinor },
      ],
    }),
  )

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('a page of %s', (gateway) => {
  inStage(gateway)

  it('[PA8] is asked for only once the payment is written down, under its reference', async () => {
    const trip = await newTrip()
    const payment = await choose(trip)
    expect(payment).toMatchObject({ status: 'created', reference: `toota-${payment.id}`, link: null })
    stage.control.hold({ call: call('initialize'), when: 'before' })
    const asking = open(payment)
    await untilHeld()
    const { rows } = await sql<{ isDue: boolean; isBusy: boolean }>`
      select due_at is not null as "isDue", busy_until > clock_timestamp() as "isBusy" from payment
      where id = ${payment.id} and reference = ${payment.reference} and status = 'created'`.execute(
      stage.db.single,
    )
    expect(rows).toEqual([{ isDue: true, isBusy: true }])
    stage.control.release()
    expect(await told(asking)).toBe('link')
  })

  it('[PA8] is asked for once, by ten at the same time', async () => {
    const payment = await choose(await newTrip())
    const answers = await Promise.all(Array.from({ length: 10 }, () => told(open(payment))))
    expect(answers).toContain('link')
    expect(answers.filter((answer) => answer !== 'link' && answer !== 'request-in-flight')).toEqual([])
    const again = await Promise.all(Array.from({ length: 10 }, () => open(payment)))
    expect(new Set(again.map(({ link }) => link)).size).toBe(1)
    expect(calls('initialize')).toBe(1)
  })

  it('[PA6] [PA8] comes once for ten clicks at once, and for one payment', async () => {
    const trip = await newTrip()
    const clicks = Array.from({ length: 10 }, async () => open(await choose(trip)))
    const answers = await Promise.all(clicks.map(told))
    expect(answers.filter((answer) => answer !== 'link' && answer !== 'request-in-flight')).toEqual([])
    expect(await paymentsOf(trip)).toHaveLength(1)
    expect(calls('initialize')).toBe(1)
  })

  it('[PA8] is looked up first when whoever asked has died, and his late answer changes nothing', async () => {
    const trip = await newTrip()
    const payment = await choose(trip)
    stage.control.hold({ call: call('initialize'), when: 'after' })
    const dying = open(payment)
    await untilHeld()
    expect(await told(open(payment))).toBe('request-in-flight')
    await sql`update payment set busy_until = clock_timestamp() where id = ${payment.id}`.execute(
      stage.db.single,
    )
    const opened = await open(payment)
    expect(opened.link).not.toBeNull()
    // Paystack takes a reference once, and has told nobody where its page is.
    expect(opened.id === payment.id).toBe(gateway !== 'paystack')
    expect(calls('verify') + calls('verify-by-reference')).toBe(gateway === 'yoco' ? 0 : 1)

    stage.control.release()
    await dying
    expect(await find(opened)).toMatchObject({ link: opened.link, status: 'pending', isReplaced: false })
    payAt(opened)
    await makeDue.payments(stage.db, [trip.tripId])
    await sweepPayments(stage.platform)
    expect((await find(opened)).status).toBe('success')
    expect(stage.control.effectsOf(opened.reference!).charges).toHaveLength(1)
  })

  it('[PA8] [PA10] can be asked for again at once where the look-up failed as well', async () => {
    const payment = await choose(await newTrip())
    stage.control.faultCalls({ call: call('initialize'), fault: 'reset-before' })
    expect(await told(open(payment))).toBe('gateway-unavailable')
    const look = gateway === 'flutterwave' ? 'verify-by-reference' : 'verify'
    stage.control.faultCalls({ call: call(look), fault: '500' })
    // Yoco has no page to be asked about.
    expect(await told(open(payment))).toBe(gateway === 'yoco' ? 'link' : 'gateway-unavailable')
    expect(await told(open(payment))).toBe('link')
    expect(await find(payment)).toMatchObject({ status: 'pending', failure: null })
  })

  it('[PA6] that comes after another way was chosen is nobody’s, and what was set aside is free again', async () => {
    const trip = await newTrip()
    await giveCredit(trip, 5_000)
    const card = await choose(trip)
    stage.control.hold({ call: call('initialize'), when: 'after' })
    const late = open(card)
    await untilHeld()
    const transfer = await choose(trip, 'bank_transfer')
    stage.control.release()
    expect((await late).link).toBeNull()
    expect(await find(card)).toMatchObject({ isReplaced: true, creditMinor: 5_000 })
    expect(await open(transfer)).toMatchObject({ status: 'pending', creditMinor: 5_000, isReplaced: false })
  })

  it('[PA6] after a failure is another one, the same way or not', async () => {
    const trip = await newTrip()
    const first = await open(await choose(trip))
    stage.control.pay({ gateway, reference: first.reference!, action: 'decline' })
    await sql`update payment set status = 'failed', failure = 'declined' where id = ${first.id}`.execute(
      stage.db.single,
    )
    const second = await open(await choose(trip))
    expect(second.id).not.toBe(first.id)
    expect(second.link).not.toBe(first.link)
    expect((await paymentsOf(trip)).map(({ replaced_at }) => replaced_at === null)).toEqual([false, true])
  })
})

describe('who may pay, and for what', () => {
  inStage('yoco')

  it('[PA7] only the customer of the trip, while it waits, and until it is paid', async () => {
    const trip = await newTrip()
    const stranger = newId<CustomerId>()
    const refused = (customerId: CustomerId) =>
      choosePayment(stage.platform, customerId, trip.tripId, 'card').catch(codeOf)
    expect(await refused(stranger)).toBe('not-found')
    const payment = await open(await choose(trip))
    payAt(payment)
    await makeDue.payments(stage.db, [trip.tripId])
    await sweepPayments(stage.platform)
    expect(await refused(trip.customerId)).toBe('already-paid')

    const other = await newTrip()
    const { customerId } = other
    await cancelTrip(stage.platform, other.tripId, { role: 'customer', accountId: customerId })
    expect(await choose(other).catch(codeOf)).toBe('trip-not-pending')
    // What was chosen before lapses with it: nobody is sent to a page.
    expect(calls('initialize')).toBe(1)
  })

  it('[PA8] [PA6] what the gateway refuses has failed, and another way is open at once', async () => {
    const trip = await newTrip()
    const payment = await choose(trip, 'mobile_money')
    await expect(open(payment)).rejects.toMatchObject({
      code: 'payment-refused',
      details: { reason: 'method-not-supported' },
    })
    expect(await find(payment)).toMatchObject({ status: 'failed', failure: 'method-not-supported' })
    expect(await choose(trip, 'cash')).toMatchObject({ status: 'pending', gateway: null })
  })

  it('[PA4] no gateway is asked for a few cents: the credit for them stays', async () => {
    const trip = await newTrip()
    await giveCredit(trip, FARE - 1)
    const payment = await open(await choose(trip))
    expect(payment).toMatchObject({ status: 'pending', creditMinor: FARE - 200 })
    expect(payment.amount.amountMinor).toBe(200)
    // Cash of a cent is no trouble to anybody.
    expect((await choose(trip, 'cash')).amount.amountMinor).toBe(1)
  })
})
