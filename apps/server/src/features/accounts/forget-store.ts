import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

// Each deletes at most `limit` rows and answers how many; rows that another process is deleting are skipped.

/** Ended or expired a week ago: until then an operator can still see why. Ending a session sets `expires_at` too. */
export const deleteOldSessions = (tx: Tx, limit: number): Promise<number> =>
  run(
    tx,
    sql`delete from session where id in (
          select id from session where expires_at < clock_timestamp() - interval '7 days'
          order by expires_at limit ${limit} for update skip locked)`,
  )

export const deleteOldTickets = (tx: Tx, limit: number): Promise<number> =>
  run(
    tx,
    sql`delete from ticket where digest in (
          select digest from ticket where expires_at < clock_timestamp()
          order by expires_at limit ${limit} for update skip locked)`,
  )

/** Not before the day after next: the row also counts the codes of its day. */
export const deleteOldCodes = (tx: Tx, limit: number): Promise<number> =>
  run(
    tx,
    sql`delete from one_time_code where (account_id, purpose) in (
          select account_id, purpose from one_time_code
          where issued_on < (clock_timestamp() at time zone 'utc')::date - 1
            and least(used_at, expires_at) < clock_timestamp() - interval '1 day'
          limit ${limit} for update skip locked)`,
  )

export const deleteOldAddresses = (tx: Tx, limit: number): Promise<number> =>
  run(
    tx,
    sql`delete from known_address where (account_id, digest) in (
          select account_id, digest from known_address
          where last_used_at < clock_timestamp() - interval '90 days'
          limit ${limit} for update skip locked)`,
  )

async function run(tx: Tx, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await statement.execute(tx)
  return Number(numAffectedRows ?? 0)
}
