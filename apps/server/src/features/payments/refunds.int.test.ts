import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { cancelTrip, type Trip } from '../trips/index.ts'
import type { Payment } from './model/payment.ts'
import { refundPayment, type RefundRequest } from './refund-payment.ts'
import { sendRefunds } from './send-refunds.ts'
import { stateCash } from './state-cash.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

let customer: CustomerId
let driver: DriverId
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
})

type Market = 'ZA' | 'NG'
type Script = 'success' | 'overpay' | 'underpay' | 'refund-failed' | 'refund-needs-attention'
const paid = async (market: Market = 'ZA', script: Script = 'success') => {
  const trip = await world.newTrip(customer, market)
  const payment = await world.choose(trip)
  world.gateways.pay({ gateway: payment.gateway!, reference: referenceOf(payment), action: 'pay', script })
  return { trip, payment: await world.settle(payment) }
}
const driven = async (market: Market = 'ZA', script: Script = 'success') => {
  const bought = await paid(market, script)
  await world.drive(bought.trip, driver)
  return bought
}
const cancel = ({ id }: Trip) => cancelTrip(world.platform, id, { role: 'customer', accountId: customer })
const refund = (payment: Payment, request: Partial<RefundRequest> = {}) =>
  refundPayment(world.platform, payment.id, {
    ...{ amountMinor: payment.amount.amountMinor, reason: 'it was late', isFromCredit: false },
    ...request,
  })
const refundedAt = (payment: Payment) =>
  world.gateways.effectsOf(referenceOf(payment)).refunds.map(({ amountMinor }) => amountMinor)
const credit = (market: Market = 'ZA') => world.balance('credit', customer, market === 'ZA' ? 'ZAR' : 'NGN')
const casesOf = async (payment: Payment) =>
  (
    await world.db.single
      .selectFrom('money_case')
      .select(['kind', 'refund_id'])
      .where('payment_id', '=', payment.id)
      .execute()
  ).map(({ kind }) => kind)
const dueNow = () =>
  sql`update refund set due_at = clock_timestamp() where due_at is not null`.execute(world.db.single)

describe.each(['ZA', 'NG'] as const)('a refund in %s', (market) => {
  it('[RF1] is sent once, by ten sweeps at once and again and again', async () => {
    const { trip, payment } = await paid(market)
    await cancel(trip)
    for (let round = 0; round < 3; round++) {
      await dueNow()
      await Promise.all(Array.from({ length: 10 }, () => sendRefunds(world.platform)))
      await world.gateways.advance(1)
    }
    await world.finishRefunds()
    expect(refundedAt(payment)).toEqual([payment.amount.amountMinor])
    expect((await world.find(payment.id)).status).toBe('refunded')
  })

  it('[RF1] of one whole payment is asked for by two staff at once, and one is refused', async () => {
    const { payment } = await driven(market)
    const both = await Promise.allSettled([refund(payment), refund(payment)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(both).toContainEqual({
      ...{ status: 'rejected', reason: expect.objectContaining({ code: 'refund-refused' }) as unknown },
    })
    await world.finishRefunds()
    expect(refundedAt(payment)).toEqual([payment.amount.amountMinor])
  })

  it('[RF2] of parts never exceeds the charge, in any order and at once', async () => {
    const { payment } = await driven(market)
    const part = Math.floor(payment.amount.amountMinor / 3)
    const parts = await Promise.allSettled(
      Array.from({ length: 8 }, () => refund(payment, { amountMinor: part })),
    )
    expect(parts.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(
      refund(payment, { amountMinor: payment.amount.amountMinor - 3 * part + 1 }),
    ).rejects.toMatchObject({
      ...{ code: 'refund-refused', details: { leftMinor: payment.amount.amountMinor - 3 * part } },
    })
    await world.finishRefunds()
    expect(refundedAt(payment)).toEqual([part, part, part])
  })

  it('[RF3] that fails is the credit of the customer, and a case; then it can be tried again out of that', async () => {
    const { trip, payment } = await paid(market, 'refund-failed')
    await cancel(trip)
    await world.finishRefunds()
    expect(await credit(market)).toBe(payment.amount.amountMinor)
    expect(await casesOf(payment)).toEqual(['refund-stuck'])
    expect(await world.balance('held', customer, payment.amount.currency)).toBe(0)

    world.gateways.setScript({ script: 'success', reference: referenceOf(payment) })
    await refund(payment, { isFromCredit: true })
    expect(await credit(market)).toBe(0)
    await world.finishRefunds()
    expect(refundedAt(payment)).toEqual([payment.amount.amountMinor])
    expect((await world.find(payment.id)).status).toBe('refunded')
  })
})

describe('a refund', () => {
  it('[RF2] is refused by the database itself when all together would be more than the charge', async () => {
    const { payment } = await driven()
    const beyond = sql`
      update charge set refunded_minor = amount_minor + 1 where payment_id = ${payment.id}`.execute(
      world.db.single,
    )
    await expect(beyond).rejects.toMatchObject({ code: '23514', constraint: 'charge_refunds' })
  })

  it('[RF3] that waits for a person at the gateway is a case, and goes on to be asked about', async () => {
    const { trip, payment } = await paid('ZA', 'refund-needs-attention')
    await cancel(trip)
    await world.finishRefunds()
    expect(await casesOf(payment)).toEqual(['refund-stuck'])
    expect((await world.find(payment.id)).status).toBe('refunding')
    expect(await credit()).toBe(0)
    const { due_at: dueAt } = await world.db.single
      .selectFrom('refund')
      .innerJoin('charge', 'charge.id', 'refund.charge_id')
      .select('due_at')
      .where('charge.payment_id', '=', payment.id)
      .executeTakeFirstOrThrow()
    expect(dueAt).not.toBeNull()
  })

  it('[RF4] of a driven trip is the loss of the operator: driver and credit stay as they are', async () => {
    const { payment } = await driven()
    const before = {
      driver: await world.balance('driver', driver),
      commission: await world.balance('commission', 'ZA'),
    }
    const given = await refund(payment, { amountMinor: 500 })
    expect(given).toMatchObject({ amountMinor: 500, refundId: expect.any(String) as unknown })
    await world.finishRefunds()
    expect(refundedAt(payment)).toEqual([500])
    expect(await world.balance('driver', driver)).toBe(before.driver)
    expect(await world.balance('commission', 'ZA')).toBe(before.commission - 500)
    expect(await credit()).toBe(0)
    expect((await world.find(payment.id)).status).toBe('success')
    const { rows } =
      await sql`select memo from ledger_transaction where kind = 'refund' and key = ${given.refundId}`.execute(
        world.db.single,
      )
    expect(rows).toEqual([{ memo: 'it was late' }])
  })

  it('[RF4] is refused before the trip is driven, after it was cancelled, and of what was never paid', async () => {
    const { trip, payment } = await paid()
    await expect(refund(payment)).rejects.toMatchObject({ code: 'refund-refused' })
    await cancel(trip)
    await expect(refund(payment)).rejects.toMatchObject({ code: 'refund-refused' })
    const unpaid = await world.choose(await world.newTrip(customer))
    await expect(refund(unpaid)).rejects.toMatchObject({ code: 'refund-refused' })
    await expect(refund({ ...unpaid, id: trip.id as never })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('[RF4] out of credit gives back what was paid too much, up to what is left of both', async () => {
    const { payment } = await driven('ZA', 'overpay')
    expect(await credit()).toBe(1)
    await expect(refund(payment, { amountMinor: 2, isFromCredit: true })).rejects.toMatchObject({
      ...{ code: 'refund-refused', details: { leftMinor: 1 } },
    })
    const both = await Promise.allSettled(
      [1, 1].map((amountMinor) => refund(payment, { amountMinor, isFromCredit: true })),
    )
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await world.finishRefunds()
    expect([await credit(), refundedAt(payment)]).toEqual([0, [1]])
  })

  it('[RF4] out of credit gives back an attempt that was too little to pay the trip', async () => {
    const { payment } = await paid('ZA', 'underpay')
    const amountMinor = payment.amount.amountMinor - 1
    expect(await credit()).toBe(amountMinor)
    await refund(payment, { amountMinor, isFromCredit: true })
    await world.finishRefunds()
    expect([await credit(), refundedAt(payment)]).toEqual([0, [amountMinor]])
  })

  it('[RF4] [RF2] out of other credit leaves the charge what it may have to give back: the trip can be cancelled', async () => {
    const inCash = await world.newTrip(customer)
    const bought = await paid()
    await world.choose(inCash, 'cash')
    await world.drive(inCash, driver)
    await stateCash(world.platform, driver, inCash.id, { receivedMinor: inCash.fare.amountMinor + 800 })
    expect(await credit()).toBe(800)

    // All of the charge is held for the trip, which may still be cancelled.
    await expect(refund(bought.payment, { amountMinor: 800, isFromCredit: true })).rejects.toMatchObject({
      ...{ code: 'refund-refused', details: { leftMinor: 0 } },
    })
    await cancel(bought.trip)
    await world.finishRefunds()
    expect(refundedAt(bought.payment)).toEqual([bought.payment.amount.amountMinor])
    expect((await world.find(bought.payment.id)).status).toBe('refunded')

    const next = await driven()
    expect(next.payment.creditMinor).toBe(800)
  })

  it('[RF4] out of credit, once the trip is driven, may take of its charge', async () => {
    const { payment } = await driven()
    const inCash = await world.newTrip(customer)
    await world.choose(inCash, 'cash')
    await world.drive(inCash, driver)
    await stateCash(world.platform, driver, inCash.id, { receivedMinor: inCash.fare.amountMinor + 800 })
    await refund(payment, { amountMinor: 800, isFromCredit: true })
    await world.finishRefunds()
    expect([await credit(), refundedAt(payment)]).toEqual([0, [800]])
    await expect(refund(payment)).rejects.toMatchObject({
      details: { leftMinor: payment.amount.amountMinor - 800 },
    })
  })
})

describe('cash', () => {
  const inCash = async (more = 0) => {
    const trip = await world.newTrip(customer)
    await world.choose(trip, 'cash')
    await world.drive(trip, driver)
    if (more !== 0)
      await stateCash(world.platform, driver, trip.id, { receivedMinor: trip.fare.amountMinor + more })
    const { id } = await world.db.single
      .selectFrom('payment')
      .select('id')
      .where('trip_id', '=', trip.id)
      .executeTakeFirstOrThrow()
    return { trip, payment: await world.find(id) }
  }

  it('[RF4] that staff give back becomes credit, at once and up to what was paid, with the reason', async () => {
    const { trip, payment } = await inCash()
    const { amountMinor } = trip.fare
    const given = await refund(payment, { amountMinor: 500 })
    expect(given).toMatchObject({ refundId: null, amountMinor: 500 })
    expect(await credit()).toBe(500)
    await expect(refund(payment)).rejects.toMatchObject({
      ...{ code: 'refund-refused', details: { leftMinor: amountMinor - 500 } },
    })
    const rest = await Promise.allSettled(
      Array.from({ length: 4 }, () => refund(payment, { amountMinor: amountMinor - 500 })),
    )
    expect(rest.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await credit()).toBe(amountMinor)
    await expect(refund(payment, { amountMinor: 1 })).rejects.toMatchObject({ code: 'refund-refused' })
    await expect(refund(payment, { isFromCredit: true })).rejects.toMatchObject({ code: 'refund-refused' })
  })

  it('[RF4] of which too little was paid is given back up to what was paid', async () => {
    const { trip, payment } = await inCash(-2_000)
    const paidMinor = trip.fare.amountMinor - 2_000
    await expect(refund(payment, { amountMinor: paidMinor + 1 })).rejects.toMatchObject({
      ...{ code: 'refund-refused', details: { leftMinor: paidMinor } },
    })
    await refund(payment, { amountMinor: paidMinor })
    expect(await credit()).toBe(paidMinor)
  })

  it('[RF4] of which too much was paid is given back up to the fare: the rest is credit already', async () => {
    const { trip, payment } = await inCash(300)
    await expect(refund(payment, { amountMinor: trip.fare.amountMinor + 1 })).rejects.toMatchObject({
      code: 'refund-refused',
    })
    await refund(payment, { amountMinor: trip.fare.amountMinor })
    expect(await credit()).toBe(trip.fare.amountMinor + 300)
  })
})
