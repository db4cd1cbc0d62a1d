import type { Currency, Market } from '@toota/contract'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/** Sums of a market's completed trips, in minor units. The last four add up to the fares. */
export type Statement = {
  readonly market: Market
  readonly currency: Currency
  readonly trips: number
  readonly faresMinor: number
  readonly earningsMinor: number
  /** The operator's, without tax and gateways' fees. */
  readonly commissionMinor: number
  readonly taxMinor: number
  readonly feesMinor: number
}

/**
 * Fares as trips have them, and what became of them as the ledger has it: two sources, so that the sums say something.
 * `to` is exclusive.
 */
export async function findStatements(tx: Tx, span: { from: Date; to: Date }): Promise<Statement[]> {
  const { rows } = await sql<Statement>`
    with completed as (
      select s.trip_id, s.market, t.currency, t.fare_minor from settlement as s join trip as t on t.id = s.trip_id
      where s.settled_at >= ${span.from} and s.settled_at < ${span.to}),
    booked as (
      select c.market, c.currency, a.kind, sum(e.amount_minor) as amount_minor
      from completed as c join ledger_transaction as l on l.kind = 'completion' and l.key = c.trip_id::text
      join ledger_entry as e on e.transaction_id = l.id join ledger_account as a on a.id = e.account_id
      group by c.market, c.currency, a.kind),
    fares as (
      select market, currency, count(*) as trips, sum(fare_minor) as fares_minor from completed group by market, currency)
    select f.market, f.currency, f.trips::int as trips, f.fares_minor::bigint as "faresMinor",
      coalesce(sum(b.amount_minor) filter (where b.kind = 'driver'), 0)::bigint as "earningsMinor",
      coalesce(sum(b.amount_minor) filter (where b.kind = 'commission'), 0)::bigint as "commissionMinor",
      coalesce(sum(b.amount_minor) filter (where b.kind = 'tax'), 0)::bigint as "taxMinor",
      coalesce(sum(b.amount_minor) filter (where b.kind = 'fees'), 0)::bigint as "feesMinor"
    from fares as f left join booked as b on b.market = f.market and b.currency = f.currency
    group by f.market, f.currency, f.trips, f.fares_minor order by f.market, f.currency`.execute(tx)
  return rows
}
