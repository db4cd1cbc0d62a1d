import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { cancelTrip, type Trip } from '../trips/index.ts'
import { viewStatements } from './view-statements.ts'

const EVER = { from: new Date(0), to: new Date('2100-01-01') }

let world: MoneyWorld
let customer: CustomerId
let driver: DriverId
const driven: Trip[] = []

const byCard = async (market: 'ZA' | 'NG'): Promise<Trip> => {
  const trip = await world.newTrip(customer, market)
  const payment = await world.choose(trip)
  world.gateways.pay({ gateway: payment.gateway!, reference: referenceOf(payment), action: 'pay' })
  await world.settle(payment)
  return trip
}

beforeAll(async () => {
  const taxBasisPoints = { ZA: 1_500, NG: 750, KE: 1_600, GH: 0 }
  world = await createMoneyWorld({ settings: { taxBasisPoints } })
  customer = await world.addCustomer()
  driver = await world.addDriver()
  for (const market of ['ZA', 'NG', 'ZA'] as const) {
    const trip = await byCard(market)
    await world.drive(trip, driver)
    driven.push(trip)
  }
  const inCash = await world.newTrip(customer)
  await world.choose(inCash, 'cash')
  await world.drive(inCash, driver)
  driven.push(inCash)
  // Neither of these says anything about fares.
  await byCard('ZA')
  await cancelTrip(world.platform, (await byCard('NG')).id, { role: 'staff', reason: 'no driver' })
})
afterAll(() => world.close())

const faresOf = (market: string) =>
  driven.filter((trip) => trip.market === market).reduce((sum, { fare }) => sum + fare.amountMinor, 0)
const statements = (span = EVER) => viewStatements(world.platform, span)

it('[LG7] earnings, commission, tax and fees add up to the fares of completed trips, per market', async () => {
  const found = await statements()
  expect(
    found.map(({ market, currency, trips, faresMinor }) => [market, currency, trips, faresMinor]),
  ).toEqual([
    ['NG', 'NGN', 1, faresOf('NG')],
    ['ZA', 'ZAR', 3, faresOf('ZA')],
  ])
  for (const each of found) {
    expect(each.earningsMinor + each.commissionMinor + each.taxMinor + each.feesMinor).toBe(each.faresMinor)
    for (const part of ['earningsMinor', 'commissionMinor', 'taxMinor', 'feesMinor'] as const)
      expect(each[part], part).toBeGreaterThan(0)
  }
})

it('[LG7] a statement has what was completed within its span, the end excluded', async () => {
  // Dates of JavaScript know no microseconds.
  const { rows } = await sql<{ at: Date }>`
    update settlement set settled_at = date_trunc('milliseconds', settled_at) where market = 'ZA'
    returning settled_at as at`.execute(world.db.single)
  const [first, second, third] = rows.map(({ at }) => at).sort((one, other) => Number(one) - Number(other))
  const tripsIn = async (from: Date, to: Date) =>
    (await statements({ from, to })).find(({ market }) => market === 'ZA')?.trips ?? 0
  expect(await tripsIn(EVER.from, first!)).toBe(0)
  expect(await tripsIn(first!, second!)).toBe(1)
  expect(await tripsIn(first!, third!)).toBe(2)
  expect(await tripsIn(second!, EVER.to)).toBe(2)
  expect(await statements({ from: EVER.to, to: new Date('2101-01-01') })).toEqual([])
})

it('[LG7] a statement shows where the ledger and the fares differ, for it reads both', async () => {
  const [, before] = await statements()
  const undone = new Error('undone')
  const skewed = world.db.transaction(async (tx) => {
    await sql`
      alter table ledger_entry disable trigger ledger_entry_is_immutable`.execute(tx)
    await sql`
      update ledger_entry set amount_minor = amount_minor + 1
      where (transaction_id, account_id) in (
        select l.id, a.id from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
        join ledger_account as a on a.id = e.account_id and a.kind = 'tax' and a.owner = 'ZA'
        where l.kind = 'completion' limit 1)`.execute(tx)
    const db = { snapshot: (work: (inside: typeof tx) => unknown) => work(tx) } as never
    const [, after] = await viewStatements({ db }, EVER)
    expect(after).toEqual({ ...before!, taxMinor: before!.taxMinor + 1 })
    throw undone
  })
  await expect(skewed).rejects.toBe(undone)
})
