import { MARKETS, type Market } from '@toota/contract'
import { sql } from 'kysely'
import { viewStatements } from '../../src/features/ledger/index.ts'
import type { MoneyWorld } from '../money.ts'
import { feeOf } from '../gateways/money.ts'
import type { Driven } from './drive-trips.ts'
import { CITIES } from './markets.ts'

const EVER = { from: new Date(0), to: new Date('2100-01-01') }
const PARTS = ['driver', 'commission', 'tax', 'fees'] as const

/**
 * Compares the statements with what else knows of the same money: the trips' own rows, the ledger, the rates at the time, and
 * what the gateways kept. Answers what does not agree.
 */
export async function compareStatements(world: MoneyWorld, driven: readonly Driven[]): Promise<string[]> {
  const statements = await viewStatements(world.platform, EVER)
  const problems: string[] = []
  const same = (what: string, one: number, other: number): void => {
    if (one !== other) problems.push(`${what}: ${one} is not ${other}`)
  }
  for (const market of MARKETS) {
    const own = driven.filter(({ trip }) => trip.market === market)
    const statement = statements.find((each) => each.market === market)
    if (own.length === 0 && !statement) continue
    if (!statement) {
      problems.push(`${market}: no statement`)
      continue
    }
    const { earningsMinor, commissionMinor, taxMinor, feesMinor, faresMinor, currency, trips } = statement
    same(`${market} currency ${currency}`, Number(currency === CITIES[market].currency), 1)
    same(`${market} trips`, trips, own.length)
    same(
      `${market} fares and their parts`,
      earningsMinor + commissionMinor + taxMinor + feesMinor,
      faresMinor,
    )
    same(`${market} fares of the trips' rows`, faresMinor, await faresOfTrips(world, market))
    same(
      `${market} fares as quoted`,
      faresMinor,
      sumOf(own, ({ trip }) => trip.fare.amountMinor),
    )
    const booked = await bookedOf(world, market)
    for (const [index, part] of [earningsMinor, commissionMinor, taxMinor, feesMinor].entries())
      same(`${market} ${PARTS[index]!} in the ledger`, part, booked.get(PARTS[index]!) ?? 0)
    same(`${market} tax by its rate`, taxMinor, sumOf(own, taxOf))
    same(`${market} fees of the gateways`, feesMinor, await feesOfGateways(world, market))
  }
  for (const problem of await compareDrivers(world, driven)) problems.push(problem)
  return problems
}

/** Every driver's earnings, as the ledger has them, are his fares less the commission at the time. */
async function compareDrivers(world: MoneyWorld, driven: readonly Driven[]): Promise<string[]> {
  const { rows } = await sql<{ owner: string; currency: string; earned: number }>`
    select a.owner, a.currency, sum(e.amount_minor)::bigint as earned
    from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
    join ledger_account as a on a.id = e.account_id and a.kind = 'driver'
    where l.kind = 'completion' group by a.owner, a.currency`.execute(world.db.single)
  const expected = new Map<string, number>()
  for (const each of driven) {
    const key = `${each.driverId} ${each.trip.fare.currency}`
    expected.set(key, (expected.get(key) ?? 0) + each.trip.fare.amountMinor - grossOf(each))
  }
  const found = new Map(rows.map(({ owner, currency, earned }) => [`${owner} ${currency}`, earned]))
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((key) => (expected.get(key) ?? 0) !== (found.get(key) ?? 0))
    .map((key) => `driver ${key}: ${found.get(key) ?? 0} is not ${expected.get(key) ?? 0}`)
}

const sumOf = (driven: readonly Driven[], part: (each: Driven) => number): number =>
  driven.reduce((sum, each) => sum + part(each), 0)

/** The nearest cent, halves up, in whole numbers of any size. */
const nearest = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)))

/** What is the operator's of a fare, tax included. */
const grossOf = ({ trip, rates }: Driven): number =>
  nearest(trip.fare.amountMinor, rates.commissionBasisPoints[trip.market], 10_000)
const taxOf = (each: Driven): number => {
  const basisPoints = each.rates.taxBasisPoints[each.trip.market]
  return nearest(grossOf(each), basisPoints, 10_000 + basisPoints)
}

async function faresOfTrips(world: MoneyWorld, market: Market): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(fare_minor), 0)::bigint as sum from trip
    where market = ${market} and status = 'completed' and currency = ${CITIES[market].currency}`.execute(
    world.db.single,
  )
  return rows[0]!.sum
}

async function bookedOf(world: MoneyWorld, market: Market): Promise<Map<string, number>> {
  const { rows } = await sql<{ kind: string; sum: number }>`
    select a.kind, sum(e.amount_minor)::bigint as sum
    from ledger_transaction as l join trip as t on t.id = l.trip_id and t.market = ${market}
    join ledger_entry as e on e.transaction_id = l.id join ledger_account as a on a.id = e.account_id
    where l.kind = 'completion' group by a.kind`.execute(world.db.single)
  return new Map(rows.map(({ kind, sum }) => [kind, sum]))
}

/** What the fakes kept of the charges that paid for completed trips, by their own books. */
async function feesOfGateways({ db, gateways }: MoneyWorld, market: Market): Promise<number> {
  const { rows } = await sql<{ reference: string }>`
    select p.reference from payment as p join trip as t on t.id = p.trip_id
    where t.market = ${market} and t.status = 'completed' and p.replaced_at is null and p.gateway is not null`.execute(
    db.single,
  )
  return rows
    .flatMap(({ reference }) => gateways.effectsOf(reference).charges)
    .reduce((sum, { amountMinor }) => sum + feeOf(amountMinor), 0)
}
