/*
 * Prints the address of a PostgreSQL other than the one the tests start for themselves, and keeps it up until SIGTERM: the
 * machine's own where it lets us in and may create databases, else a second embedded cluster.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const OLDEST_VERSION = 140000
const machine = 'postgres://postgres@127.0.0.1:5432/postgres'

/** Why the machine's own server cannot be used; undefined when it can. */
async function faultOf(connectionString) {
  const client = new pg.Client({ connectionString, password: '', connectionTimeoutMillis: 3000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(
      "select current_setting('server_version_num')::int as version, rolcreatedb or rolsuper as may_create from pg_roles where rolname = current_user",
    )
    if (rows[0].version < OLDEST_VERSION) return `version ${rows[0].version}`
    return rows[0].may_create ? undefined : 'may not create databases'
  } catch (error) {
    return error.message || error.code
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function startSecond() {
  const { startEmbeddedDatabase } = await import('../apps/server/src/platform/embedded-database/index.ts')
  const dataDir = await mkdtemp(join(tmpdir(), 'toota-other-'))
  await chmod(dataDir, 0o711)
  const { url, stop } = await startEmbeddedDatabase({
    dataDir,
    isExplicit: true,
    log: () => undefined,
    settings: { max_connections: '200' },
  })
  return {
    url,
    async stop() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const fault = process.env.SKIP_MACHINE_POSTGRES ? 'not asked' : await faultOf(machine)
if (fault !== undefined)
  console.error(`The machine's own PostgreSQL cannot be used (${fault}); starting a second embedded one.`)
const server = fault === undefined ? { url: machine, stop: () => Promise.resolve() } : await startSecond()
console.log(server.url)

const alive = setInterval(() => undefined, 60_000)
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    clearInterval(alive)
    void server.stop().finally(() => process.exit(0))
  })
}
