import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { ChildUser } from './child-user.ts'
import { CHILD_ENVIRONMENT, clusterIn } from './cluster.ts'
import { EmbeddedDatabaseError, USE_DATABASE_URL } from './embedded-database-error.ts'
import { isNumberInUse, isPostgresOf, processIdentity } from './process-identity.ts'

type PostmasterFile = { readonly pid: number; readonly port: number; readonly isReady: boolean }
export type Postmaster = { readonly pid: number; readonly port: number; readonly child: ChildProcess }
type Options = {
  home: string
  binaries: Binaries
  user: ChildUser | undefined
  settings: Readonly<Record<string, string>>
}

const ATTEMPTS = 40
// Above the highest number that a system gives (Linux: 2^22).
const NOBODYS_PID = 2 ** 22 + 1
const FAST_SHUTDOWN_MS = 10_000

/** What PostgreSQL says of itself in postmaster.pid; the lines are those of its miscadmin.h. */
export async function readPostmasterFile(home: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(clusterIn(home), 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  return pid > 0 ? { pid, port: Number(lines[3]), isReady: lines[7] === 'ready' } : undefined
}

/** Stops a server that outlived its owner, and sees to it that one that was killed is no obstacle. */
export async function stopOrphan(home: string): Promise<void> {
  const file = await readPostmasterFile(home)
  if (!file || !isNumberInUse(file.pid)) return
  if (await isPostgresOf(clusterIn(home), file.pid)) return stopPostmaster(file.pid)
  // The number is another program's by now, or a zombie's, and PostgreSQL would take it for a server and refuse to
  // start. The rest of the file must stay: by it PostgreSQL waits for the last sessions of the killed server.
  const path = join(clusterIn(home), 'postmaster.pid')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/^\d+/, String(NOBODYS_PID)))
}

/** Ends the server: sessions are broken off and its files left clean. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    const deadline = Date.now() + FAST_SHUTDOWN_MS
    while (Date.now() < deadline) {
      if ((await processIdentity(pid)) === undefined) return
      await delay(10)
    }
  }
  throw new EmbeddedDatabaseError(`The embedded PostgreSQL, process ${pid}, does not stop.`)
}

/** Starts the server on a free port of 127.0.0.1 and answers when it takes connections. */
export async function startPostmaster(options: Options): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = spawnPostmaster(options, port)
    const failure = await readiness(options.home, child)
    if (failure === undefined && child.pid !== undefined) return { pid: child.pid, port, child }
    // After kill -9 of the old server its sessions need a moment to notice; and the port may just have been taken.
    const isPassing = /still in use|could not bind|already in use/.test(failure ?? '')
    if (attempt === ATTEMPTS || !isPassing) {
      throw new EmbeddedDatabaseError(
        `The embedded PostgreSQL does not start (${failure ?? 'no process'}): see ${logFile(options.home)}, or ${USE_DATABASE_URL}.`,
      )
    }
    await delay(250)
  }
}

const logFile = (home: string) => join(home, 'postgresql.log')

function spawnPostmaster({ home, binaries, user, settings }: Options, port: number): ChildProcess {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Errors quote rows, and logs are to hold no personal data; the application reports what its statements met.
    log_min_messages: 'fatal',
    ...settings,
  }
  const log = openSync(logFile(home), 'w', 0o600)
  try {
    return spawn(
      binaries.postgres,
      ['-D', clusterIn(home), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...user,
        cwd: '/',
        ...(CHILD_ENVIRONMENT && { env: CHILD_ENVIRONMENT }),
        stdio: ['ignore', log, log],
        // A group of its own: Ctrl-C in the terminal must reach us first, and the server only when we have drained.
        detached: true,
      },
    )
  } finally {
    closeSync(log)
  }
}

/** Waits for the server to take connections; answers what it died of otherwise. */
async function readiness(home: string, child: ChildProcess): Promise<string | undefined> {
  let spawnError: Error | undefined
  child.once('error', (error) => (spawnError = error))
  for (;;) {
    if (spawnError) return spawnError.message
    if (child.exitCode !== null || child.signalCode !== null) {
      const text = await readFile(logFile(home), 'utf8').catch(() => '')
      return /(?:FATAL|PANIC|error): .*/.exec(text)?.[0] ?? text.trim().split('\n').at(-1) ?? ''
    }
    const file = await readPostmasterFile(home)
    if (file?.isReady && file.pid === child.pid) return undefined
    await delay(10)
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    // Below the range that systems hand out for outgoing connections.
    const port = randomInt(20_000, 32_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
