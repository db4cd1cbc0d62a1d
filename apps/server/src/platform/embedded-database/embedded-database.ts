import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { prepareBinaries } from './binaries.ts'
import { childUser } from './child-user.ts'
import { ensureCluster, readPassword, SUPERUSER } from './cluster.ts'
import { findHome, makeHome } from './home.ts'
import { livingOwner, takeOwnership } from './owner-lock.ts'
import {
  readPostmasterFile,
  startPostmaster,
  stopOrphan,
  stopPostmaster,
  type Postmaster,
} from './postmaster.ts'

type StartOptions = {
  dataDir: string
  /** DATA_DIR was set by the operator: refused, not replaced, when PostgreSQL cannot reach it. */
  isExplicit: boolean
  log: (line: string) => void
  /** PostgreSQL ended though nobody stopped it. */
  onExit?: (reason: string) => void
  /** PostgreSQL settings on top of ours. */
  settings?: Readonly<Record<string, string>>
}

export type EmbeddedDatabase = {
  readonly url: string
  /** Where the files really are. */
  readonly dataDir: string
  readonly postmasterPid: number
  readonly stop: () => Promise<void>
}

const DATABASE = 'toota'
const START_PATIENCE_MS = 10_000

/**
 * Starts the PostgreSQL that comes with Toota on the files of `dataDir`, and owns them until `stop`.
 * @throws EmbeddedDatabaseError with one line for the operator
 */
export async function startEmbeddedDatabase(options: StartOptions): Promise<EmbeddedDatabase> {
  const user = childUser()
  const home = await makeHome({ ...options, user })
  const release = await takeOwnership(home)
  try {
    const binaries = await prepareBinaries(home, user)
    await stopOrphan(home)
    await ensureCluster(home, binaries, user)
    const postmaster = await startPostmaster({ home, binaries, user, settings: options.settings ?? {} })
    const stop = supervise(postmaster, release, options.onExit)
    const url = urlOf(await readPassword(home), postmaster.port)
    await ensureDatabase(url).catch(async (error: unknown) => {
      await stop()
      throw error
    })
    return { url: url.toString(), dataDir: home, postmasterPid: postmaster.pid, stop }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * Finds the embedded database of `dataDir` that another process runs.
 * @returns undefined when no living process owns it
 */
export async function attachEmbeddedDatabase(
  dataDir: string,
): Promise<{ url: string; ownerPid: number } | undefined> {
  const home = await findHome(dataDir)
  const deadline = Date.now() + START_PATIENCE_MS
  while (home !== undefined) {
    const owner = await livingOwner(home)
    if (!owner) return undefined
    const file = await readPostmasterFile(home)
    if (file?.isReady)
      return { url: urlOf(await readPassword(home), file.port).toString(), ownerPid: owner.pid }
    if (Date.now() > deadline) return undefined
    await delay(50)
  }
  return undefined
}

function supervise({ pid, child }: Postmaster, release: () => void, onExit?: (reason: string) => void) {
  let stopping: Promise<void> | undefined
  // The last resort of a process that ends without `stop`: nothing can be awaited any more.
  const atExit = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
    release()
  }
  process.once('exit', atExit)
  child.unref()
  child.once('exit', (code, signal) => {
    if (!stopping) onExit?.(`PostgreSQL ended by itself (${signal ?? `exit code ${code ?? ''}`})`)
  })
  return () =>
    (stopping ??= stopPostmaster(pid).then(() => {
      process.off('exit', atExit)
      release()
    }))
}

function urlOf(password: string, port: number): URL {
  return new URL(`postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`)
}

async function ensureDatabase(url: URL): Promise<void> {
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const client = new pg.Client({ connectionString: admin.toString() })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
