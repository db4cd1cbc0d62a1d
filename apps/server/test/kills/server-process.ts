import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isPostgresOf, processIdentity } from '../../src/platform/embedded-database/process-identity.ts'
import { readPostmasterFile } from '../../src/platform/embedded-database/postmaster.ts'

const root = resolve(import.meta.dirname, '../../../..')
const START_PATIENCE_MS = 45_000

/** One run of the real server on an embedded database. */
export type ServerProcess = {
  readonly baseUrl: string
  readonly pid: number
  /** When it said that it is running, in milliseconds since 1970. @throws Error with its output when it ends before */
  readonly ready: Promise<number>
  readonly hasEnded: () => boolean
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>
  /** SIGKILL to Node and to PostgreSQL, in either order; answers when both are gone. */
  kill(postgresFirst: boolean): Promise<void>
}

/** Builds once what the starts then run, so that a start is nothing but a start. */
export async function buildServer(): Promise<void> {
  const build = spawn(process.execPath, [join(root, 'scripts/build.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(build, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the build ended with ${code ?? 'a signal'}`)
}

/** `via` is a command that becomes the server in the end, such as `prlimit`. */
export function launch(
  dataDir: string,
  port: number,
  settings: Record<string, string> = {},
  via: readonly string[] = [],
): ServerProcess {
  // Nothing of the caller's settings, DATABASE_URL above all, and no .env: the folder is the test's own.
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'error',
    ...settings,
  }
  const line = [...via, process.execPath, join(root, 'apps/server/dist/main.js')]
  const child = spawn(line[0] ?? '', line.slice(1), {
    cwd: resolve(dataDir, '..'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ready = readiness(child)
  // Most of the failures of a start that is killed are of no interest.
  ready.catch(() => undefined)
  const ended = once(child, 'exit')
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ready,
    hasEnded,
    ended,
    async kill(postgresFirst) {
      const gone = hasEnded() ? undefined : once(child, 'exit')
      const postmaster = await postmasterOf(dataDir)
      const victims = [...(hasEnded() ? [] : [child.pid]), postmaster].filter((pid) => pid !== undefined)
      for (const pid of postgresFirst ? victims.reverse() : victims) killNow(pid)
      await gone
      // One that was being spawned when its file was read.
      const late = await postmasterOf(dataDir)
      if (late !== undefined) killNow(late)
      for (const pid of [postmaster, late]) {
        while (pid !== undefined && (await processIdentity(pid)) !== undefined) await pause(5)
      }
    },
  }
}

async function readiness(child: ChildProcess): Promise<number> {
  let output = ''
  const late = setTimeout(() => child.kill('SIGKILL'), START_PATIENCE_MS)
  return new Promise<number>((done, fail) => {
    const hear = (data: Buffer): void => {
      output += data.toString('utf8')
      if (output.includes('Toota is running')) done(Date.now())
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('close', (code, signal) =>
      fail(new Error(`the server ended before it was ready (${signal ?? code ?? ''}):\n${output}`)),
    )
  }).finally(() => clearTimeout(late))
}

/** The number of the PostgreSQL that runs on this folder; one that merely inherited the number is not meant. */
export async function postmasterOf(dataDir: string): Promise<number | undefined> {
  const home = join(dataDir, 'database')
  const file = await readPostmasterFile(home)
  if (!file) return undefined
  const cluster = await realpath(join(home, 'cluster')).catch(() => '')
  return (await isPostgresOf(cluster, file.pid)) ? file.pid : undefined
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A port below the range that systems hand out for outgoing connections. */
export async function freePort(random: () => number): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(random() * 10_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((done) => {
      server.once('error', () => done(false))
      server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
    })
    if (isFree) return port
  }
}
