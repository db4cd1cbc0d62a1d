import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDatabase, type Database } from '../../src/platform/database/index.ts'

/**
 * Deadlocks that PostgreSQL has counted in this database. Sessions report their counts lazily but surely when they
 * end, so every other connection of the database must be closed before.
 */
export async function countDeadlocks(url: string): Promise<number> {
  const observer = openDatabase({ url, poolSize: 1 })
  try {
    await until(async () => {
      const { rows } = await sql<{ others: number }>`
        select count(*) as others from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(
        observer.single,
      )
      return rows[0]?.others === 0
    })
    const { rows } = await sql<{ deadlocks: number }>`
      select deadlocks from pg_stat_database where datname = current_database()`.execute(observer.single)
    return rows[0]!.deadlocks
  } finally {
    await observer.close()
  }
}

/** Waits until `count` sessions of this database wait for a lock. */
export const untilBlocked = (db: Database, count: number): Promise<void> =>
  until(async () => {
    const { rows } = await sql<{ blocked: number }>`
      select count(*) as blocked from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db.single)
    return rows[0]!.blocked >= count
  })

/** Polls until the condition holds. */
export async function until(condition: () => Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('waited in vain')
    await sleep(5)
  }
}

/** A transaction on `db` that has run `work` and stays open until `release`. */
export async function holdOpen(
  db: Database,
  work: Parameters<Database['transaction']>[0],
): Promise<{ release(): Promise<void> }> {
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  let isHeld: () => void = () => undefined
  const held = new Promise<void>((resolve) => (isHeld = resolve))
  const finished = db.transaction(async (tx) => {
    await work(tx)
    isHeld()
    await gate
  })
  await Promise.race([held, finished])
  return {
    async release() {
      open()
      await finished
    },
  }
}
