import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type Database, type DatabaseOptions } from '../src/platform/database/index.ts'

export type TestDatabase = { readonly url: string; readonly db: Database; readonly drop: () => Promise<void> }

/** `through` is another way to the same database: a pooler in front of it. */
export type TestDatabaseOptions = Partial<DatabaseOptions> & { through?: (url: string) => string }

/** A migrated database of the caller's own, on the real PostgreSQL of this run. */
export async function createTestDatabase({
  through = (url) => url,
  ...options
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { adminUrl, template, prefix } = inject('postgres')
  const name = `${prefix}${randomBytes(6).toString('hex')}`
  await onServer(adminUrl, `create database ${refuseOthers(name)} template ${template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const db = openDatabase({ url: through(url.toString()), ...options })
  return {
    url: url.toString(),
    db,
    async drop() {
      await db.close()
      await onServer(adminUrl, `drop database if exists ${refuseOthers(name)} with (force)`)
    },
  }
}

/** Tests create and drop whole databases: never one with another name, whatever DATABASE_URL says. */
export function refuseOthers(name: string): string {
  if (!/^toota_test_[0-9a-z_]+$/.test(name)) throw new Error(`not a test database: ${name}`)
  return name
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
