import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from '../../server-process.ts'
import { openTestSocket, type Json, type TestSocket } from '../../test-socket.ts'
import { createDatabase } from './database.ts'
import { call, type Answer, type Call } from './http.ts'
import { startSink, type Sink } from './sink.ts'
import { settled } from './wait.ts'

export type { Json, TestSocket }

/** The product as a stranger meets it: an address, and the mail it sends. */
export type Server = {
  readonly base: string
  readonly mail: Sink
  call(method: string, path: string, request?: Call): Promise<Answer>
  get(path: string, token?: string): Promise<Answer>
  post(path: string, json?: unknown, token?: string): Promise<Answer>
  /** An open socket; throws `HTTP <status>` when the handshake is refused. */
  socket(path: string, token?: string): Promise<TestSocket>
  /** The status that refuses a handshake, or 101. */
  handshake(path: string, token?: string): Promise<number>
  /** `npm run toota -- …` on the same database. */
  operate(...args: string[]): Promise<string>
  /** Everything it has written to its terminal, about all that was asked of it before. */
  output(): Promise<string>
  stop(): Promise<void>
}

/** Signs this suite's tokens, so that it can also forge what a thief would. */
export const SECRET_KEY = 'a key of the contract suite, long enough to be one'
/** Long enough to answer in, short enough to wait for. */
export const OFFER_SECONDS = 3

const root = resolve(import.meta.dirname, '../../../../..')
const START_PATIENCE_MS = 50_000

/** `npm start` on a database, a port and a mail server of its own. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const [database, mail, folder, port] = await Promise.all([
    createDatabase(),
    startSink(),
    mkdtemp(join(tmpdir(), 'toota-contract-')),
    freePort(),
  ])
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    LANG: 'C.UTF-8',
    HOST: '127.0.0.1',
    PORT: String(port),
    DEBUG: 'true',
    SECRET_KEY,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    DRIVER_APPROVAL: 'auto',
    OFFER_TIMEOUT_SECONDS: String(OFFER_SECONDS),
    EMAIL_HOST: '127.0.0.1',
    EMAIL_PORT: String(mail.port),
    EMAIL_USE_TLS: 'false',
    EMAIL_HOST_USER: 'toota@example.org',
    EMAIL_HOST_PASSWORD: 'letters',
    // Cash alone; what pays otherwise brings its gateways, or an empty value for the default.
    TEST_GATEWAY: 'off',
    ...settings,
  }
  const run = (script: string, args: readonly string[] = []) =>
    // The folder, so that no `.env` of a developer is read.
    spawn(process.execPath, [join(root, 'scripts', script), ...args], { cwd: folder, env })
  const child = run('start.mjs')
  const output = listenTo(child)
  const clear = async (): Promise<void> => {
    await mail.close()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await isRunning(child, output)
  } catch (error) {
    await clear()
    throw error
  }

  const base = `http://127.0.0.1:${port}`
  const sockets: TestSocket[] = []
  const socket = async (path: string, token?: string): Promise<TestSocket> => {
    const opened = await openTestSocket(base.replace('http', 'ws') + path, token)
    sockets.push(opened)
    return opened
  }
  return {
    base,
    mail,
    call: (method, path, request) => call(base, method, path, request),
    get: (path, token) => call(base, 'GET', path, { token }),
    post: (path, json, token) => call(base, 'POST', path, { json, token }),
    socket,
    handshake: (path, token) =>
      socket(path, token).then(
        (opened) => (opened.close(), 101),
        (error: unknown) => Number(/HTTP (\d+)/.exec(String(error))?.[1] ?? 0),
      ),
    async operate(...args) {
      const command = run('toota.mjs', args)
      const said = listenTo(command)
      const [code] = (await once(command, 'close')) as [number]
      if (code !== 0) throw new Error(`toota ${args.join(' ')}: ${said()}`)
      return said()
    },
    async output() {
      const mark = randomUUID()
      await call(base, 'GET', `/trips/${mark}/status/`)
      await settled(() => Promise.resolve(output().includes(mark)), true, 5_000)
      return output()
    },
    async stop() {
      for (const each of sockets) each.close()
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'close')
      }
      await clear()
    },
  }
}

function listenTo(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString('utf8')))
  return () => output
}

async function isRunning(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (!output().includes('Toota is running')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the server did not start:\n${output()}`)
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}
