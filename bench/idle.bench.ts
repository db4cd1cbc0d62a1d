import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { startBenchDatabase } from './bench-database.ts'
import { startChild, type Child, type Pair } from './child-process.ts'
import { inParts } from './in-parts.ts'
import { compare, runIfMain, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'

const SOCKETS = 5_000
/** Opened and closed again before: what the first ones bring into memory is not theirs. */
const WARM_UPS = 500
const AT_ONCE = 50
const SAMPLES = 4
const MEMORY = ['--expose-gc']

/** Of one socket, in bytes. */
type Size = { readonly rss: number; readonly heap: number }
type Open = (n: number) => Promise<WebSocket>

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  try {
    const first = await startApp({ url: database.url, pairs: SOCKETS / 2 }, MEMORY)
    const { pairs } = first
    const bare = await startChild('bare.child.ts', [], MEMORY)
    const yardstick = await measure(bare, (n) => open(`${bare.address}/${n}`))
    const classic = await measure(first, (n) => openClassic(first.address, pairs, n))
    const second = await startApp({ url: database.url, pairs: 0 }, MEMORY)
    const live = await measure(second, (n) => openLive(second.address, pairs, n))
    return report(yardstick, { 'classic sockets': classic, '/v1/live': live })
  } finally {
    await database.stop()
  }
}

function report(bare: Size, sides: Readonly<Record<string, Size>>): BenchReport {
  const results = Object.entries(sides).flatMap(([name, { rss, heap }]) => [
    compare({
      bar: 'B4',
      what: `${SOCKETS} idle ${name}, memory of the process; a bare ws server`,
      ours: rss / 1024,
      yardstick: bare.rss / 1024,
      unit: 'KB/socket',
      limit: 1.3,
    }),
    compare({
      bar: 'B4',
      what: `${SOCKETS} idle ${name}, heap in use; a bare ws server`,
      ours: heap / 1024,
      yardstick: bare.heap / 1024,
      unit: 'KB/socket',
      limit: 1.25,
    }),
  ])
  return {
    results,
    notes: [`one account to a socket, half of them drivers; ${WARM_UPS} opened and closed before`],
  }
}

/** How much a child grows by its sockets. */
async function measure(child: Child, openOne: Open): Promise<Size> {
  const numbers = [...Array(SOCKETS).keys()]
  const early = await inParts(numbers.slice(0, WARM_UPS), AT_ONCE, openOne)
  await inParts(early, AT_ONCE, close)
  const before = await settled(child)
  const sockets = await inParts(numbers, AT_ONCE, openOne)
  const after = await settled(child)
  await child.stop()
  for (const socket of sockets) socket.terminate()
  return { rss: (after.rss - before.rss) / SOCKETS, heap: (after.heap - before.heap) / SOCKETS }
}

/** The least of some samples after garbage collections: what is only on its way out does not count. */
async function settled(child: Child): Promise<Size> {
  const samples: Size[] = []
  for (let n = 0; n < SAMPLES; n++) {
    await pause(700)
    const { rssBytes, heapBytes } = await child.memory()
    samples.push({ rss: rssBytes, heap: heapBytes })
  }
  const least = (part: keyof Size): number => Math.min(...samples.map((sample) => sample[part]))
  return { rss: least('rss'), heap: least('heap') }
}

async function open(url: string, token?: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), {
    perMessageDeflate: false,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  })
  await once(socket, 'open')
  return socket
}

const tokenOf = (pairs: readonly Pair[], n: number): string => {
  const pair = pairs[n >> 1]
  if (!pair) throw new Error(`there is no account ${n}`)
  return n % 2 === 0 ? pair.driverToken : pair.customerToken
}

const openClassic = (address: string, pairs: readonly Pair[], n: number): Promise<WebSocket> =>
  open(address + (n % 2 === 0 ? '/ws/driver/location/' : '/ws/trips/user/request/'), tokenOf(pairs, n))

/** With its hello said and answered. */
async function openLive(address: string, pairs: readonly Pair[], n: number): Promise<WebSocket> {
  const socket = await open(`${address}/v1/live`, tokenOf(pairs, n))
  socket.send('{"t":"hello","v":1}')
  await once(socket, 'message')
  return socket
}

async function close(socket: WebSocket): Promise<void> {
  socket.close()
  await once(socket, 'close')
}

await runIfMain(import.meta.url, run)
