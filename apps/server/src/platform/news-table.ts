import { sql } from 'kysely'
import type { AccountId } from '../kernel/index.ts'
import type { Tx } from './database/index.ts'
import type { News, NewsItem } from './news.ts'
import { epochIn } from './news-epoch.ts'

/**
 * Gives each item the next place in its account's stream, in one statement. The counters are locked in one order (by
 * account), so that two transactions telling the same people never wait for each other in a circle.
 */
export async function insertNews(tx: Tx, items: readonly NewsItem[]): Promise<News[]> {
  const accounts = [...new Set(items.map((item) => item.accountId))].sort()
  const counts = accounts.map((id) => items.filter((item) => item.accountId === id).length)
  const later = items.map(
    ({ accountId }, index) => items.slice(index + 1).filter((other) => other.accountId === accountId).length,
  )
  const { rows } = await sql<{ account_id: AccountId; seq: number; at: Date }>`
    with place as (
      insert into stream as s (account_id, seq)
      select account_id, count from unnest(${accounts}::uuid[], ${counts}::int[]) as wanted (account_id, count)
      order by account_id
      on conflict (account_id) do update set seq = s.seq + excluded.seq
      returning account_id, seq, clock_timestamp() as at),
    written as (
      insert into news (account_id, seq, kind, data, at)
      select account_id, place.seq - item.later, item.kind, item.data::jsonb, place.at
      from unnest(${items.map((item) => item.accountId)}::uuid[], ${later}::int[],
                  ${items.map((item) => item.kind)}::text[], ${items.map((item) => JSON.stringify(item.data))}::text[])
        as item (account_id, later, kind, data)
      join place using (account_id))
    select account_id, seq, at from place`.execute(tx)

  const last = new Map(rows.map((row) => [row.account_id, row]))
  return items.map((item, index) => {
    const place = last.get(item.accountId)
    if (!place) throw new Error(`no place in the stream of ${item.accountId}`)
    return { ...item, seq: place.seq - (later[index] ?? 0), at: place.at }
  })
}

export async function readPosition(tx: Tx, accountId: AccountId): Promise<number> {
  const row = await tx
    .selectFrom('stream')
    .select('seq')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.seq ?? 0
}

/** Where these streams end, in which numbering; a stream that nothing was ever told in is left out. */
export async function readPositions(
  tx: Tx,
  accountIds: readonly AccountId[],
): Promise<{ epoch: string; positions: Map<AccountId, number> }> {
  const epoch = await epochIn(tx)
  const { rows } = await sql<{ epoch: string; accountId: AccountId | null; seq: number }>`
    select e.epoch, s.account_id as "accountId", s.seq
    from (select ${epoch} as epoch) as e left join stream as s on s.account_id = any(${accountIds}::uuid[])`.execute(
    tx,
  )
  const positions = new Map<AccountId, number>()
  for (const { accountId, seq } of rows) if (accountId !== null) positions.set(accountId, seq)
  return { epoch: rows[0]?.epoch ?? '', positions }
}

/** Where a stream is: its numbering, its last number (0: none yet) and the oldest that is still kept. */
export type Standing = { readonly epoch: string; readonly seq: number; readonly oldest: number | null }

export async function readStanding(tx: Tx, accountId: AccountId): Promise<Standing> {
  const epoch = await epochIn(tx)
  const { rows } = await sql<Standing>`
    select ${epoch} as epoch,
      coalesce((select seq from stream where account_id = ${accountId}), 0) as seq,
      (select min(seq) from news where account_id = ${accountId}) as oldest`.execute(tx)
  const [standing] = rows
  if (!standing) throw new Error('a select without a table answered no row')
  return standing
}

export async function readNewsAfter(
  tx: Tx,
  accountId: AccountId,
  seq: number,
  limit: number,
): Promise<News[]> {
  return tx
    .selectFrom('news')
    .select(['account_id as accountId', 'seq', 'kind', 'data', 'at'])
    .where('account_id', '=', accountId)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** More than listeners on this node can fall behind; what is beyond it the next poll finds. */
const MAX_READ = 100_000

/** What came after these places of streams, each stream in order, and how old it is by the database's clock. */
export async function readUntoldNews(
  tx: Tx,
  places: readonly { readonly accountId: AccountId; readonly seq: number }[],
): Promise<(News & { lagSeconds: number })[]> {
  const accountIds = places.map(({ accountId }) => accountId)
  const seqs = places.map(({ seq }) => seq)
  const { rows } = await sql<News & { lagSeconds: number }>`
    select n.account_id as "accountId", n.seq, n.kind, n.data, n.at,
           extract(epoch from clock_timestamp() - n.at)::float8 as "lagSeconds"
    from unnest(${accountIds}::uuid[], ${seqs}::bigint[]) as place (account_id, seq)
    join news as n on n.account_id = place.account_id and n.seq > place.seq
    order by n.account_id, n.seq limit ${MAX_READ}`.execute(tx)
  return rows
}
