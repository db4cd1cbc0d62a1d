import { sql } from 'kysely'
import { isPooled, openDatabase, type Database } from './database.ts'
import { MigrationError, pendingMigrations } from './migrate.ts'

/** What an operator should know of a database. */
export type DatabaseReport = {
  readonly version: string
  readonly majorVersion: number
  /** Off: an answer could be lost with the power. */
  readonly isDurable: boolean
  /** Connections that the server has for everybody together. */
  readonly maxConnections: number
  readonly isPooled: boolean
  readonly roundTripMs: number
  /** Of the database's clock before ours; negative when it is behind. */
  readonly clockAheadMs: number
  readonly pendingMigrations: readonly string[]
  /** Why this build and this database do not fit together. */
  readonly migrationFault: string | undefined
}

/** Reads only; `now` is our clock in milliseconds. */
export async function inspectDatabase(
  db: Database,
  url: string,
  now: () => number = Date.now,
): Promise<DatabaseReport> {
  const about = await readAbout(db)
  // A second statement, since the first one also had to connect.
  const before = now()
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db.single)
  const after = now()
  const at = rows[0]?.at.getTime() ?? Number.NaN
  return {
    ...about,
    isPooled: isPooled(url),
    roundTripMs: after - before,
    clockAheadMs: Math.round(at - (before + after) / 2),
    ...(await migrationsOf(db)),
  }
}

/** Connects and asks for nothing. Throws what is wrong. */
export async function reachDatabase(url: string): Promise<void> {
  const db = openDatabase({ url, poolSize: 1 })
  try {
    await sql`select 1`.execute(db.single)
  } finally {
    await db.close()
  }
}

type About = Pick<DatabaseReport, 'version' | 'majorVersion' | 'isDurable' | 'maxConnections'>

async function readAbout(db: Database): Promise<About> {
  const { rows } = await sql<About>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
           current_setting('server_version_num')::int / 10000 as "majorVersion",
           current_setting('fsync')::bool and current_setting('synchronous_commit') <> 'off' as "isDurable",
           current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int as "maxConnections"`.execute(db.single)
  const about = rows[0]
  if (!about) throw new Error('the database says nothing of itself')
  return about
}

async function migrationsOf(
  db: Database,
): Promise<Pick<DatabaseReport, 'pendingMigrations' | 'migrationFault'>> {
  try {
    return { pendingMigrations: await pendingMigrations(db), migrationFault: undefined }
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    return { pendingMigrations: [], migrationFault: error.message }
  }
}
