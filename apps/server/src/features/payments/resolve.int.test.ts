import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { commissionOn, createCashStage, type CashTrip } from '../../../test/money-sim/cash-stage.ts'
import { holdOpen, untilBlocked } from '../../../test/races/observer.ts'
import { newId, type CaseId } from '../../kernel/index.ts'
import { cancelTrip } from '../trips/index.ts'
import { resolveCase, type Finding } from './resolve-case.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

const stage = createCashStage(() => world)
const NOTHING = { held: 0, credit: 0, owed: 0, driver: 0, withheld: 0 }
const resolve = (caseId: CaseId, finding: Partial<Finding> = {}) =>
  resolveCase(world.platform, 'staff-7', caseId, { note: 'called both', ...finding })
const onlyCase = async (cash: CashTrip) => {
  const [found, ...rest] = await stage.cases(cash)
  expect(rest).toEqual([])
  return found!
}
const bookings = async (kind: string, { trip }: CashTrip) => {
  const { rows } = await sql<{ memo: string }>`
    select memo from ledger_transaction where kind = ${kind} and trip_id = ${trip.id}`.execute(
    world.db.single,
  )
  return rows
}
/** The driver says `drivers` more than was due, the customer `customers` more; it is driven to its end. */
const disputed = async (drivers: number, customers: number, from?: CashTrip) => {
  const cash = await stage.start('arrived_pickup', from)
  await stage.state(cash, { receivedMinor: cash.dueMinor + drivers })
  await stage.confirm(cash, cash.dueMinor + customers)
  await stage.advance(cash, 'loaded')
  await stage.advance(cash, 'completed')
  return cash
}

describe('a finding', () => {
  it('[CA5] for the customer takes back what he owed and the driver waited for, by a new entry', async () => {
    const cash = await disputed(-400, 0)
    expect(await stage.balances(cash)).toMatchObject({ owed: 400, withheld: 400 })
    const found = await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor })
    expect(found).toMatchObject({
      resolvedBy: 'staff-7',
      resolution: { note: 'called both', cashMinor: cash.dueMinor },
    })
    expect(await stage.balances(cash)).toEqual({ ...NOTHING, driver: -commissionOn(cash.trip) })
    expect(await bookings('cash-correction', cash)).toEqual([{ memo: 'called both' }])
    expect(await stage.cases(cash)).toEqual([])
  })

  it('[CA5] for the driver writes the missing money off: nobody owes it, and he has not earned it', async () => {
    const [short, said] = [await disputed(-400, 0), await disputed(0, -400)]
    for (const cash of [short, said]) {
      await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor - 400 })
      expect(await stage.balances(cash)).toEqual({ ...NOTHING, driver: -commissionOn(cash.trip) })
      expect(await stage.find(cash)).toMatchObject({ receivedMinor: cash.dueMinor - 400, isStated: true })
    }
    expect(await bookings('cash-correction', short)).toEqual([])
    expect(await bookings('shortfall-written-off', short)).toEqual([{ memo: 'called both' }])
  })

  it('[CA5] that it was nothing at all writes all of it off', async () => {
    const cash = await disputed(0, -1)
    await resolve((await onlyCase(cash)).id, { cashMinor: 0 })
    expect(await stage.balances(cash)).toEqual({ ...NOTHING, driver: -commissionOn(cash.trip) })
  })

  it('[CA5] that it was more makes the rest credit, which the driver owes', async () => {
    const cash = await disputed(0, 900)
    await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor + 900 })
    expect(await stage.balances(cash)).toEqual({
      ...NOTHING,
      ...{ credit: 900, driver: -commissionOn(cash.trip) - 900 },
    })
  })

  it('[CA5] that it was less takes the credit that is left, and what was spent the customer owes', async () => {
    const cash = await disputed(1_000, 0)
    const next = await stage.start('arrived_pickup', { customer: cash.customer })
    expect(next.dueMinor).toBe(next.trip.fare.amountMinor - 1_000)
    const more = await disputed(300, 300, { ...cash, driver: await world.addDriver() })
    await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor })
    expect(await stage.balances(cash)).toEqual({
      ...{ held: 1_000, credit: 0, owed: 700, withheld: 0 },
      driver: -commissionOn(cash.trip),
    })
    await stage.advance(next, 'loaded')
    await stage.advance(next, 'completed')
    expect(await stage.balances(next)).toMatchObject({
      held: 0,
      owed: 700,
      driver: 1_000 - commissionOn(next.trip),
    })
    expect(await stage.balances(more)).toMatchObject({ driver: -commissionOn(more.trip) - 300 })
  })

  it('[CA5] and a trip that takes the credit at the same moment: it is spent or taken, never both', async () => {
    for (let n = 0; n < 8; n++) {
      const cash = await disputed(1_000, 0)
      const trip = await world.newTrip(cash.customer)
      const { id } = await onlyCase(cash)
      const [payment] = await Promise.all([
        world.choose(trip, 'cash'),
        resolve(id, { cashMinor: cash.dueMinor }),
      ])
      const { credit, owed, held } = await stage.balances(cash)
      expect({ credit, owed, held }).toEqual({
        credit: 0,
        owed: payment.creditMinor,
        held: payment.creditMinor,
      })
    }
  })

  it('[CA5] before the trip ends is as good as after it', async () => {
    const cash = await stage.start('arrived_pickup')
    await stage.state(cash, { receivedMinor: cash.dueMinor - 400 })
    await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor - 400 })
    await stage.advance(cash, 'loaded')
    await stage.advance(cash, 'completed')
    expect(await stage.balances(cash)).toEqual({ ...NOTHING, driver: -commissionOn(cash.trip) })
  })

  it.each([-400, 0, 250])(
    '[CA5] of %i more than was due, and then the trip is cancelled: the customer has back what he paid',
    async (more) => {
      const cash = await stage.start('arrived_pickup')
      await stage.state(cash, { receivedMinor: cash.dueMinor - 400 })
      await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor + more })
      await cancelTrip(world.platform, cash.trip.id, { role: 'customer', accountId: cash.customer })
      expect(await stage.balances(cash)).toEqual({
        ...NOTHING,
        ...{ credit: cash.dueMinor + more, driver: -cash.dueMinor - more },
      })
    },
  )

  it('[CA5] of credit that is spent, and then the trip is cancelled: all together he has what he paid', async () => {
    const cash = await stage.start('arrived_pickup')
    await stage.state(cash, { receivedMinor: cash.dueMinor + 1_000 })
    await stage.confirm(cash, cash.dueMinor - 100)
    await stage.start('accepted', { customer: cash.customer })
    await resolve((await onlyCase(cash)).id, { cashMinor: cash.dueMinor - 100 })
    expect(await stage.balances(cash)).toMatchObject({ credit: 0, owed: 1_000, withheld: 0 })
    await cancelTrip(world.platform, cash.trip.id, { role: 'staff', reason: 'broken down' })
    const { held, credit, owed, driver, withheld } = await stage.balances(cash)
    expect({ held, driver, withheld }).toEqual({ held: 1_000, driver: -cash.dueMinor + 100, withheld: 0 })
    expect(held + credit - owed).toBe(cash.dueMinor - 100)
  })
})

describe('a case', () => {
  it('[CA5] is settled once, by whichever of some staff is first', async () => {
    for (const order of [
      [0, 100, -300],
      [-300, 100, 0],
      [100, 0, -300],
    ]) {
      const cash = await disputed(0, -400)
      const { id } = await onlyCase(cash)
      // All have seen it open when the first one gets on.
      const held = await holdOpen(world.db, (tx) =>
        sql`select from trip where id = ${cash.trip.id} for update`.execute(tx),
      )
      const asked = []
      for (const [index, less] of order.entries()) {
        asked.push(resolve(id, { cashMinor: cash.dueMinor - less }))
        await untilBlocked(world.db, index + 1)
      }
      const settled = Promise.allSettled(asked)
      await held.release()
      const answers = await settled
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'already-resolved' })
      await expect(resolve(id)).rejects.toMatchObject({ code: 'already-resolved' })
      const credit = Math.max(0, -order[0]!)
      expect(await stage.balances(cash)).toEqual({
        ...{ ...NOTHING, credit, driver: -commissionOn(cash.trip) - credit },
      })
      await expect(stage.state(cash, { receivedMinor: 1 })).rejects.toMatchObject({
        code: 'cash-already-stated',
      })
    }
  })

  it('[CA5] can be settled by a note alone, and then the books stay', async () => {
    const cash = await disputed(-400, 0)
    const before = await stage.balances(cash)
    await resolve((await onlyCase(cash)).id)
    expect(await stage.balances(cash)).toEqual(before)
  })

  it('[CA5] that is not about cash, or about cash that is credit by now, takes no amount', async () => {
    const cash = await stage.start('arrived_pickup')
    await stage.state(cash, { receivedMinor: cash.dueMinor - 1 })
    await cancelTrip(world.platform, cash.trip.id, { role: 'driver', accountId: cash.driver })
    const { id } = await onlyCase(cash)
    await expect(resolve(id, { cashMinor: 1 })).rejects.toMatchObject({ code: 'not-cash' })
    await resolve(id)

    const customer = await world.addCustomer()
    const trip = await world.newTrip(customer)
    const payment = await world.choose(trip)
    world.gateways.pay({
      gateway: 'paystack',
      reference: referenceOf(payment),
      action: 'pay',
      script: 'other-currency',
    })
    await world.settle(payment)
    const [matter] = await stage.cases({ ...cash, trip })
    expect(matter).toMatchObject({ kind: 'payment-mismatch' })
    await expect(resolve(matter!.id, { cashMinor: 1 })).rejects.toMatchObject({ code: 'not-cash' })
    expect(await resolve(matter!.id)).toMatchObject({ resolution: { note: 'called both' } })
    await expect(resolve(newId<CaseId>())).rejects.toMatchObject({ code: 'not-found' })
  })
})
