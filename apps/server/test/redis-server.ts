import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program that was found, and what it needs around it. */
export type RedisProgram = { readonly path: string; readonly env: Readonly<Record<string, string>> }

/** A Redis of a test's own, in a process that it may stop, freeze and kill. */
export type RedisServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** It keeps its connections and answers nothing. */
  freeze(): void
  thaw(): void
  /** SIGKILL; what it held is gone. */
  kill(): Promise<void>
  /** Again, on the same port and empty. */
  restart(): Promise<void>
  /** The answer to one command, as Redis writes it: `command('FLUSHALL')` is `+OK`. */
  command(...words: readonly string[]): Promise<string>
  /** For good. */
  stop(): Promise<void>
}

export const NO_REDIS = 'no redis-server on PATH, and none could be downloaded'
const START_PATIENCE_MS = 10_000
const DOWNLOAD_PATIENCE_MS = 60_000
const PACKAGES = ['redis-server', 'redis-tools', 'libatomic1', 'liblzf1', 'libjemalloc2']

let found: Promise<RedisProgram | undefined> | undefined

/**
 * The `redis-server` on PATH, else Debian's, unpacked into a folder of temporary files. Undefined where neither can
 * be had: what needs a Redis is skipped then. The REDIS_URL of the environment is never touched.
 */
export function findRedisServer(): Promise<RedisProgram | undefined> {
  found ??= findOrDownload()
  return found
}

/** Starts one on a free port, or the one given, without anything on disk. */
export async function startRedisServer({
  isCluster = false,
  port: wanted,
}: { isCluster?: boolean; port?: number } = {}): Promise<RedisServer> {
  const program = await findRedisServer()
  if (!program) throw new Error(NO_REDIS)
  const folder = await mkdtemp(join(tmpdir(), 'toota-redis-'))
  const port = wanted ?? (await freeRedisPort())
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--appendonly', 'no'],
    ...(isCluster ? ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'] : []),
  ]
  const launch = (): ChildProcess =>
    spawn(program.path, args, { env: { ...process.env, ...program.env }, stdio: 'ignore' })
  let child = launch()

  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    async restart() {
      await kill()
      child = launch()
      await untilAnswers(port)
    },
    command: (...words) => ask(port, words),
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await untilAnswers(port).catch(async (error: unknown) => {
    await server.stop()
    throw error
  })
  return server
}

/**
 * Three that share the keys between them; a port's bus is 10,000 higher.
 */
export async function startRedisCluster(): Promise<{ readonly nodes: RedisServer[]; stop(): Promise<void> }> {
  const nodes: RedisServer[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  try {
    for (let n = 0; n < 3; n++) nodes.push(await startRedisServer({ isCluster: true }))
    const [first, ...others] = nodes
    if (!first) throw new Error('no node')
    for (const [n, node] of nodes.entries()) {
      const [from, to] = [Math.floor((n * 16384) / 3), Math.floor(((n + 1) * 16384) / 3) - 1]
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to))
    }
    for (const other of others) await first.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port))
    for (const node of nodes) {
      await until(async () => (await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
      await until(async () => (await node.command('CLUSTER', 'INFO')).includes('cluster_known_nodes:3'))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, stop }
}

async function findOrDownload(): Promise<RedisProgram | undefined> {
  const onPath = { path: 'redis-server', env: {} }
  if (await works(onPath)) return onPath
  // Of this user alone: what lies there is run.
  const cache = join(tmpdir(), `toota-redis-program-${userInfo().uid}`)
  const kept = programIn(cache)
  if ((await stat(cache).catch(() => undefined))?.uid === userInfo().uid) {
    return (await works(kept)) ? kept : undefined
  }
  const folder = await mkdtemp(`${cache}-`)
  await unpackDebian(folder).catch((error: unknown) =>
    writeFile(join(folder, 'why-not'), error instanceof Error ? error.message : 'unknown'),
  )
  // Also when nothing came of it, so that the next test does not try again; another may have been faster.
  await rename(folder, cache).catch(() => rm(folder, { recursive: true, force: true }))
  return (await works(kept)) ? kept : undefined
}

const programIn = (folder: string): RedisProgram => ({
  path: join(folder, 'usr/bin/redis-server'),
  env: { LD_LIBRARY_PATH: libraryFolders(folder) },
})

const libraryFolders = (folder: string): string =>
  ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => join(folder, 'usr/lib', name)).join(':')

/** Without root and without touching the system: lists and packages of our own. */
async function unpackDebian(folder: string): Promise<void> {
  const options = { cwd: folder, timeout: DOWNLOAD_PATIENCE_MS }
  const own = ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`]
  const download = ['download', ...PACKAGES]
  await run('apt-get', download, options).catch(async () => {
    await mkdir(join(folder, 'lists'))
    await mkdir(join(folder, 'cache/archives'), { recursive: true })
    await run('apt-get', [...own, 'update'], options)
    await run('apt-get', [...own, ...download], options)
  })
  for (const name of await readdir(folder)) {
    if (name.endsWith('.deb')) await run('dpkg-deb', ['-x', name, folder], options)
  }
  await Promise.all(
    ['lists', 'cache'].map((name) => rm(join(folder, name), { recursive: true, force: true })),
  )
}

async function works({ path, env }: RedisProgram): Promise<boolean> {
  return run(path, ['--version'], { env: { ...process.env, ...env } }).then(
    ({ stdout }) => stdout.includes('Redis'),
    () => false,
  )
}

/** Below the ports that systems hand out for outgoing connections, and with room for the cluster's bus above it. */
async function freeRedisPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 9_000)
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}

const untilAnswers = (port: number): Promise<void> =>
  until(() =>
    ask(port, ['PING']).then(
      (answer) => answer.startsWith('+PONG'),
      () => false,
    ),
  )

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`redis-server was not ready within ${START_PATIENCE_MS} ms`)
    await pause(20)
  }
}

/** One command on a connection of its own: nothing of the client that is being tested. */
function ask(port: number, words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1')
    const inline = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')
    let answer = ''
    socket.once('error', fail)
    // Redis hangs up after QUIT, so that the end of the answer needs no parser.
    socket.once('close', () => done(answer.replace(/\+OK\r\n$/, '').trimEnd() || '+OK'))
    socket.on('data', (data: Buffer) => (answer += data.toString('utf8')))
    socket.write(`*${words.length}\r\n${inline}*1\r\n$4\r\nQUIT\r\n`)
  })
}
