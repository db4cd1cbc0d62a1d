import { sql } from 'kysely'
import type { Tx } from './database/index.ts'

/**
 * Which numbering of the streams this is: it changes with the row of `stream_epoch`, with the cluster and with its
 * timeline, so that no number of before a restore or a failover is taken for one of now.
 */
const EPOCH = sql`(
  select left(encode(sha256(convert_to(
    concat_ws('/', e.id, s.system_identifier, c.timeline_id), 'UTF8')), 'hex'), 16)
  from stream_epoch as e, pg_control_system() as s, pg_control_checkpoint() as c)`

export async function readEpoch(tx: Tx): Promise<string> {
  const { rows } = await sql<{ epoch: string | null }>`select ${EPOCH} as epoch`.execute(tx)
  const [row] = rows
  if (!row?.epoch) throw new Error('stream_epoch has no row')
  return row.epoch
}
