import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/** A promise about money, and the rows that break it; each query answers those, so that none is right. */
export type Check = { readonly promise: string; readonly breaches: string }

/** Every invariant of money, as SQL; it reads the tables of all features that have to do with it. */
export const CHECKS: readonly Check[] = [
  {
    promise: 'every transaction balances in each currency',
    breaches: `select e.transaction_id, a.currency, sum(e.amount_minor) as off_by_minor
      from ledger_entry as e join ledger_account as a on a.id = e.account_id
      group by e.transaction_id, a.currency having sum(e.amount_minor) <> 0`,
  },
  {
    promise: 'no transaction is empty',
    breaches: `select id, kind, key from ledger_transaction as t
      where not exists (select from ledger_entry where transaction_id = t.id)`,
  },
  {
    promise: "people's balances are the sums of their entries",
    breaches: `select a.id, a.kind, a.owner, a.balance_minor, coalesce(sum(e.amount_minor), 0) as entries_minor
      from ledger_account as a left join ledger_entry as e on e.account_id = a.id
      where a.kind in ('held', 'credit', 'receivable', 'driver', 'withheld')
      group by a.id having a.balance_minor <> coalesce(sum(e.amount_minor), 0)`,
  },
  {
    promise: 'nobody has negative credit, held or withheld money',
    breaches: `select id, kind, owner, balance_minor from ledger_account
      where kind in ('held', 'credit', 'withheld') and balance_minor < 0 or kind = 'receivable' and balance_minor > 0`,
  },
  {
    promise: 'nothing is held for a trip that has ended',
    breaches: `select t.id, t.status, sum(e.amount_minor) as held_minor
      from ledger_entry as e join ledger_account as a on a.id = e.account_id and a.kind = 'held'
      join ledger_transaction as l on l.id = e.transaction_id join trip as t on t.id = l.trip_id
      where t.ended_at is not null group by t.id having sum(e.amount_minor) <> 0`,
  },
  {
    promise: 'a trip under way is paid for, or will be in cash',
    breaches: `select t.id, t.status, p.method, p.status as payment from trip as t
      left join payment as p on p.trip_id = t.id and p.replaced_at is null
      where t.status in ('accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest')
        and not coalesce(p.status in ('success', 'reversed') or p.method = 'cash' and p.status = 'pending', false)`,
  },
  {
    promise: 'every completed trip is divided, and the parts add up to its fare',
    breaches: `select t.id, t.fare_minor, s.fare_minor as divided_minor from trip as t left join settlement as s on s.trip_id = t.id
      where t.status = 'completed' and (s.trip_id is null or s.fare_minor <> t.fare_minor or s.currency <> t.currency
        or s.earning_minor + s.commission_minor + s.tax_minor + s.fee_minor <> t.fare_minor
        or t.fare_minor > 0 and not exists (select from ledger_transaction where kind = 'completion' and key = t.id::text))`,
  },
  {
    promise: 'what is booked of completed trips is what their division says',
    breaches: `select s.market, s.currency, s.kind, s.divided_minor, coalesce(b.booked_minor, 0) as booked_minor
      from (select market, currency, kind, sum(part) as divided_minor from settlement
            cross join lateral (values ('driver', earning_minor), ('commission', commission_minor), ('tax', tax_minor),
              ('fees', fee_minor)) as p (kind, part)
            group by market, currency, kind) as s
      left join (select c.market, a.currency, a.kind, sum(e.amount_minor) as booked_minor
                 from ledger_transaction as l join settlement as c on l.kind = 'completion' and l.key = c.trip_id::text
                 join ledger_entry as e on e.transaction_id = l.id join ledger_account as a on a.id = e.account_id
                 group by c.market, a.currency, a.kind) as b
        on b.market = s.market and b.currency = s.currency and b.kind = s.kind
      where s.divided_minor <> coalesce(b.booked_minor, 0)`,
  },
  {
    promise: 'a payment by a gateway is paid only by a verified charge of at least what was due',
    breaches: `select p.id, p.status, p.amount_minor, c.amount_minor as charged_minor
      from payment as p left join charge as c on c.payment_id = p.id and c.is_counted
      where p.gateway is not null and p.status in ('success', 'reversed') and (p.verified_at is null or c.id is null
        or c.amount_minor < p.amount_minor or c.currency <> p.currency or c.gateway <> p.gateway)`,
  },
  {
    promise: 'every charge is booked once, for its amount',
    breaches: `select c.id, c.gateway, c.gateway_id, c.amount_minor, c.fee_minor, e.amount_minor as booked_minor
      from charge as c left join ledger_transaction as l on l.kind = 'charge' and l.key = c.gateway || ':' || c.gateway_id
      left join (ledger_entry as e join ledger_account as a on a.id = e.account_id and a.kind = 'clearing') on e.transaction_id = l.id
      where coalesce(e.amount_minor, 0) <> c.fee_minor - c.amount_minor`,
  },
  {
    promise: 'a charge has given back what its refunds say, and no more than it took',
    breaches: `select c.id, c.amount_minor, c.refunded_minor, coalesce(sum(r.amount_minor), 0) as refunds_minor
      from charge as c left join refund as r on r.charge_id = c.id and r.state <> 'failed'
      group by c.id having c.refunded_minor <> coalesce(sum(r.amount_minor), 0) or c.refunded_minor > c.amount_minor`,
  },
  {
    promise: 'what is under way as refunds is what the open ones amount to',
    breaches: underWay(
      'refunds',
      `select c.gateway, c.currency, r.amount_minor from refund as r join charge as c on c.id = r.charge_id
       where r.state in ('created', 'sent')`,
    ),
  },
  {
    promise: 'what is under way as payouts is what the open ones amount to',
    breaches: underWay(
      'payouts',
      `select gateway, currency, amount_minor from payout where state in ('created', 'sent')`,
    ),
  },
  {
    promise: 'cash that was received is booked',
    breaches: `select p.id, p.received_minor, 0 - coalesce(sum(e.amount_minor), 0) as booked_minor
      from payment as p left join ledger_transaction as l on l.trip_id = p.trip_id and l.kind in ('cash', 'cash-correction')
      left join (ledger_entry as e join ledger_account as a on a.id = e.account_id and a.kind in ('driver', 'withheld'))
        on e.transaction_id = l.id
      where p.method = 'cash' and p.status = 'success'
      group by p.id having p.received_minor <> 0 - coalesce(sum(e.amount_minor), 0)`,
  },
  {
    promise: 'a trip has at most one live payment',
    breaches: `select trip_id, count(*) from payment where replaced_at is null group by trip_id having count(*) > 1`,
  },
  {
    promise: 'receipts of a market are numbered 1, 2, 3 …',
    breaches: `select c.market, c.last_number, count(s.receipt_number) as receipts, max(s.receipt_number) as highest
      from receipt_counter as c left join settlement as s on s.market = c.market
      group by c.market, c.last_number
      having c.last_number <> count(s.receipt_number) or c.last_number <> coalesce(max(s.receipt_number), 0)`,
  },
]

/** Compares an account of what is on its way with the rows that are. */
function underWay(kind: string, open: string): string {
  return `select booked.owner, booked.currency, booked_minor, coalesce(open_minor, 0) as open_minor
    from (select a.owner, a.currency, coalesce(sum(e.amount_minor), 0) as booked_minor from ledger_account as a
          left join ledger_entry as e on e.account_id = a.id where a.kind = '${kind}' group by a.id) as booked
    left join (select gateway, currency, sum(amount_minor) as open_minor from (${open}) as o group by gateway, currency) as open
      on open.gateway = booked.owner and open.currency = booked.currency
    where booked_minor <> coalesce(open_minor, 0)`
}

const SHOWN = 20

/** The first rows that break a promise. */
export async function findBreaches(tx: Tx, check: Check): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`${sql.raw(check.breaches)} limit ${SHOWN}`.execute(tx)
  return rows
}
