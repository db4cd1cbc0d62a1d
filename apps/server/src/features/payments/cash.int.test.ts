import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMoneyWorld, type MoneyWorld } from '../../../test/money.ts'
import { commissionOn, createCashStage } from '../../../test/money-sim/cash-stage.ts'
import { cancelTrip } from '../trips/index.ts'
import { choosePayment } from './choose-payment.ts'
import { confirmCash } from './confirm-cash.ts'
import { findPayment } from './payment-store.ts'
import { stateCash } from './state-cash.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

const stage = createCashStage(() => world)
const NOTHING = { held: 0, credit: 0, owed: 0, driver: 0, withheld: 0 }

describe('choosing cash', () => {
  it('[PA1] can be done for an own pending trip, and again changes nothing', async () => {
    const customer = await world.addCustomer()
    const trip = await world.newTrip(customer)
    const choose = () => choosePayment(world.platform, customer, trip.id, 'cash')
    const payments = await Promise.all(Array.from({ length: 5 }, choose))
    expect(new Set(payments.map(({ id }) => id)).size).toBe(1)
    expect(payments[0]).toMatchObject({ method: 'cash', status: 'pending', amount: trip.fare, gateway: null })
    expect(await choose()).toEqual(payments[0])
    const { rows } = {
      rows: await world.db.single.selectFrom('payment').selectAll().where('trip_id', '=', trip.id).execute(),
    }
    expect(rows).toHaveLength(1)
  })

  it('[PA7] nobody else can, nor can he once a driver has it, or it has ended', async () => {
    const taken = await stage.start('accepted')
    const stranger = await world.addCustomer()
    const choose = (who: typeof stranger, method: 'cash' | 'card' = 'cash') =>
      choosePayment(world.platform, who, taken.trip.id, method)
    await expect(choose(stranger)).rejects.toMatchObject({ code: 'not-found' })
    for (const method of ['cash', 'card'] as const)
      await expect(choose(taken.customer, method)).rejects.toMatchObject({ code: 'trip-not-pending' })
    await cancelTrip(world.platform, taken.trip.id, { role: 'customer', accountId: taken.customer })
    await expect(choose(taken.customer)).rejects.toMatchObject({ code: 'trip-not-pending' })
  })

  it('[PA7] nor while a driver thinks about it: he was told how he will be paid', async () => {
    const customer = await world.addCustomer()
    const trip = await world.newTrip(customer)
    await choosePayment(world.platform, customer, trip.id, 'cash')
    await world.offer(customer, trip.id, await world.addDriver())
    await expect(choosePayment(world.platform, customer, trip.id, 'card')).rejects.toMatchObject({
      code: 'offer-pending',
    })
    expect((await findPayment(world.db.single, trip.id))?.method).toBe('cash')
  })
})

describe('the driver', () => {
  it('[CA1] [PA2] states before he loads what he was given; driving on does not count it again', async () => {
    const cash = await stage.start('arrived_pickup')
    expect(await stage.state(cash)).toEqual({ isChanged: true })
    expect(await stage.find(cash)).toMatchObject({
      ...{ status: 'success', receivedMinor: cash.dueMinor, receivedBy: cash.driver, isStated: true },
    })
    expect(await stage.balances(cash)).toEqual({ ...NOTHING, held: cash.dueMinor, driver: -cash.dueMinor })
    await stage.advance(cash, 'loaded')
    await stage.advance(cash, 'completed')
    expect(await stage.balances(cash)).toEqual({ ...NOTHING, driver: -commissionOn(cash.trip) })
    expect(await stage.cases(cash)).toEqual([])
  })

  it.each(['loaded', 'in_transit'] as const)(
    '[CA1] [PA3] states what was due by driving on to %s, until he says otherwise',
    async (status) => {
      const cash = await stage.start('arrived_pickup')
      await stage.advance(cash, status)
      expect(await stage.find(cash)).toMatchObject({ receivedMinor: cash.dueMinor, isStated: false })
      expect(await stage.state(cash)).toEqual({ isChanged: false })
      expect(await stage.find(cash)).toMatchObject({ receivedMinor: cash.dueMinor, isStated: true })
      await expect(stage.state(cash, { receivedMinor: cash.dueMinor + 1 })).rejects.toMatchObject({
        code: 'cash-already-stated',
      })
    },
  )

  it.each(['loaded', 'completed'] as const)(
    '[CA1] corrects once what was implied, also when %s',
    async (until) => {
      const cash = await stage.start(until)
      await stage.state(cash, { receivedMinor: cash.dueMinor + 700 })
      const earned = until === 'completed' ? cash.trip.fare.amountMinor - commissionOn(cash.trip) : 0
      const after = {
        ...NOTHING,
        ...{ held: until === 'completed' ? 0 : cash.dueMinor, credit: 700 },
        driver: earned - cash.dueMinor - 700,
      }
      expect(await stage.balances(cash)).toEqual(after)
      await expect(stage.state(cash)).rejects.toMatchObject({ code: 'cash-already-stated' })
      expect(await stage.state(cash, { receivedMinor: cash.dueMinor + 700 })).toEqual({ isChanged: false })
      expect(await stage.balances(cash)).toEqual(after)
    },
  )

  it('[PA2] [CA1] states it once, however many times at once, and only the first amount counts', async () => {
    const cash = await stage.start('arrived_pickup')
    const amounts = [0, 100, 200, 300, 400, 500].map((more) => cash.dueMinor + more)
    const answers = await Promise.allSettled(
      amounts.map((receivedMinor) => stage.state(cash, { receivedMinor })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const stated = (await stage.find(cash)).receivedMinor!
    expect(await stage.balances(cash)).toEqual({
      ...NOTHING,
      ...{ held: cash.dueMinor, credit: stated - cash.dueMinor, driver: -stated },
    })
  })

  it('[PA2] [CA1] states it and drives on at once: it is booked as he stated it', async () => {
    for (let n = 0; n < 10; n++) {
      const cash = await stage.start('arrived_pickup')
      const receivedMinor = cash.dueMinor + 100
      await Promise.all([stage.state(cash, { receivedMinor }), stage.advance(cash, 'loaded')])
      expect(await stage.find(cash)).toMatchObject({ receivedMinor, isStated: true })
      expect(await stage.balances(cash)).toMatchObject({
        held: cash.dueMinor,
        credit: 100,
        driver: -receivedMinor,
      })
    }
  })

  it('[PA2] is the only one who can, from when he has the trip', async () => {
    const cash = await stage.start('accepted')
    const other = await world.addDriver()
    await expect(stateCash(world.platform, other, cash.trip.id)).rejects.toMatchObject({ code: 'not-found' })

    const customer = await world.addCustomer()
    const trip = await world.newTrip(customer)
    await choosePayment(world.platform, customer, trip.id, 'cash')
    await world.offer(customer, trip.id, other)
    await expect(stateCash(world.platform, other, trip.id)).rejects.toMatchObject({ code: 'not-found' })

    await cancelTrip(world.platform, cash.trip.id, { role: 'driver', accountId: cash.driver })
    await expect(stage.state(cash)).rejects.toMatchObject({ code: 'not-found' })
    expect(await stage.balances(cash)).toEqual(NOTHING)
  })

  it('[CA2] who got too much owes it to the customer, whose next trip it pays', async () => {
    const cash = await stage.start('arrived_pickup')
    await stage.state(cash, { receivedMinor: cash.dueMinor + 1_000 })
    await stage.advance(cash, 'loaded')
    await stage.advance(cash, 'completed')
    expect(await stage.balances(cash)).toEqual({
      ...NOTHING,
      ...{ credit: 1_000, driver: -commissionOn(cash.trip) - 1_000 },
    })
    const next = await stage.start('arrived_pickup', cash)
    expect(next.dueMinor).toBe(next.trip.fare.amountMinor - 1_000)
    expect(await stage.cases(cash)).toEqual([])
  })

  it.each([1, 5_000, 'all'] as const)(
    '[CA2] who got %s too little waits for it, and a case is opened',
    async (missing) => {
      const cash = await stage.start('arrived_pickup')
      const short = missing === 'all' ? cash.dueMinor : missing
      await stage.state(cash, { receivedMinor: cash.dueMinor - short })
      expect(await stage.balances(cash)).toEqual({
        ...NOTHING,
        ...{ held: cash.dueMinor, owed: short, driver: -cash.dueMinor, withheld: short },
      })
      await stage.advance(cash, 'loaded')
      await stage.advance(cash, 'completed')
      // He has the commission to pay all the same, and the rest to come.
      expect(await stage.balances(cash)).toEqual({
        ...NOTHING,
        ...{ owed: short, driver: -commissionOn(cash.trip), withheld: short },
      })
      expect(await stage.cases(cash)).toMatchObject([
        { kind: 'cash-short', details: { dueMinor: cash.dueMinor, driverSaysMinor: cash.dueMinor - short } },
      ])
    },
  )

  it('[CA2] who says only later that it was too little has it booked as if he had said so at once', async () => {
    const [atOnce, later] = [await stage.start('arrived_pickup'), await stage.start('completed')]
    await stage.state(atOnce, { receivedMinor: atOnce.dueMinor - 300 })
    await stage.advance(atOnce, 'loaded')
    await stage.advance(atOnce, 'completed')
    await stage.state(later, { receivedMinor: later.dueMinor - 300 })
    expect(await stage.balances(later)).toEqual(await stage.balances(atOnce))
    expect(await stage.cases(later)).toMatchObject([{ kind: 'cash-short' }])
  })
})

describe('the customer', () => {
  it('[CA3] says what he paid, once: the same again is fine, another amount is not', async () => {
    const cash = await stage.start('completed')
    expect(await stage.confirm(cash, cash.dueMinor)).toMatchObject({ confirmedMinor: cash.dueMinor })
    expect(await stage.confirm(cash, cash.dueMinor)).toMatchObject({ confirmedMinor: cash.dueMinor })
    await expect(stage.confirm(cash, 1)).rejects.toMatchObject({ code: 'cash-already-stated' })
    expect(await stage.cases(cash)).toEqual([])
  })

  it('[CA3] says it once a driver is on the trip, of his own trip, if it is paid in cash', async () => {
    const customer = await world.addCustomer()
    const trip = await world.newTrip(customer)
    const confirm = (who = customer) => confirmCash(world.platform, who, trip.id, 1)
    await expect(confirm()).rejects.toMatchObject({ code: 'payment-missing' })
    await world.choose(trip)
    await expect(confirm()).rejects.toMatchObject({ code: 'not-cash' })
    await world.choose(trip, 'cash')
    await expect(confirm()).rejects.toMatchObject({ code: 'cash-not-due' })
    await world.drive(trip, await world.addDriver(), 'accepted')
    await expect(confirm(await world.addCustomer())).rejects.toMatchObject({ code: 'not-found' })
    expect(await confirm()).toMatchObject({ confirmedMinor: 1, status: 'pending' })
    expect(await world.balance('held', customer)).toBe(0)
  })

  type Order = readonly ('customer' | 'stated' | 'loaded')[]
  const orders: Order[] = [
    ['stated', 'customer'],
    ['customer', 'stated'],
    ['loaded', 'customer'],
    ['customer', 'loaded'],
    ['loaded', 'customer', 'stated'],
    ['customer', 'loaded', 'stated'],
    ['stated', 'loaded', 'customer'],
  ]
  const run = async (order: Order, saysMinor: (dueMinor: number) => number) => {
    const cash = await stage.start('arrived_pickup')
    for (const step of order) {
      if (step === 'customer') await stage.confirm(cash, saysMinor(cash.dueMinor))
      if (step === 'stated') await stage.state(cash)
      if (step === 'loaded') await stage.advance(cash, 'loaded')
    }
    return { cash, cases: await stage.cases(cash) }
  }

  it.each(orders.map((order) => [order] as const))(
    '[CA3] who says otherwise opens a case with both claims: %s',
    async (order) => {
      const { cash, cases } = await run(order, (due) => due - 50)
      const { dueMinor } = cash
      expect(cases).toMatchObject([
        {
          kind: 'cash-disputed',
          details: { dueMinor, driverSaysMinor: dueMinor, customerSaysMinor: dueMinor - 50 },
        },
      ])
      // The books follow the driver until a person has found out.
      expect(await stage.balances(cash)).toMatchObject({ credit: 0, owed: 0, withheld: 0, driver: -dueMinor })
    },
  )

  it.each(orders.map((order) => [order] as const))(
    '[CA3] who says the same opens none: %s',
    async (order) => {
      expect((await run(order, (due) => due)).cases).toEqual([])
    },
  )

  it('[CA3] who agrees that it was too little has one case with the driver, not two', async () => {
    const cash = await stage.start('completed')
    await stage.state(cash, { receivedMinor: cash.dueMinor - 10 })
    await stage.confirm(cash, cash.dueMinor - 10)
    expect(await stage.cases(cash)).toMatchObject([
      { kind: 'cash-short', details: { customerSaysMinor: cash.dueMinor - 10 } },
    ])
  })

  it('[CA3] and the driver at once: whoever is first, a difference is one case, and the same is none', async () => {
    for (let n = 0; n < 10; n++) {
      const [differ, agree] = [await stage.start('arrived_pickup'), await stage.start('arrived_pickup')]
      await Promise.all([
        stage.state(differ),
        stage.confirm(differ, differ.dueMinor - 1),
        stage.confirm(agree, agree.dueMinor),
        stage.advance(agree, 'loaded'),
      ])
      expect(await stage.cases(differ)).toMatchObject([{ kind: 'cash-disputed' }])
      expect(await stage.cases(agree)).toEqual([])
    }
  })
})
