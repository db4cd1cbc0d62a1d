import type { Currency } from '@toota/contract'
import { sql } from 'kysely'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import type { MoneyWorld } from '../money.ts'

/** What only those know who did it: money that changed hands without the customers' and drivers' accounts, in minor units. */
export type Given = {
  /** By staff, as the operator's loss: sent back by a gateway, or made credit. */
  readonly refunded: Map<string, number>
  readonly goodwill: Map<string, number>
  /** By drivers at the office. */
  readonly office: Map<string, number>
}

export const newGiven = (): Given => ({ refunded: new Map(), goodwill: new Map(), office: new Map() })
export const given = (sums: Map<string, number>, owner: string, currency: Currency): number =>
  sums.get(`${owner} ${currency}`) ?? 0
export const give = (
  sums: Map<string, number>,
  owner: string,
  { amountMinor, currency }: { readonly amountMinor: number; readonly currency: Currency },
): void => void sums.set(`${owner} ${currency}`, given(sums, owner, currency) + amountMinor)

/** Who is looked at, and what the database does not say. */
type Known = {
  readonly customers: readonly CustomerId[]
  readonly drivers: readonly DriverId[]
  readonly gifts: Given
  /** When each group of deeds began. */
  readonly began: readonly string[]
}

const CURRENCIES = ['ZAR', 'NGN'] as const

/** What is wrong with the money of these people, once nothing is on its way any more. */
export async function findMoneyProblems(
  world: MoneyWorld,
  { customers, drivers, gifts, began }: Known,
): Promise<string[]> {
  const problems = (await world.audit()).map((breach) => JSON.stringify(breach))
  for (const { currency, sum } of await sumsOfLedger(world))
    if (sum !== 0) problems.push(`the ledger is ${sum} ${currency} off`)
  for (const currency of CURRENCIES) {
    for (const customer of customers)
      problems.push(...(await checkCustomer(world, customer, currency, gifts)))
    for (const driver of drivers) problems.push(...(await checkDriver(world, driver, currency, gifts)))
  }
  for (const offer of await findOffersBeyondLimit(world, drivers, began))
    problems.push(`offer ${offer.id} of cash with a debt of ${offer.debtMinor}`)
  return problems
}

async function sumsOfLedger({ db }: MoneyWorld): Promise<{ currency: string; sum: number }[]> {
  const { rows } = await sql<{ currency: string; sum: number }>`
    select a.currency, sum(e.amount_minor)::bigint as sum
    from ledger_entry as e join ledger_account as a on a.id = e.account_id group by a.currency`.execute(
    db.single,
  )
  return rows
}

/** All that came in from him, and what he owes, was driven, is credit or held, or went back. */
async function checkCustomer(
  world: MoneyWorld,
  customer: CustomerId,
  currency: Currency,
  gifts: Given,
): Promise<string[]> {
  const { rows } = await sql<{ cash: number; fares: number; writtenOff: number; references: string[] }>`
    with own as (select id, status, fare_minor from trip where customer_id = ${customer} and currency = ${currency})
    select
      (select coalesce(sum(received_minor), 0)::bigint from payment where method = 'cash' and trip_id in (select id from own)) as cash,
      (select coalesce(sum(fare_minor), 0)::bigint from own where status = 'completed') as fares,
      (select coalesce(sum(greatest(0, p.amount_minor - (c.resolution ->> 'cashMinor')::bigint)), 0)::bigint
       from money_case as c join payment as p on p.id = c.payment_id and p.status = 'success' and p.method = 'cash'
       where c.resolution ? 'cashMinor' and p.trip_id in (select id from own)) as "writtenOff",
      (select coalesce(array_agg(reference), '{}') from payment
       where reference is not null and trip_id in (select id from own)) as references`.execute(
    world.db.single,
  )
  const { cash, fares, writtenOff, references } = rows[0]!
  const effects = references.map((reference) => world.gateways.effectsOf(reference))
  const charged = sumOf(effects.flatMap(({ charges }) => charges))
  const refunded =
    sumOf(effects.flatMap(({ refunds }) => refunds)) - given(gifts.refunded, customer, currency)
  const of = (kind: string): Promise<number> => world.balance(kind, customer, currency)
  const [credit, held, owed] = [await of('credit'), await of('held'), 0 - (await of('receivable'))]
  const came = cash + charged + given(gifts.goodwill, customer, currency) + writtenOff + owed
  const went = fares + credit + held + refunded
  const parts = { cash, charged, writtenOff, owed, fares, credit, held, refunded }
  return [
    ...(came === went ? [] : [`customer ${customer}: ${came} is not ${went}: ${JSON.stringify(parts)}`]),
    ...(Math.min(credit, held, owed) < 0
      ? [`customer ${customer} is below nothing: ${JSON.stringify(parts)}`]
      : []),
  ]
}

const sumOf = (moved: readonly { readonly amountMinor: number }[]): number =>
  moved.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

/** He has what he earned, less the cash he holds and what was written off, and what he paid at the office. */
async function checkDriver(
  world: MoneyWorld,
  driver: DriverId,
  currency: Currency,
  gifts: Given,
): Promise<string[]> {
  const { rows } = await sql<{ earned: number; cash: number; writtenOff: number }>`
    select
      (select coalesce(sum(fare_minor - (fare_minor * 2 + 5) / 10), 0)::bigint from trip
       where driver_id = ${driver} and currency = ${currency} and status = 'completed') as earned,
      (select coalesce(sum(received_minor), 0)::bigint from payment
       where received_by = ${driver} and currency = ${currency}) as cash,
      (select coalesce(sum(greatest(0, p.amount_minor - (c.resolution ->> 'cashMinor')::bigint)), 0)::bigint
       from money_case as c join payment as p on p.id = c.payment_id and p.status = 'success'
       where c.resolution ? 'cashMinor' and p.received_by = ${driver} and p.currency = ${currency}) as "writtenOff"`.execute(
    world.db.single,
  )
  const { earned, cash, writtenOff } = rows[0]!
  const of = (kind: string): Promise<number> => world.balance(kind, driver, currency)
  const [balance, withheld] = [await of('driver'), await of('withheld')]
  const right = earned - cash - writtenOff + given(gifts.office, driver, currency)
  const parts = { balance, withheld, earned, cash, writtenOff }
  return balance + withheld === right && withheld >= 0
    ? []
    : [`driver ${driver}: ${balance + withheld} is not ${right}: ${JSON.stringify(parts)}`]
}

/**
 * Offers of trips in cash that were made when the driver owed more than he may. What was done at the same time counts only where
 * it makes him owe less.
 */
async function findOffersBeyondLimit(
  { db, platform }: MoneyWorld,
  drivers: readonly DriverId[],
  began: readonly string[],
): Promise<{ id: string; debtMinor: number }[]> {
  const { rows } = await sql<{ id: string; debtMinor: number }>`
    select o.id, -sum(e.amount_minor)::bigint as "debtMinor"
    from offer as o join trip as t on t.id = o.trip_id
    cross join lateral (select max(began) as began from unnest(${began}::timestamptz[]) as began where began <= o.opened_at) as g
    join payment as p on p.trip_id = t.id and p.method = 'cash' and p.created_at <= o.opened_at
      and (p.replaced_at is null or p.replaced_at > o.opened_at)
    join ledger_account as a on a.kind = 'driver' and a.owner = o.driver_id::text and a.currency = t.currency
    join ledger_entry as e on e.account_id = a.id
    join ledger_transaction as l on l.id = e.transaction_id
      and (l.at < g.began or l.at < o.opened_at and e.amount_minor > 0)
    where o.driver_id = any(${drivers}::uuid[])
    group by o.id having -sum(e.amount_minor) > ${platform.settings.cashFloatLimitMinor.ZA}`.execute(
    db.single,
  )
  return rows
}
