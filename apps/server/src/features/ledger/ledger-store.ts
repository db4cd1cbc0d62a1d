import type { Currency } from '@toota/contract'
import { sql } from 'kysely'
import type { TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { compact, type Account, type Entry, type Posting } from './model/posting.ts'

/**
 * Books a transaction, at most once for its kind and key; false when it was booked before. The database refuses what does not
 * balance (at COMMIT), and what would make somebody's credit or held money negative.
 */
export async function post(tx: Tx, posting: Posting): Promise<boolean> {
  const { kind, key, currency, tripId = null, memo = null } = posting
  const entries = compact(posting.entries)
  if (entries.length === 0) return false
  const kinds = entries.map(({ account }) => account.kind)
  const owners = entries.map(({ account }) => account.owner)
  await sql`
    insert into ledger_account (kind, owner, currency)
    select kind, owner, ${currency} from unnest(${kinds}::text[], ${owners}::text[]) as wanted (kind, owner)
    order by kind, owner
    on conflict (kind, owner, currency) do nothing`.execute(tx)
  const { rows } = await sql<{ posted: number; booked: number }>`
    with posted as (
      insert into ledger_transaction (kind, key, trip_id, memo) values (${kind}, ${key}, ${tripId}, ${memo})
      on conflict (kind, key) do nothing
      returning id),
    booked as (
      insert into ledger_entry (transaction_id, account_id, amount_minor)
      select posted.id, account.id, wanted.amount
      from posted
      cross join unnest(${kinds}::text[], ${owners}::text[], ${entries.map((entry) => entry.amountMinor)}::bigint[])
        as wanted (kind, owner, amount)
      join ledger_account as account
        on account.kind = wanted.kind and account.owner = wanted.owner and account.currency = ${currency}
      order by account.id
      returning 1)
    select (select count(*) from posted) as posted, (select count(*) from booked) as booked`.execute(tx)
  const { posted = 0, booked = 0 } = rows[0] ?? {}
  if (posted === 1 && booked !== entries.length) throw new Error(`${kind} ${key} was not booked whole`)
  return posted === 1
}

/**
 * Minor units under the account's lock, so that they stay until the end of the transaction; 0 for an account that was never used.
 * Only people's accounts have a kept balance.
 */
export async function lockBalance(tx: Tx, account: Account, currency: Currency): Promise<number> {
  const row = await tx
    .selectFrom('ledger_account')
    .select('balance_minor')
    .where('kind', '=', account.kind)
    .where('owner', '=', account.owner)
    .where('currency', '=', currency)
    .forUpdate()
    .executeTakeFirst()
  return row?.balance_minor ?? 0
}

/** What transactions of these kinds have booked for a trip, all together: one entry per account. */
export async function findBooked(tx: Tx, tripId: TripId, kinds: readonly string[]): Promise<Entry[]> {
  const { rows } = await sql<Account & { amountMinor: number }>`
    select a.kind, a.owner, sum(e.amount_minor)::bigint as "amountMinor"
    from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
    join ledger_account as a on a.id = e.account_id
    where l.trip_id = ${tripId} and l.kind = any(${kinds}::text[])
    group by a.kind, a.owner`.execute(tx)
  return rows.map(({ amountMinor, ...account }) => ({ account, amountMinor }))
}

export type Balance = {
  readonly kind: Account['kind']
  readonly currency: Currency
  readonly balanceMinor: number
}

/** Every account of one person that was ever used. */
export async function findBalancesOf(tx: Tx, owner: string): Promise<Balance[]> {
  const { rows } = await sql<Balance>`
    select kind, currency, balance_minor as "balanceMinor" from ledger_account
    where owner = ${owner} and kind in ('held', 'credit', 'receivable', 'driver', 'withheld')
    order by currency, kind`.execute(tx)
  return rows
}
