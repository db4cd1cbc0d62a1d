import { sql, type RawBuilder } from 'kysely'

/** That a column of ids holds one of these. For a single one PostgreSQL keeps its plan; for a list it plans anew each time. */
export function isOneOf(column: string, ids: readonly string[]): RawBuilder<boolean> {
  const [only] = ids
  const ref = sql.ref(column)
  return ids.length === 1 ? sql`${ref} = ${only}` : sql`${ref} = any(${ids}::uuid[])`
}
