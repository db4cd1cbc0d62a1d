/*
 * `npm run demo`: customers and drivers of a simulated Johannesburg against BASE_URL, else against the server on its
 * default address, else against one started here on a folder of its own. Options: `npm run demo -- --help`.
 */
import { spawn } from 'node:child_process'
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { buildStale } from './build.mjs'

const root = resolve(import.meta.dirname, '..')
const DEFAULT_URL = 'http://127.0.0.1:8000'
const START_PATIENCE_MS = 120_000
const STOP_PATIENCE_MS = 20_000

const args = process.argv.slice(2)
// The simulator and the server get Ctrl-C from the terminal as well; this process stays to clean up after them.
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true))

await buildStale(['simulator'])
process.exitCode = await demo()

async function demo() {
  if (args.includes('--help')) return runSimulator({})
  const mustStart = args.includes('--own-server')
  if (process.env.BASE_URL && !mustStart) return runSimulator({})
  if (!mustStart && (await answers(`${DEFAULT_URL}/healthz`))) return runSimulator({ BASE_URL: DEFAULT_URL })

  const folder = mkdtempSync(join(tmpdir(), 'toota-demo-'))
  // Started by root, PostgreSQL runs as another user, who must get through to his data.
  chmodSync(folder, 0o711)
  const server = await startServer(folder)
  try {
    if (!(await isReady(server))) {
      if (!isInterrupted) console.error(`The server did not start:\n${lastLines(server.log)}`)
      return 1
    }
    return await runSimulator({ BASE_URL: server.url })
  } finally {
    await stop(server)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startServer(folder) {
  const port = await freePort()
  const log = join(folder, 'server.log')
  const environment = {
    ...process.env,
    DATA_DIR: join(folder, 'data'),
    HOST: '127.0.0.1',
    PORT: String(port),
    DEBUG: 'true',
    DRIVER_APPROVAL: 'auto',
    // A whole city signs up from this one address.
    LIMIT_SIGN_UPS: '9999/60',
    LIMIT_LOGINS: '9999/60',
    LIMIT_CODES: '9999/60',
    // Nobody here brings the operator the commission of a long day of cash.
    CASH_FLOAT_LIMIT: 'ZA:1000000',
    TEST_GATEWAY: 'true',
  }
  // The demo invents people and money: never in somebody's real database, by real mail or at a real payment service. For
  // the same reason the server starts in the empty folder, where it finds no `.env`.
  const isReal = /^(DATABASE_URL|DIRECT_URL|REDIS_URL|EMAIL_HOST|ZA_GATEWAY|(PAYSTACK|FLUTTERWAVE|YOCO)_.*)$/
  for (const name of Object.keys(environment)) if (isReal.test(name)) delete environment[name]

  console.error(`Starting a server on port ${port}, for this demo only.`)
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const paper = createWriteStream(log)
  child.stdout.pipe(paper, { end: false })
  child.stderr.pipe(paper, { end: false })
  const exited = new Promise((done) => child.once('exit', done))
  return { child, exited, log, url: `http://127.0.0.1:${port}` }
}

async function isReady({ child, url }) {
  const giveUpAt = performance.now() + START_PATIENCE_MS
  while (performance.now() < giveUpAt && child.exitCode === null && !isInterrupted) {
    if (await answers(`${url}/readyz`)) return true
    await pause(200)
  }
  return false
}

async function stop({ child, exited }) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const isLate = await Promise.race([exited.then(() => false), pause(STOP_PATIENCE_MS, true, { ref: false })])
  if (!isLate) return
  child.kill('SIGKILL')
  await exited
}

async function runSimulator(environment) {
  const child = spawn(process.execPath, [join(root, 'apps/simulator/dist/main.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  })
  const passOn = (signal) => child.kill(signal)
  process.on('SIGTERM', passOn)
  const code = await new Promise((done) => child.once('exit', (exitCode) => done(exitCode ?? 1)))
  process.off('SIGTERM', passOn)
  return code
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false
  }
}

/** Below 32768, where the system hands out no ports of its own for outgoing connections. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise((done) => {
      const probe = createServer()
      probe.once('error', () => done(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
    })
    if (isFree) return port
  }
}

function lastLines(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n') : ''
}
