import { build } from 'esbuild'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:net'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A driver and a customer with their access tokens, and the trip under way that was asked for. */
export type Pair = {
  readonly driverId: string
  readonly driverToken: string
  readonly customerToken: string
  readonly tripId?: string
}
export type Hello = { readonly address: string; readonly pairs: readonly Pair[] }
/** What a child answers beside its use of the machine. */
type Answers = Readonly<Record<string, () => unknown>>
type Usage = { readonly cpuMicros: number; readonly rssBytes: number; readonly heapBytes: number }

export type Child = Hello & {
  readonly pid: number
  /** User and system time of the process so far, in microseconds. */
  cpuMicros(): Promise<number>
  /** What it occupies after a garbage collection, if it may run one (`--expose-gc`). */
  memory(): Promise<Pick<Usage, 'rssBytes' | 'heapBytes'>>
  /** One of the answers that this child has. */
  ask(question: string): Promise<unknown>
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))
/** One folder below `apps/server`, as the real build: the server finds its files from there. */
const DIST = 'apps/server/dist'

/**
 * Starts a `*.child.ts` of this folder, built as the server is built, and answers when it has said where it listens.
 * With BENCH_PROFILE=<folder> each child writes a CPU profile there when it ends.
 */
export async function startChild(
  name: string,
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<Child> {
  const folder = process.env['BENCH_PROFILE']
  const profile = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
  const child = fork(await buildChild(name), args, {
    execArgv: ['--enable-source-maps', ...nodeArgs, ...profile],
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${String(code)}`)
  })
  const hear = async <T>(): Promise<T> => ((await Promise.race([once(child, 'message'), failed])) as [T])[0]
  const ask = async <T>(question: string): Promise<T> => {
    child.send(question)
    return hear<T>()
  }
  const hello = await hear<Hello>()
  failed.catch(() => undefined)
  return {
    ...hello,
    pid: child.pid ?? 0,
    cpuMicros: async () => (await ask<Usage>('cpu')).cpuMicros,
    memory: () => ask<Usage>('memory'),
    ask,
    async stop() {
      const gone = once(child, 'exit')
      // A profile is written by a process that ends by itself.
      if (folder === undefined) child.kill('SIGKILL')
      else child.send('exit')
      await gone
    },
  }
}

/** Runs a `*.child.ts` that measures by itself, and answers what it found. */
export async function measureInChild<Found>(
  name: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<Found> {
  const child = fork(await buildChild(name), args, { execArgv: ['--enable-source-maps', ...nodeArgs] })
  let found: Found | undefined
  child.on('message', (message) => (found = message as Found))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0 || found === undefined)
    throw new Error(`${name} ${args.join(' ')} ended with ${String(code)}`)
  return found
}

/** What is measured is what is shipped: one bundle by esbuild, without a compiler beside it. */
async function buildChild(name: string): Promise<string> {
  const outfile = `${DIST}/bench-${basename(name, '.ts')}.js`
  await build({
    absWorkingDir: root,
    entryPoints: [`bench/${name}`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    packages: 'external',
    logLevel: 'error',
    alias: { '@toota/contract': './packages/contract/src/index.ts' },
  })
  return `${root}/${outfile}`
}

/** The child's side: says where it listens, and from then on what it uses. */
export function reportToParent(hello: Hello, answers: Answers = {}): void {
  process.on('message', (question) => {
    if (question === 'exit') process.exit(0)
    const answer = answers[String(question)]
    if (answer) {
      process.send?.(answer())
      return
    }
    if (question === 'memory') globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    const usage: Usage = { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed }
    process.send?.(usage)
  })
  process.send?.(hello)
}

const LOWEST_PORT = 15_000
const PORTS = 15_000

/**
 * Listens on a free port below those that the kernel hands to clients: thousands of client sockets would else take the
 * port of the next server.
 * @param listen what begins to listen, and fails by EADDRINUSE
 */
export async function listenBelowClients(listen: (port: number) => Promise<unknown>): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const port = LOWEST_PORT + ((process.pid * 7 + attempt * 101) % PORTS)
    try {
      await listen(port)
      return `http://127.0.0.1:${port}`
    } catch (error) {
      if ((error as { code?: string }).code !== 'EADDRINUSE' || attempt > 50) throw error
    }
  }
}

/** The same for a server of Node's. */
export function listenOn(server: Pick<Server, 'listen' | 'once' | 'off'>): Promise<string> {
  return listenBelowClients(async (port) => {
    server.listen(port, '127.0.0.1')
    await once(server as Server, 'listening')
  })
}
