import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { serverRoot } from '../../server-root.ts'
import { connectionOf, errorCode, type Database } from './database.ts'

type Migration = { readonly name: string; readonly text: string; readonly checksum: string }
type Applied = { readonly name: string; readonly checksum: string }

/** The database and this build do not fit together; its message is one line for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const FOLDER = new URL('migrations/', serverRoot)
// Any number of our own: every process that migrates this database waits on it.
const LOCK = 7_066_882
const UNDEFINED_TABLE = '42P01'

/**
 * Applies the migrations that the database lacks, each in a transaction of its own; processes that start together
 * take turns, and the later ones find nothing to do.
 * @returns the names applied
 * @throws MigrationError when an applied file was changed or the database is of a newer build
 */
export async function migrate(url: string, folder: URL = FOLDER): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client(connectionOf(url))
  // A connection that breaks between statements is reported by the next one.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const applied: string[] = []
    for (;;) {
      const name = await applyNext(client, migrations)
      if (name === undefined) return applied
      applied.push(name)
    }
  } finally {
    await client.end()
  }
}

/**
 * The names of migrations that the database still lacks.
 * @throws MigrationError as {@link migrate} does
 */
export async function pendingMigrations(db: Database, folder: URL = FOLDER): Promise<string[]> {
  const migrations = await readMigrations(folder)
  return missing(migrations, await appliedIn(db)).map(({ name }) => name)
}

async function applyNext(client: pg.Client, migrations: Migration[]): Promise<string | undefined> {
  await client.query('begin')
  try {
    // Of the transaction, not of the session: a session's lock would not survive a transaction pooler.
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    await client.query(
      'create table if not exists migration (name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp())',
    )
    const { rows } = await client.query<Applied>('select name, checksum from migration')
    const next = missing(migrations, rows)[0]
    if (next) {
      await client.query(next.text)
      await client.query('insert into migration (name, checksum) values ($1, $2)', [next.name, next.checksum])
    }
    await client.query('commit')
    return next?.name
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

async function appliedIn(db: Database): Promise<Applied[]> {
  try {
    const { rows } = await sql<Applied>`select name, checksum from migration`.execute(db.single)
    return rows
  } catch (error) {
    if (errorCode(error) === UNDEFINED_TABLE) return []
    throw error
  }
}

function missing(migrations: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const migration = known.get(name)
    if (!migration)
      throw new MigrationError(
        `The database is of a newer build: it has the migration ${name}, unknown here.`,
      )
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `The migration ${name} was changed after it was applied: restore the file and add a new one.`,
      )
    }
    known.delete(name)
  }
  return [...known.values()]
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may have other line ends, which are no change.
      const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n')
      return {
        name: name.replace(/\.sql$/, ''),
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
      }
    }),
  )
}
