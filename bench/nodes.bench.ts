import { readFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { startRedisServer, type RedisServer } from '../apps/server/test/redis-server.ts'
import { startBenchDatabase } from './bench-database.ts'
import { openBenchSocket } from './bench-socket.ts'
import type { Child, Pair } from './child-process.ts'
import { inParts } from './in-parts.ts'
import { fix, sendUpdates, type Lane } from './lanes.ts'
import { compare, interleave, runIfMain, warmUp, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'

const NODES = 3
const PAIRS = 450
const UPDATES_A_ROUND = 9_000
const TRIPS_A_ROUND = 120
const TRIPS_AT_ONCE = 8
const ROUNDS = 5
/** Of each node. */
const WARM_UP_MS = 3_000
const IDLE_MS = 3_000
const CONNECTED_AT_ONCE = 50
/** Of one tick of /proc/<pid>/stat. */
const TICK_MICROS = 10_000

/** Nodes that share a database, and a Redis where there are several. */
type Fleet = {
  readonly nodes: readonly Child[]
  readonly redis: RedisServer | undefined
  readonly lanes: readonly Lane[]
  readonly pairs: readonly Pair[]
}

export async function run(): Promise<BenchReport> {
  const stops: (() => Promise<void>)[] = []
  try {
    const [one, many] = [await startFleet(1, stops), await startFleet(NODES, stops)]
    const fixes = (fleet: Fleet) => () => sendUpdates(fleet.lanes, UPDATES_A_ROUND)
    const trips = (fleet: Fleet) => () => makeTrips(fleet)
    for (const fleet of [one, many]) {
      await warmUp(WARM_UP_MS * fleet.nodes.length, fixes(fleet))
      await warmUp(WARM_UP_MS * fleet.nodes.length, trips(fleet))
    }
    const [idleOne, idleMany] = [await idleShare(one), await idleShare(many)]
    const perFix = await interleave(ROUNDS, {
      many: () => microsPer(many, idleMany, UPDATES_A_ROUND, fixes(many)),
      one: () => microsPer(one, idleOne, UPDATES_A_ROUND, fixes(one)),
    })
    const perTrip = await interleave(ROUNDS, {
      many: () => microsPer(many, idleMany, TRIPS_A_ROUND, trips(many)),
      one: () => microsPer(one, idleOne, TRIPS_A_ROUND, trips(one)),
    })
    const what = `${NODES} nodes and Redis, all their CPU; one node`
    return {
      results: [
        compare({
          bar: 'B5',
          what: `fix → echo, and a follower at another node: ${what}`,
          ours: perFix.many,
          yardstick: perFix.one,
          unit: 'µs/update',
          limit: 1.3,
        }),
        compare({
          bar: 'B5',
          what: `trip asked for, paid in cash and called off, heard at another node: ${what}`,
          ours: perTrip.many,
          yardstick: perTrip.one,
          unit: 'µs/trip',
          limit: 1.3,
        }),
      ],
      notes: [
        `${PAIRS} drivers, each with a follower at the next node; medians of ${ROUNDS} rounds of ${UPDATES_A_ROUND} updates and ${TRIPS_A_ROUND} trips, in turn`,
        `what they use while nothing happens is taken off: one node ${percent(idleOne)} of a core, all of the ${NODES} and Redis ${percent(idleMany)}`,
      ],
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function startFleet(count: number, stops: (() => Promise<void>)[]): Promise<Fleet> {
  const database = await startBenchDatabase()
  stops.push(() => database.stop())
  const redis = count > 1 ? await startRedisServer() : undefined
  if (redis) stops.push(() => redis.stop())
  const environment = { TEST_GATEWAY: 'false', ...(redis && { REDIS_URL: redis.url }) }
  const nodes: Child[] = []
  for (let n = 0; n < count; n++) {
    const node = await startApp({ url: database.url, pairs: n === 0 ? PAIRS : 0, environment })
    nodes.push(node)
    stops.push(() => node.stop())
  }
  const pairs = nodes[0]?.pairs ?? []
  const address = (n: number): string => nodes[n % count]?.address ?? ''
  const numbered = pairs.map((pair, n) => ({ ...pair, n }))
  const lanes = await inParts(numbered, CONNECTED_AT_ONCE, async ({ n, ...pair }) => {
    const driver = await openBenchSocket(`${address(n)}/ws/driver/location/`, pair.driverToken)
    driver.send(fix(0))
    await driver.next('latitude')
    const path = `/ws/user/driver/${pair.driverId}/location/`
    const follower = await openBenchSocket(address(n + 1) + path, pair.customerToken)
    await follower.next('latitude')
    return { driver, follower }
  })
  return { nodes, redis, lanes, pairs }
}

/** Each customer hears of his trip by a socket at one node, and acts at the next ones. */
async function makeTrips({ nodes, pairs }: Fleet): Promise<void> {
  const address = (n: number): string => nodes[n % nodes.length]?.address ?? ''
  const all = [...Array(TRIPS_A_ROUND).keys()]
  await inParts(all, TRIPS_AT_ONCE, async (n) => {
    const token = pairs[n % pairs.length]?.customerToken ?? ''
    const ear = await openBenchSocket(`${address(n)}/v1/live`, token)
    ear.send('{"t":"hello","v":1}')
    await ear.next('welcome')
    const { id } = await post(address(n + 1), token, '/trips', TRIP)
    await post(address(n + 2), token, `/trips/${String(id)}/payment`, { method: 'cash' })
    const told = ear.next('"cancelled"')
    await post(address(n + 1), token, `/trips/${String(id)}/cancellation`, {})
    await told
    ear.close()
  })
}

const TRIP = {
  vehicleClass: 'bakkie',
  pickup: { latitude: -26.2041, longitude: 28.0473, address: '1 Commissioner Street' },
  destination: { latitude: -26.1076, longitude: 28.0567, address: '5 Rivonia Road' },
}

async function post(
  address: string,
  token: string,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${address}/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

/** Of a core, while nobody does anything. */
async function idleShare(fleet: Fleet): Promise<number> {
  const [before, began] = [await cpuMicros(fleet), performance.now()]
  await pause(IDLE_MS)
  return ((await cpuMicros(fleet)) - before) / ((performance.now() - began) * 1_000)
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

async function microsPer(
  fleet: Fleet,
  idle: number,
  count: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const [before, began] = [await cpuMicros(fleet), performance.now()]
  await work()
  const used = (await cpuMicros(fleet)) - before
  return (used - idle * (performance.now() - began) * 1_000) / count
}

async function cpuMicros({ nodes, redis }: Fleet): Promise<number> {
  const ours = await Promise.all(nodes.map((node) => node.cpuMicros()))
  return ours.reduce((sum, each) => sum + each, redis ? await cpuOf(redis.pid) : 0)
}

async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS
}

await runIfMain(import.meta.url, run)
