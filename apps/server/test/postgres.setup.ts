import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/platform/database/index.ts'
import { startEmbeddedDatabase } from '../src/platform/embedded-database/index.ts'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be extended
  export interface ProvidedContext {
    postgres: { adminUrl: string; template: string; prefix: string }
  }
}

const PREFIX = 'toota_test_'
const ABANDONED_MS = 24 * 60 * 60 * 1000

/** One PostgreSQL for the whole run, with a migrated template that every test file's databases are copied from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env['DATABASE_URL'] ? external(process.env['DATABASE_URL']) : await embedded()
  // The start of the run is in the name, so that a later run can tell what an earlier one left behind.
  const prefix = `${PREFIX}${Date.now().toString(36)}${randomBytes(2).toString('hex')}_`
  const template = `${prefix}template`
  await onServer(server.adminUrl, async (client) => {
    await client.query(`create database ${template}`)
  })
  const url = new URL(server.adminUrl)
  url.pathname = `/${template}`
  await migrate(url.toString())
  await onServer(server.adminUrl, async (client) => {
    // Copying needs a template without sessions, autovacuum's included.
    await client.query(`alter database ${template} with allow_connections false`)
  })
  project.provide('postgres', { adminUrl: server.adminUrl, template, prefix })
  return async () => {
    await onServer(server.adminUrl, (client) => dropLeftovers(client, prefix))
    await server.stop()
  }
}

function external(adminUrl: string) {
  return { adminUrl, stop: () => Promise.resolve() }
}

async function embedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'toota-test-'))
  await chmod(dataDir, 0o711)
  // The cluster is thrown away with the run, so waiting for its disk would prove nothing.
  const settings = { fsync: 'off', max_connections: '200' }
  const { url, stop } = await startEmbeddedDatabase({
    dataDir,
    isExplicit: true,
    log: () => undefined,
    settings,
  })
  return {
    adminUrl: url,
    stop: async () => {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function onServer(adminUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function dropLeftovers(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [PREFIX],
  )
  for (const { datname } of rows) {
    const startedAt = parseInt(datname.slice(PREFIX.length, PREFIX.length + 8), 36)
    if (datname.startsWith(prefix) || startedAt < Date.now() - ABANDONED_MS) {
      await client.query(`drop database if exists "${datname}" with (force)`)
    }
  }
}
