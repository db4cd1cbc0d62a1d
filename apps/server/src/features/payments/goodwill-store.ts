import { sql } from 'kysely'
import type { TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** What staff have already given back for a trip as credit, in minor units. */
export async function findGoodwill(tx: Tx, tripId: TripId): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(e.amount_minor), 0)::bigint as sum
    from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
    join ledger_account as a on a.id = e.account_id and a.kind = 'credit'
    where l.kind = 'goodwill' and l.trip_id = ${tripId}`.execute(tx)
  return rows[0]?.sum ?? 0
}
