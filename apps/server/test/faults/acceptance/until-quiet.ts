import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../../../src/platform/database/index.ts'
import type { Phone } from './phone.ts'

/** Waits until nothing moves any more and everybody has heard the end of his stream; who has not, after all that time, is late. */
export async function untilQuiet(
  db: Database,
  phones: readonly Phone[],
  patienceMs: number,
): Promise<string[]> {
  const end = performance.now() + patienceMs
  for (let before = ''; ;) {
    const { rows } = await sql<{ account: string; seq: number }>`
      select account_id as account, seq from stream order by account_id`.execute(db.single)
    const seqs = new Map(rows.map(({ account, seq }) => [account, seq]))
    const late = phones.filter((phone) => phone.position() !== (seqs.get(phone.id) ?? 0))
    const now = JSON.stringify(rows)
    const isIdle = phones.every(({ toota }) => toota.live.pendingCommands.length === 0)
    if (late.length === 0 && isIdle && now === before) return []
    if (performance.now() > end)
      return late.map(
        (phone) => `${phone.role} ${phone.id} is at ${phone.position()} of ${seqs.get(phone.id) ?? 0}`,
      )
    before = now
    await pause(1_000)
  }
}
