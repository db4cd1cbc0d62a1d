import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { migrate } from '../../src/platform/database/index.ts'
import { attachEmbeddedDatabase, startEmbeddedDatabase } from '../../src/platform/embedded-database/index.ts'
import { serverRoot } from '../../src/server-root.ts'
import { enrol } from './accounts.ts'
import { onDatabase } from './loop.ts'
import { freePort, launch, postmasterOf, type ServerProcess } from './server-process.ts'
import { createWire } from './wire.ts'

const MIGRATIONS = new URL('migrations/', serverRoot)
const PATIENCE_MS = 30_000

/** A first start that is killed while initdb runs, then at any moment after PostgreSQL came up; the third one stays. */
export async function killFirstStart(folder: string, random: () => number): Promise<void> {
  const { dataDir, port } = await prepare(folder, random)
  let server = launch(dataDir, port)
  await until(server, async () => {
    const names = await namesIn(join(dataDir, 'database'))
    const workshop = names.find((name) => name.startsWith('cluster.new-')) ?? 'none'
    return (await namesIn(join(dataDir, 'database', workshop, 'cluster'))).includes('PG_VERSION')
  })
  await server.kill(false)

  server = launch(dataDir, port)
  await until(server, async () => (await postmasterOf(dataDir)) !== undefined)
  await pause(random() * 300)
  await server.kill(random() < 0.5)

  await comesUp(dataDir, port)
}

/** An upgrade that is killed in the middle of a migration, after the one before it. */
export async function killUpgrade(folder: string, random: () => number): Promise<void> {
  const { dataDir, port } = await prepare(folder, random)
  const brake = join(folder, 'brake')
  await writeFile(brake, '')
  await makeOldDatabase(folder, dataDir, brake)

  const server = launch(dataDir, port)
  await until(server, () => isBraking(dataDir))
  await server.kill(random() < 0.5)
  await rm(brake)

  await comesUp(dataDir, port)
  await onDatabaseOf(dataDir, port, async (client) => {
    const { rowCount } = await client.query("select from account where email = 'old@example.org'")
    if (rowCount !== 1) throw new Error('an account of the old database is gone')
  })
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => [])

async function prepare(folder: string, random: () => number) {
  await mkdir(folder)
  await chmod(folder, 0o711)
  return { dataDir: join(folder, 'data'), port: await freePort(random) }
}

/** A database with the first migration only, on which the next one's second table takes for ever while `brake` is there. */
async function makeOldDatabase(folder: string, dataDir: string, brake: string): Promise<void> {
  const [first = ''] = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  const old = join(folder, 'migrations')
  await mkdir(old)
  await copyFile(new URL(first, MIGRATIONS), join(old, first))

  const database = await startEmbeddedDatabase({ dataDir, isExplicit: true, log: () => undefined })
  await migrate(database.url, pathToFileURL(`${old}/`))
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`
    insert into account (id, role, email, email_key, password_hash)
    values (gen_random_uuid(), 'customer', 'old@example.org', 'old@example.org', 'none');
    create function brake() returns event_trigger language plpgsql as $$
    begin
      if (pg_stat_file('${brake}', true)).size is not null
        and exists (select from pg_event_trigger_ddl_commands() where object_identity = 'public.tariff') then
        perform pg_sleep(600);
      end if;
    end $$;
    create event trigger brake on ddl_command_end execute function brake()`)
  await client.end()
  await database.stop()
}

async function isBraking(dataDir: string): Promise<boolean> {
  if (!(await attachEmbeddedDatabase(dataDir))) return false
  return onDatabase(dataDir, async (client) => {
    const { rowCount } = await client.query("select from pg_stat_activity where wait_event = 'PgSleep'")
    return rowCount === 1
  })
}

/** Starts the server for good: every migration is applied, and somebody can sign up. */
async function comesUp(dataDir: string, port: number): Promise<void> {
  await withServer(dataDir, port, async ({ baseUrl }) => {
    const wire = createWire(baseUrl)
    const { status, body } = await wire.call('GET', '/readyz')
    if (status !== 200) throw new Error(`not ready: ${JSON.stringify(body)}`)
    await enrol(wire, () => undefined, 'user', 'first@example.org')
  })
}

const onDatabaseOf = (
  dataDir: string,
  port: number,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> => withServer(dataDir, port, () => onDatabase(dataDir, work))

async function withServer(
  dataDir: string,
  port: number,
  work: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const server = launch(dataDir, port)
  try {
    await server.ready
    await work(server)
  } finally {
    await server.kill(false)
  }
}

async function until(server: ServerProcess, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (server.hasEnded()) await server.ready
    if (Date.now() > deadline) throw new Error('the moment to kill never came')
    await pause(5)
  }
}
