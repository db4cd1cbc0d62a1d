import { sql } from 'kysely'
import type { Database } from './database/index.ts'

/** Nobody is away for longer and still wants each step. */
const KEPT_HOURS = 72
/** And the newest so many of each stream stay, however old. */
const KEPT_NEWEST = 1_000
const STREAMS_AT_ONCE = 500
const NEWS_AT_ONCE = 1_000
const BETWEEN_BATCHES_MS = 100
const BETWEEN_ROUNDS_MS = 10 * 60_000

type Batch = { readonly last: string | null; readonly mostOfOne: number }

/**
 * A sweep that forgets old news. It walks the streams in the order of their key, some at a time, and takes the oldest
 * of each by the key of the table: what stays is never looked at again and again.
 */
export function createForgetNews(
  db: Database,
  kept: { readonly hours: number; readonly newest: number } = { hours: KEPT_HOURS, newest: KEPT_NEWEST },
): () => Promise<number> {
  let after = '00000000-0000-0000-0000-000000000000'
  return async () => {
    const { rows } = await sql<Batch>`
      with these as (
        select account_id, seq from stream where account_id > ${after} order by account_id limit ${STREAMS_AT_ONCE}),
      old as (
        select n.account_id, n.seq from these as s cross join lateral (
          select account_id, seq from news
          where account_id = s.account_id and seq <= s.seq - ${kept.newest}
            and at < clock_timestamp() - make_interval(hours => ${kept.hours})
          order by seq limit ${NEWS_AT_ONCE}) as n
        where s.seq > ${kept.newest}),
      gone as (
        delete from news using old where news.account_id = old.account_id and news.seq = old.seq
        returning news.account_id)
      select (select account_id::text from these order by these.account_id desc limit 1) as last,
        coalesce((select max(n) from (select count(*)::int as n from gone group by account_id) as per), 0)::int
          as "mostOfOne"`.execute(db.single)
    const { last, mostOfOne } = rows[0] ?? { last: null, mostOfOne: 0 }
    // A stream that had more than a batch is looked at again before the next ones.
    if (mostOfOne === NEWS_AT_ONCE) return BETWEEN_BATCHES_MS
    after = last ?? '00000000-0000-0000-0000-000000000000'
    return last === null ? BETWEEN_ROUNDS_MS : BETWEEN_BATCHES_MS
  }
}
