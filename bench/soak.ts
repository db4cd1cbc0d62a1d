/*
 * `npm run soak -- --minutes 30`: the load of B1 and trips that trickle, while nodes are killed one after the other. The first
 * node is never killed: what it holds must not grow. At the end every promise is checked by SQL, and every client's history
 * against its stream. Ends with 1 when something is wrong.
 */
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { auditLedger } from '../apps/server/src/features/ledger/index.ts'
import { startFaultProxy, type FaultProxy } from '../apps/server/test/faults/fault-proxy.ts'
import {
  checkFolds,
  checkHistories,
  findBloat,
  findLost,
} from '../apps/server/test/faults/acceptance/check.ts'
import { liveAsCustomer, liveAsDriver, type Ack } from '../apps/server/test/faults/acceptance/lives.ts'
import { openPhone, type Phone } from '../apps/server/test/faults/acceptance/phone.ts'
import { untilQuiet } from '../apps/server/test/faults/acceptance/until-quiet.ts'
import { findViolations } from '../apps/server/test/races/checks.ts'
import { createRandom } from '../apps/server/test/random.ts'
import { inParts } from './in-parts.ts'
import { slopeOf } from './slope.ts'
import { startSoakStage, type Held, type SoakStage } from './soak-stage.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    drivers: { type: 'string', default: '1000' },
    customers: { type: 'string', default: '40' },
    nodes: { type: 'string', default: '3' },
    'kill-minutes': { type: 'string' },
    breaks: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const MINUTES = Number(values.minutes)
const KILL_MS = Number(values['kill-minutes'] ?? Math.min(5, MINUTES / 3)) * 60_000
const SAMPLE_MS = Math.max(5_000, Math.min(30_000, (MINUTES * 60_000) / 40))
const REPORT_MS = 3_000
const REST_MS = 30_000
const QUIET_MS = 90_000
const MAX_OPEN_TRIPS = 10
const HEAP_LIMIT_MB_PER_HOUR = 1
/** Files, pools and timers of the node itself. */
const OWN_FDS = 250
/** Of caches and compiled code; what is measured before says nothing. */
const WARM_UP_MS = Math.min(5, MINUTES / 3) * 60_000
/** Less is no measurement of a growth per hour. */
const LEAST_STEADY_MS = 5 * 60_000
/** So many connections break in a second, as phones' do: or all would end at the node that is never killed. */
const BREAKS_A_SECOND = Number(values.breaks ?? Number(values.drivers) / 200)
const MB = 1_048_576

type Sample = Held & { readonly atMs: number; readonly lines: number }
const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`)

async function enrol(stage: SoakStage, baseUrl: string): Promise<Phone[]> {
  const { people } = stage
  const random = createRandom(Number(values.seed))
  const roles = [
    ...Array<'customer'>(Number(values.customers)).fill('customer'),
    ...Array<'driver'>(Number(values.drivers)).fill('driver'),
  ]
  return inParts(roles, 20, async (role) => {
    const id = role === 'driver' ? await people.addDriver({ at: null }) : await people.addCustomer()
    return openPhone(
      { id, role, token: await people.signIn(id) },
      {
        ...{ baseUrl, random, beginsWithSnapshot: false },
        WebSocket: WebSocket,
      },
    )
  })
}

/** Samples what the watched node holds, breaks connections, and kills the other nodes in turn. */
async function watchOver(stage: SoakStage, proxy: FaultProxy, isOver: () => boolean): Promise<Sample[]> {
  const samples: Sample[] = []
  const random = createRandom(Number(values.seed))
  let kills = 0
  let nextKill = performance.now() + KILL_MS
  const breaking = setInterval(() => {
    const lines = proxy.lines()
    lines[Math.floor(random() * lines.length)]?.reset()
  }, 1_000 / BREAKS_A_SECOND)
  while (!isOver()) {
    await pause(SAMPLE_MS)
    const held = await stage.hold()
    samples.push({ ...held, atMs: performance.now(), lines: proxy.lines().length })
    say(
      `heap ${(held.heapBytes / MB).toFixed(1)} MB, rss ${(held.rssBytes / MB).toFixed(0)} MB, ${held.fds} fds, ${held.handles} handles`,
    )
    if (performance.now() < nextKill) continue
    nextKill += KILL_MS
    if (await stage.replaceOne(random)) say(`killed a node and started another (${++kills})`)
  }
  clearInterval(breaking)
  return samples
}

/** What grew in the watched node after its warm-up. */
function findGrowth(samples: readonly Sample[]): string[] {
  const faults: string[] = []
  const began = samples[0]?.atMs ?? 0
  const steady = samples.filter(({ atMs }) => atMs - began >= WARM_UP_MS)
  const [first, last] = [steady[0], steady.at(-1)]
  if (!first || !last) return ['nothing was measured after the warm-up']
  const heap = slopeOf(steady.map(({ atMs, heapBytes, fds }) => ({ atMs, value: heapBytes / MB, load: fds })))
  const bounds = `${heap.low.toFixed(2)} to ${heap.high.toFixed(2)}`
  say(`heap after warm-up, apart from its connections: ${heap.perHour.toFixed(2)} MB/h (95 %: ${bounds})`)
  if (last.atMs - first.atMs < LEAST_STEADY_MS) say('  too short to judge that')
  else if (heap.low > HEAP_LIMIT_MB_PER_HOUR) faults.push(`the heap grows by ${bounds} MB/h`)
  else if (heap.high > HEAP_LIMIT_MB_PER_HOUR)
    say(`  too noisy to promise ${HEAP_LIMIT_MB_PER_HOUR} MB/h: run it for longer`)
  for (const what of ['fds', 'handles', 'listeners'] as const)
    say(`${what}: ${first[what]} after warm-up, ${last[what]} at the end`)
  const strayFds = Math.max(...samples.map(({ fds, lines }) => fds - lines))
  if (strayFds > OWN_FDS) faults.push(`${strayFds} fds more than there are connections`)
  // Timers come with connections, so many for each.
  const [before, after] = [first, last].map(({ handles, fds }) => handles / fds) as [number, number]
  if (after > before * 1.2)
    faults.push(`handles for each fd grow from ${before.toFixed(2)} to ${after.toFixed(2)}`)
  if (last.listeners > first.listeners)
    faults.push(`listeners grow from ${first.listeners} to ${last.listeners}`)
  return faults
}

async function audit(stage: SoakStage, phones: readonly Phone[], acks: readonly Ack[]): Promise<string[]> {
  const late = await untilQuiet(stage.db, phones, QUIET_MS)
  const breaches = await auditLedger(stage)
  return [
    ...late,
    ...(await checkHistories(stage.db, phones)),
    ...(late.length > 0 ? [] : await checkFolds(phones)),
    ...(await findLost(stage.db, acks)).map((line) => `acknowledged and lost: ${line}`),
    ...Object.entries(await findViolations(stage.db, MAX_OPEN_TRIPS)).map(
      ([check, ids]) => `${check}: ${ids.join(', ')}`,
    ),
    ...breaches.map(({ promise, rows }) => `ledger: ${promise}: ${JSON.stringify(rows)}`),
    ...(await findBloat(stage.db)).map((line) => `bloat: ${line}`),
  ]
}

async function soak(): Promise<string[]> {
  const stage = await startSoakStage(Number(values.nodes))
  const random = createRandom(Number(values.seed))
  const proxy = await startFaultProxy({
    upstream: () => {
      const ports = stage.ports()
      return { port: ports[Math.floor(random() * ports.length)] ?? 1 }
    },
  })
  const acks: Ack[] = []
  let phones: Phone[] = []
  try {
    say(
      `${stage.nodes.length} nodes, ${stage.hasRedis ? 'Redis' : 'no Redis to be had: one node, no kills'}; people come`,
    )
    phones = await enrol(stage, `http://127.0.0.1:${proxy.port}`)
    const drivers = phones.filter(({ role }) => role === 'driver')
    const end = performance.now() + MINUTES * 60_000
    const isOver = (): boolean => performance.now() > end
    const life = {
      random,
      isOver,
      note: (ack: Ack) => void acks.push(ack),
      restMs: REST_MS,
      reportMs: REPORT_MS,
    }
    say(
      `${drivers.length} drivers report every ${REPORT_MS / 1000} s, ${phones.length - drivers.length} customers book`,
    )
    const lives = phones.map((phone) =>
      phone.role === 'driver' ? liveAsDriver(phone, life) : liveAsCustomer(phone, drivers, life),
    )
    const samples = await watchOver(stage, proxy, isOver)
    await Promise.all(lives)
    const faults = [...findGrowth(samples), ...(await audit(stage, phones, acks))]
    say(
      `${acks.length} acknowledged steps, ${phones.reduce((sum, { told }) => sum + told.length, 0)} events told`,
    )
    return faults
  } finally {
    for (const phone of phones) phone.close()
    await proxy.close()
    await stage.close()
  }
}

const faults = await soak()
for (const fault of faults.slice(0, 50)) console.log(`WRONG  ${fault}`)
console.log(faults.length === 0 ? 'soak: nothing wrong' : `soak: ${faults.length} wrong`)
process.exit(faults.length === 0 ? 0 : 1)
