import { NewPayment, type PaymentMethod } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { commissionOn, createCashStage } from '../../../test/money-sim/cash-stage.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { cancelTrip, expireQuotes, offerTrip, requestTrip, type Trip } from '../trips/index.ts'
import { choosePayment } from './choose-payment.ts'
import { creditFor, type Payment } from './model/payment.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

const stage = createCashStage(() => world)
let customer: CustomerId
let driver: DriverId
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
})

/** The customer has paid this much too much for an earlier trip. */
async function giveCredit(amountMinor: number): Promise<void> {
  const cash = await stage.start('completed', { customer, driver })
  await stage.state(cash, { receivedMinor: cash.dueMinor + amountMinor })
}
const pay = (payment: Payment, script: 'success' | 'overpay' | 'underpay' | 'fail' = 'success') => {
  const { gateway } = payment
  world.gateways.pay({ gateway: gateway!, reference: referenceOf(payment), action: 'pay', script })
  return world.settle(payment)
}
const choose = (trip: Trip, method: PaymentMethod = 'card') =>
  choosePayment(world.platform, customer, trip.id, method)
const has = async () => ({
  credit: await world.balance('credit', customer),
  held: await world.balance('held', customer),
})

describe("a customer's credit", () => {
  it.each(['cash', 'card', 'mobile_money', 'bank_transfer'] as const)(
    '[PA4] pays first, and %s only the rest',
    async (method) => {
      await giveCredit(700)
      const trip = await world.newTrip(customer)
      const payment = await choose(trip, method)
      expect(payment).toMatchObject({
        ...{ creditMinor: 700, amount: { ...trip.fare, amountMinor: trip.fare.amountMinor - 700 } },
      })
      expect(await has()).toEqual({ credit: 0, held: 700 })
      if (method !== 'cash') await pay(await world.choose(trip, method))
      await world.drive(trip, driver)
      expect(await has()).toEqual({ credit: 0, held: 0 })
    },
  )

  it('[PA4] is counted by us: whoever pays names no amount', () => {
    expect(NewPayment.safeParse({ method: 'card' }).success).toBe(true)
    for (const more of [{ amountMinor: 1 }, { creditMinor: 0 }, { currency: 'NGN' }, { gateway: 'yoco' }])
      expect(NewPayment.safeParse({ method: 'card', ...more }).success).toBe(false)
  })

  it('[PA4] that covers all pays at once, without a gateway, and a driver can be asked', async () => {
    await giveCredit(1_000_000)
    const trip = await world.newTrip(customer)
    const calls = () => Object.values(world.gateways.effects().paystack.calls).reduce((sum, n) => sum + n, 0)
    const before = calls()
    const payment = await world.choose(trip)
    expect(payment).toMatchObject({
      ...{ status: 'success', gateway: null, reference: null, link: null },
      ...{ amount: { amountMinor: 0 }, creditMinor: trip.fare.amountMinor },
    })
    expect(calls()).toBe(before)
    const { rows } = await sql`
      select 1 from news where account_id = ${customer} and kind = 'payment.changed'
        and data ->> 'paymentId' = ${payment.id} and data ->> 'status' = 'success'`.execute(world.db.single)
    expect(rows).toHaveLength(1)
    await expect(choose(trip, 'cash')).rejects.toMatchObject({ code: 'already-paid' })
    await world.drive(trip, driver)
    expect(await has()).toEqual({ credit: 1_000_000 - trip.fare.amountMinor, held: 0 })
  })

  it('[PA4] that covers all leaves a driver of a cash trip nothing to take but his earnings', async () => {
    await giveCredit(1_000_000)
    const before = await world.balance('driver', driver)
    const cash = await stage.start('completed', { customer, driver })
    expect(cash.dueMinor).toBe(0)
    expect(await stage.find(cash)).toMatchObject({ status: 'success', receivedMinor: 0 })
    const earned = cash.trip.fare.amountMinor - commissionOn(cash.trip)
    expect((await world.balance('driver', driver)) - before).toBe(earned)
    // What he was given all the same is credit again.
    await stage.state(cash, { receivedMinor: 60 })
    expect((await world.balance('driver', driver)) - before).toBe(earned - 60)
    expect(await world.audit()).toEqual([])
  })

  it('[PA6] [PA4] is free again when the payment is replaced, and is set aside anew', async () => {
    await giveCredit(700)
    const trip = await world.newTrip(customer)
    for (const method of ['card', 'cash', 'mobile_money', 'cash', 'card', 'cash'] as const) {
      expect((await choose(trip, method)).creditMinor).toBe(700)
      expect(await has()).toEqual({ credit: 0, held: 700 })
    }
    await world.drive(trip, driver)
    expect(await has()).toEqual({ credit: 0, held: 0 })
  })

  it('[PA6] is set aside once, by many who choose at once', async () => {
    await giveCredit(700)
    const trip = await world.newTrip(customer)
    const methods = ['card', 'cash', 'mobile_money', 'bank_transfer', 'card', 'cash'] as const
    await Promise.all(methods.map((method) => choose(trip, method)))
    expect(await has()).toEqual({ credit: 0, held: 700 })
  })

  it('[PA4] pays for one of many trips that are chosen at once, as far as it goes', async () => {
    await giveCredit(700)
    const trips = await Promise.all(Array.from({ length: 6 }, () => world.newTrip(customer)))
    const payments = await Promise.all(
      trips.map((trip, index) => choose(trip, index % 2 === 0 ? 'cash' : 'card')),
    )
    expect(payments.map(({ creditMinor }) => creditMinor).sort((one, other) => one - other)).toEqual([
      ...[0, 0, 0, 0, 0],
      700,
    ])
    expect(await has()).toEqual({ credit: 0, held: 700 })
  })

  it.each(['customer', 'staff', 'expiry'] as const)(
    '[PA12] [PA4] is free again when %s ends the trip',
    async (by) => {
      await giveCredit(700)
      const trip = await world.newTrip(customer)
      await choose(trip, by === 'staff' ? 'cash' : 'card')
      if (by === 'expiry') {
        await sql`update trip set quote_expires_at = clock_timestamp() where id = ${trip.id}`.execute(
          world.db.single,
        )
        await expireQuotes(world.platform)
      } else {
        if (by === 'staff') await world.drive(trip, driver, 'accepted')
        const reason = 'no petrol'
        await cancelTrip(
          world.platform,
          trip.id,
          by === 'staff' ? { role: by, reason } : { role: by, accountId: customer },
        )
      }
      expect(await has()).toEqual({ credit: 700, held: 0 })
      expect((await choose(await world.newTrip(customer))).creditMinor).toBe(700)
    },
  )

  it('[PA12] [PA4] and a paid part both come back when the trip is cancelled: each as it came', async () => {
    await giveCredit(700)
    const trip = await world.newTrip(customer)
    const payment = await pay(await world.choose(trip))
    expect(await has()).toEqual({ credit: 0, held: trip.fare.amountMinor })
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    await world.finishRefunds()
    expect(await has()).toEqual({ credit: 700, held: 0 })
    expect(world.gateways.effectsOf(referenceOf(payment)).refunds).toMatchObject([
      { amountMinor: trip.fare.amountMinor - 700 },
    ])
  })

  it.each(['arrived_pickup', 'loaded'] as const)(
    '[PA12] [CA2] comes of cash that was handed over for a trip that is cancelled when %s',
    async (status) => {
      await giveCredit(700)
      const owed = await world.balance('driver', driver)
      const cash = await stage.start('arrived_pickup', { customer, driver })
      if (status === 'loaded') await stage.advance(cash, 'loaded')
      await stage.state(cash, { receivedMinor: cash.dueMinor + 50 })
      await cancelTrip(world.platform, cash.trip.id, { role: 'staff', reason: 'broken down' })
      expect(await has()).toEqual({ credit: 700 + cash.dueMinor + 50, held: 0 })
      expect((await world.balance('driver', driver)) - owed).toBe(-cash.dueMinor - 50)
      expect(await stage.find(cash)).toMatchObject({ status: 'refunded' })
    },
  )

  it('[PA12] [CA2] of cash that was too little is what was paid, and nobody owes the rest any more', async () => {
    const cash = await stage.start('arrived_pickup', { customer, driver })
    await stage.state(cash, { receivedMinor: cash.dueMinor - 500 })
    await cancelTrip(world.platform, cash.trip.id, { role: 'driver', accountId: driver })
    expect(await stage.balances(cash)).toEqual({
      ...{ held: 0, credit: cash.dueMinor - 500, owed: 0, withheld: 0 },
      driver: 500 - cash.dueMinor,
    })
  })

  it('[PA4] of one currency pays nothing in another', async () => {
    await giveCredit(700)
    const abroad = await world.newTrip(customer, 'NG')
    expect(await choose(abroad)).toMatchObject({ creditMinor: 0, amount: abroad.fare })
  })
})

describe('a payment of another amount', () => {
  it('[PA11] that is too much pays, and the rest is credit', async () => {
    const trip = await world.newTrip(customer)
    expect((await pay(await world.choose(trip), 'overpay')).status).toBe('success')
    expect(await has()).toEqual({ credit: 1, held: trip.fare.amountMinor })
  })

  it('[PA11] that is too little pays for nothing, is credit, and makes the next attempt as much cheaper', async () => {
    const trip = await world.newTrip(customer)
    const first = await world.choose(trip)
    expect((await pay(first, 'underpay')).status).toBe('underpaid')
    expect(await has()).toEqual({ credit: trip.fare.amountMinor - 1, held: 0 })
    await expect(offerTrip(world.platform, customer, trip.id, driver)).rejects.toMatchObject({
      code: 'payment-missing',
    })
    // No gateway takes a single cent, so that a little of the credit is left.
    const second = await world.choose(trip)
    const leastMinor = trip.fare.amountMinor - creditFor(trip.fare, trip.fare.amountMinor - 1, true)
    expect(leastMinor).toBeLessThan(1_000)
    expect(second).toMatchObject({ amount: { amountMinor: leastMinor } })
    expect((await pay(second)).status).toBe('success')
    await world.drive(trip, driver)
    expect(await has()).toEqual({ credit: leastMinor - 1, held: 0 })
    expect(await world.balance('driver', driver)).toBe(trip.fare.amountMinor - commissionOn(trip))
  })

  it('[PA11] that is too little, beside credit, pays for nothing: both are there for the next', async () => {
    await giveCredit(700)
    const trip = await world.newTrip(customer)
    const first = await world.choose(trip)
    await pay(first, 'underpay')
    expect(await has()).toEqual({ credit: first.amount.amountMinor - 1, held: 700 })
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    expect(await has()).toEqual({ credit: trip.fare.amountMinor - 1, held: 0 })
  })

  it('[PA11] [PA4] of a failed attempt keeps its credit for the next, or gives it back', async () => {
    await giveCredit(700)
    const trip = await world.newTrip(customer)
    const failed = await pay(await world.choose(trip), 'fail')
    expect([failed.status, await has()]).toEqual(['failed', { credit: 0, held: 700 }])
    const again = await world.choose(trip)
    expect([again.id === failed.id, again.creditMinor]).toEqual([false, 700])
    await pay(again, 'fail')
    // The fiftieth newer quote pushes it out.
    for (let n = 0; n < 50; n++) {
      const place = { latitude: -26.2041, longitude: 28.0473, address: '1 Commissioner Street' }
      const request = {
        pickup: place,
        destination: place,
        vehicleClass: 'bakkie',
        loadDescription: 'a box',
      } as const
      await requestTrip(world.platform, customer, request)
    }
    expect(await has()).toEqual({ credit: 700, held: 0 })
  })
})
