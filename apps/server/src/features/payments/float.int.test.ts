import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { commissionOn, createCashStage, type CashTrip } from '../../../test/money-sim/cash-stage.ts'
import { holdOpen, untilBlocked } from '../../../test/races/observer.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { takeCommission } from '../ledger/index.ts'
import { acceptOffer, cancelTrip, offerTrip, type Trip } from '../trips/index.ts'
import { debtOf } from './cash-float.ts'
import { viewBalances } from './view-balances.ts'

/** Less than the commission on one trip. */
const LIMIT = 1_000

let world: MoneyWorld
beforeAll(async () => {
  const cashFloatLimitMinor = { ZA: LIMIT, NG: 10_000_000, KE: 0, GH: 0 }
  world = await createMoneyWorld({ settings: { cashFloatLimitMinor } })
})
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

const stage = createCashStage(() => world)
let customer: CustomerId
let driver: DriverId
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
})

const balance = () => world.balance('driver', driver)
/** Makes his debt this much, by a trip in cash and what he pays at the office; answers the trip, of which he has said nothing. */
async function owe(debtMinor: number): Promise<CashTrip> {
  const cash = await stage.start('completed', { driver })
  await payOff(commissionOn(cash.trip) - debtMinor)
  expect(await balance()).toBe(0 - debtMinor)
  return cash
}
let slips = 0
const payOff = (amountMinor: number) =>
  takeCommission(world.platform, driver, { amountMinor, currency: 'ZAR' }, `slip-${slips++}`)
const tripBy = async (method: 'cash' | 'card', market: 'ZA' | 'NG' = 'ZA'): Promise<Trip> => {
  const trip = await world.newTrip(customer, market)
  const payment = await world.choose(trip, method)
  if (method === 'card') {
    world.gateways.pay({ gateway: payment.gateway!, reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
  }
  return trip
}
const ask = (trip: Trip) => offerTrip(world.platform, customer, trip.id, driver)
const REFUSED = { code: 'driver-unavailable' }

describe('a driver who owes commission', () => {
  it('[CA6] up to the limit gets cash offers', async () => {
    await owe(LIMIT)
    await ask(await tripBy('cash'))
  })

  it('[CA6] a cent more than the limit gets none, but all others, and they admit him again', async () => {
    await owe(LIMIT + 1)
    const inCash = await tripBy('cash')
    await expect(ask(inCash)).rejects.toMatchObject(REFUSED)
    const byCard = await tripBy('card')
    await world.drive(byCard, driver)
    expect(await balance()).toBe(byCard.fare.amountMinor - commissionOn(byCard) - LIMIT - 1)
    await ask(inCash)
  })

  it('[CA6] gets cash again as soon as he has paid enough of it at the office', async () => {
    await owe(LIMIT + 100)
    const trip = await tripBy('cash')
    await payOff(99)
    await expect(ask(trip)).rejects.toMatchObject(REFUSED)
    await payOff(1)
    await ask(trip)
  })

  it('[CA6] is judged by the market of the trip: what he owes in one is no matter in another', async () => {
    await owe(LIMIT + 1)
    await ask(await tripBy('cash', 'NG'))
  })

  it('[CA6] keeps the offer he has when he crosses the limit, and gets no other', async () => {
    const last = await owe(LIMIT)
    const trip = await tripBy('cash')
    const offerId = await world.offer(customer, trip.id, driver)
    await stage.state(last, { receivedMinor: last.dueMinor + 1 })
    expect(debtOf(await balance())).toBe(LIMIT + 1)
    await acceptOffer(world.platform, driver, offerId)
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    await expect(ask(await tripBy('cash'))).rejects.toMatchObject(REFUSED)
  })

  it('[CA6] is not asked once he has crossed it, be it while the offer is being made', async () => {
    const last = await owe(LIMIT)
    const trip = await tripBy('cash')
    // What is inserted about a driver waits for his row; the limit has been looked at by then.
    const held = await holdOpen(world.db, (tx) =>
      sql`select from driver where account_id = ${driver} for update`.execute(tx),
    )
    const asked = ask(trip).then(
      () => true,
      () => false,
    )
    await untilBlocked(world.db, 1)
    const crossing = stage.state(last, { receivedMinor: last.dueMinor + 1 })
    const crossedFirst = await Promise.race([
      crossing.then(() => true),
      untilBlocked(world.db, 2).then(() => false),
    ])
    await held.release()
    await crossing
    expect([crossedFirst, await asked]).not.toEqual([true, true])
    expect(debtOf(await balance())).toBe(LIMIT + 1)
  })

  it('[CA6] sees what he owes, how much he may, and whether he gets cash', async () => {
    await owe(LIMIT)
    const view = async () => (await viewBalances(world.platform, driver, 'driver'))[0]
    expect(await view()).toMatchObject({
      ...{ currency: 'ZAR', owedMinor: LIMIT, earnedMinor: 0, cashLimitMinor: LIMIT, mayTakeCash: true },
    })
    await payOff(LIMIT + 5)
    expect(await view()).toMatchObject({ owedMinor: 0, earnedMinor: 5, mayTakeCash: true })
    const cash = await stage.start('completed', { driver })
    await stage.state(cash, { receivedMinor: cash.dueMinor + LIMIT })
    expect(await view()).toMatchObject({ owedMinor: LIMIT - 5 + commissionOn(cash.trip), mayTakeCash: false })
  })

  it('[CA6] cannot get out of it by cancelling: the cash he took he owes', async () => {
    const cash = await stage.start('arrived_pickup', { driver })
    await stage.state(cash)
    await cancelTrip(world.platform, cash.trip.id, { role: 'driver', accountId: driver })
    expect(debtOf(await balance())).toBe(cash.dueMinor)
    await expect(ask(await tripBy('cash'))).rejects.toMatchObject(REFUSED)
  })
})
