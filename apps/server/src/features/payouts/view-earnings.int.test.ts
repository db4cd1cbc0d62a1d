import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import type { PaymentMethod } from '@toota/contract'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import type { Trip } from '../trips/index.ts'
import { viewEarnings } from './view-earnings.ts'

let world: MoneyWorld
let driver: DriverId
let customer: CustomerId
beforeAll(async () => {
  world = await createMoneyWorld({ settings: { taxBasisPoints: { ZA: 1_500, NG: 0, KE: 0, GH: 0 } } })
  driver = await world.addDriver()
  customer = await world.addCustomer()
  // Oldest first, a day apart.
  for (const [day, market, method] of [
    [1, 'ZA', 'cash'],
    [2, 'ZA', 'card'],
    [3, 'NG', 'card'],
    [4, 'ZA', 'card'],
    [5, 'ZA', 'cash'],
  ] as const)
    await complete(day, market, method)
})
afterAll(() => world.close())

const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))

async function complete(day: number, market: 'ZA' | 'NG', method: PaymentMethod): Promise<Trip> {
  const trip = await world.newTrip(customer, market)
  const payment = await world.choose(trip, method)
  if (payment.gateway) {
    world.gateways.pay({ gateway: payment.gateway, reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
  }
  await world.drive(trip, driver)
  await sql`update settlement set settled_at = ${at(day)} where trip_id = ${trip.id}`.execute(world.db.single)
  return trip
}

const view = (options: Partial<Parameters<typeof viewEarnings>[2]> = {}, who = driver) =>
  viewEarnings(world.platform, who, { limit: 100, ...options })
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

describe('earnings', () => {
  it('[PY12] are the own completed trips, newest first, and every fare is divided', async () => {
    const { settlements, nextCursor } = await view()
    expect(settlements.map(({ settledAt }) => settledAt)).toEqual([5, 4, 3, 2, 1].map(at))
    expect(settlements.map(({ method }) => method)).toEqual(['cash', 'card', 'card', 'card', 'cash'])
    for (const each of settlements) expect(each.earningMinor + each.serviceFeeMinor).toBe(each.fareMinor)
    expect(nextCursor).toBeNull()
    expect((await view({}, await world.addDriver())).settlements).toEqual([])
  })

  it('[PY12] the totals are the sums of all pages, of the settlements, and of what the ledger has for completed trips', async () => {
    const { totals, settlements } = await view({ limit: 2 })
    expect(settlements).toHaveLength(2)
    const all = (await view()).settlements
    for (const { currency, trips, fareMinor, earningMinor } of totals) {
      const own = all.filter((each) => each.currency === currency)
      expect({ trips, fareMinor, earningMinor }).toEqual({
        trips: own.length,
        fareMinor: sum(own.map((each) => each.fareMinor)),
        earningMinor: sum(own.map((each) => each.earningMinor)),
      })
      const { rows } = await sql<{ booked: number }>`
        select sum(e.amount_minor)::bigint as booked from ledger_entry as e
        join ledger_account as a on a.id = e.account_id join ledger_transaction as t on t.id = e.transaction_id
        where t.kind = 'completion' and a.kind = 'driver' and a.owner = ${driver} and a.currency = ${currency}`.execute(
        world.db.single,
      )
      expect(earningMinor).toBe(rows[0]?.booked)
    }
    expect(totals.map(({ currency }) => currency)).toEqual(['NGN', 'ZAR'])
    expect(await world.audit()).toEqual([])
  })

  it('[PY12] a page goes on after the one before; a cursor of somebody else finds nothing', async () => {
    const all = (await view()).settlements
    const first = await view({ limit: 2 })
    const second = await view({ limit: 2, cursor: first.nextCursor! })
    const third = await view({ limit: 2, cursor: second.nextCursor! })
    expect([...first.settlements, ...second.settlements, ...third.settlements]).toEqual(all)
    expect(third.nextCursor).toBeNull()
    expect((await view({ cursor: first.nextCursor! }, await world.addDriver())).settlements).toEqual([])
  })

  it('[PY12] a span has its beginning and not its end, in the list as in the totals', async () => {
    const { settlements, totals } = await view({ from: at(2), to: at(4) })
    expect(settlements.map(({ settledAt }) => settledAt)).toEqual([3, 2].map(at))
    expect(sum(totals.map(({ trips }) => trips))).toBe(2)
    expect(sum(totals.map(({ earningMinor }) => earningMinor))).toBe(
      sum(settlements.map(({ earningMinor }) => earningMinor)),
    )
  })

  it('[PY12] nothing of it names the customer', async () => {
    const text = JSON.stringify(await view())
    expect(text).not.toContain(customer)
    expect(text).not.toMatch(/Thandi|@example|\+27/)
  })
})
