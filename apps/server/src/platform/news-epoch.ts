import { sql, type RawBuilder } from 'kysely'
import type { Tx } from './database/index.ts'

/*
 * Which numbering of the streams this is. It changes with the row of `stream_epoch`, with the cluster and with its
 * timeline, so that no number of before a restore or a failover is taken for one of now.
 */

const hashOf = (text: RawBuilder<unknown>): RawBuilder<string> =>
  sql`left(encode(sha256(convert_to(${text}, 'UTF8')), 'hex'), 16)`

const WITH_CLUSTER = sql<string>`(
  select ${hashOf(sql`concat_ws('/', e.id, s.system_identifier, c.timeline_id)`)}
  from stream_epoch as e, pg_control_system() as s, pg_control_checkpoint() as c)`
const BY_ROW_ALONE = sql<string>`(select ${hashOf(sql`id::text`)} from stream_epoch)`

/** Asked once: whether a login may read the cluster's control data does not change under a running process. */
let mayReadControl: Promise<boolean> | undefined

/** The epoch as an expression of SQL, as far as this login may know it. */
export async function epochIn(tx: Tx): Promise<RawBuilder<string>> {
  mayReadControl ??= askForControl(tx)
  try {
    return (await mayReadControl) ? WITH_CLUSTER : BY_ROW_ALONE
  } catch (error) {
    mayReadControl = undefined
    throw error
  }
}

async function askForControl(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mayRead: boolean }>`
    select has_function_privilege('pg_control_system()', 'execute')
      and has_function_privilege('pg_control_checkpoint()', 'execute') as "mayRead"`.execute(tx)
  return rows[0]?.mayRead === true
}

/** Makes everybody begin anew: for after a dump was restored, when numbers mean something else than before. */
export async function renewEpoch(tx: Tx): Promise<void> {
  await sql`update stream_epoch set id = gen_random_uuid()`.execute(tx)
}
