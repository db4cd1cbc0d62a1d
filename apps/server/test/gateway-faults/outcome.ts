import { sql } from 'kysely'
import type { TripId } from '../../src/kernel/index.ts'
import type { Stage } from './stage.ts'
import { referencesOf, type Run } from './play.ts'

type Charged = { readonly id: string; readonly amountMinor: number }

/** What is left when everything is quiet, without ids and times. */
export type Outcome = {
  readonly trip: string
  /** Whether a driver may be asked; of a trip that has ended nobody is. */
  readonly isPaid: boolean
  /** Those of all attempts, sorted: which of two is which is not said. */
  readonly payments: readonly string[]
  readonly charges: readonly number[]
  readonly refunds: readonly string[]
  /** Sums by kind of account over all that was booked for the trip. */
  readonly ledger: Readonly<Record<string, number>>
  readonly balances: Readonly<Record<string, number>>
  readonly cases: readonly string[]
}

type Row = {
  readonly tripId: TripId
  readonly trip: string
  readonly isPaid: boolean
  readonly payments: readonly string[] | null
  readonly charges: readonly Charged[] | null
  readonly refunds: readonly { readonly state: string; readonly amountMinor: number }[] | null
  readonly ledger: Readonly<Record<string, number>> | null
  readonly balances: Readonly<Record<string, number>> | null
  readonly cases: readonly string[] | null
}

/** How the runs ended, by trip; one statement for all. */
export async function readOutcomes({ db }: Stage, trips: readonly TripId[]): Promise<Map<TripId, Row>> {
  const { rows } = await sql<Row>`
    select t.id as "tripId", t.status as trip, payment_allows_driver(t.id) as "isPaid",
      (select json_agg(concat_ws(' ', p.status, p.failure) order by p.status, p.failure) from payment as p
        where p.trip_id = t.id) as payments,
      (select json_agg(json_build_object('id', c.gateway_id, 'amountMinor', c.amount_minor) order by c.amount_minor, c.gateway_id)
        from charge as c join payment as p on p.id = c.payment_id where p.trip_id = t.id) as charges,
      (select json_agg(json_build_object('state', r.state, 'amountMinor', r.amount_minor) order by r.state, r.amount_minor)
        from refund as r join charge as c on c.id = r.charge_id join payment as p on p.id = c.payment_id
        where p.trip_id = t.id) as refunds,
      (select json_object_agg(kind, sum) from (
        select a.kind, sum(e.amount_minor) as sum from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
        join ledger_account as a on a.id = e.account_id where l.trip_id = t.id group by a.kind having sum(e.amount_minor) <> 0
        ) as sums) as ledger,
      (select json_object_agg(kind, balance_minor) from ledger_account
        where owner = t.customer_id::text and balance_minor <> 0) as balances,
      (select json_agg(m.kind order by m.kind) from money_case as m where m.trip_id = t.id) as cases
    from trip as t where t.id = any(${trips}::uuid[])`.execute(db.single)
  return new Map(rows.map((row) => [row.tripId, row]))
}

export const outcomeOf = (row: Row): Outcome => ({
  trip: row.trip,
  isPaid: row.trip === 'pending' && row.isPaid,
  payments: row.payments ?? [],
  charges: (row.charges ?? []).map(({ amountMinor }) => amountMinor),
  refunds: (row.refunds ?? []).map(({ state, amountMinor }) => `${state} ${amountMinor}`),
  ledger: sorted(row.ledger),
  balances: sorted(row.balances),
  cases: row.cases ?? [],
})

const sorted = (sums: Readonly<Record<string, number>> | null): Record<string, number> =>
  Object.fromEntries(Object.entries(sums ?? {}).sort())

/** What the gateway moved and what we have booked of it, where they do not agree. */
export function contradictionsOf({ control, currency }: Stage, run: Run, row: Row): string[] {
  const effects = referencesOf(run).map((reference) => control.effectsOf(reference))
  const taken = effects.flatMap(({ charges }) => charges).filter((charge) => charge.currency === currency)
  const booked = new Map((row.charges ?? []).map(({ id, amountMinor }) => [id, amountMinor]))
  const mismatches = (row.cases ?? []).filter((kind) => kind === 'payment-mismatch').length
  const unbooked = taken.filter(({ id, amountMinor }) => booked.get(String(id)) !== amountMinor)
  const found: string[] = []
  if (booked.size > taken.length) found.push(`${booked.size} charges for ${taken.length} of the gateway's`)
  // Money of the wrong kind is a case instead.
  if (unbooked.length > mismatches) found.push(`not booked: ${JSON.stringify(unbooked)}`)

  const sum = (amounts: readonly { readonly amountMinor: number }[]) =>
    amounts.reduce((total, { amountMinor }) => total + amountMinor, 0)
  const returned = effects.flatMap(({ refunds }) => refunds)
  const meant = (row.refunds ?? []).filter(({ state }) => state !== 'failed')
  // A refund that failed at the gateway, and that it has no way of telling us (Yoco), is still on its way for us.
  if (returned.length > meant.length || sum(returned) > sum(meant))
    found.push(`gave back ${JSON.stringify(returned)} for ${JSON.stringify(meant)}`)
  const isDone = ({ state }: { readonly state: string }) => state === 'done'
  const arrived = returned.filter(({ status }) => status === 'processed')
  if (sum(meant.filter(isDone)) > sum(arrived)) found.push('a refund is done that is not')
  return found
}
