import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './kills/server-process.ts'

export type Pooler = {
  /** The same database by way of the pooler. */
  readonly through: (databaseUrl: string) => string
  stop(): Promise<void>
}

export const NO_POOLER = 'no pgbouncer on PATH'
const PROGRAM = 'pgbouncer'
const NOBODY = 65_534
const START_PATIENCE_MS = 10_000
/** Fewer than the clients have, so that they do share. */
const SERVER_CONNECTIONS = 5

export const hasPooler = (): Promise<boolean> =>
  promisify(execFile)(PROGRAM, ['--version']).then(
    () => true,
    () => false,
  )

/** A pgbouncer in transaction mode in front of the server of this address. */
export async function startPooler(serverUrl: string): Promise<Pooler> {
  const server = new URL(serverUrl)
  const folder = await mkdtemp(join(tmpdir(), 'toota-pooler-'))
  await chmod(folder, 0o755)
  const port = await freePort(Math.random)
  const login = [
    ['user', decodeURIComponent(server.username)],
    ['password', decodeURIComponent(server.password)],
  ].flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))
  const settings = join(folder, 'pgbouncer.ini')
  await writeFile(
    settings,
    [
      '[databases]',
      `* = host=${server.hostname} port=${server.port || '5432'} ${login.join(' ')}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
      `auth_type = any\npool_mode = transaction\ndefault_pool_size = ${SERVER_CONNECTIONS}`,
    ].join('\n'),
  )
  // It refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawn(PROGRAM, [settings], { stdio: 'ignore', ...asNobody })
  const through = (databaseUrl: string): string => {
    const url = new URL(databaseUrl)
    url.hostname = '127.0.0.1'
    url.port = String(port)
    url.searchParams.set('pgbouncer', 'true')
    return url.toString()
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  await untilReached(through(serverUrl)).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { through, stop }
}

async function untilReached(url: string): Promise<void> {
  const plain = new URL(url)
  plain.searchParams.delete('pgbouncer')
  const deadline = Date.now() + START_PATIENCE_MS
  for (;;) {
    const client = new pg.Client({ connectionString: plain.toString() })
    try {
      await client.connect()
      await client.query('select 1')
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
