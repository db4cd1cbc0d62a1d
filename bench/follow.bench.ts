import { findRedisServer, startRedisServer } from '../apps/server/test/redis-server.ts'
import { startBenchDatabase } from './bench-database.ts'
import type { BenchSocket } from './bench-socket.ts'
import { startChild, type Child } from './child-process.ts'
import {
  connectApp,
  connectCrowd,
  connectRelay,
  connectRelayCrowd,
  fix,
  sendUpdates,
  sendWaves,
} from './lanes.ts'
import { compare, interleave, runIfMain, warmUp, type BenchReport } from './measure.ts'
import { treeCpuMicros } from './process-cpu.ts'
import { startApp, type AppOptions } from './start-app.ts'

const PAIRS = 40
const CROWD = 50
const UPDATES_A_ROUND = 4_000
const ROUNDS = 9
const WARM_UP_MS = 3_000

type Sizes = { readonly echo: number; readonly follower: number }
type Side = {
  readonly child: Child
  readonly redisPid?: number | undefined
  readonly send: () => Promise<void>
}

export async function run(): Promise<BenchReport> {
  const pairs = await measurePairs()
  const crowd = await measureCrowd()
  const shared = (await findRedisServer()) && (await measureWithRedis())
  return {
    results: [
      compare({
        bar: 'B1',
        what: 'fix → follower and echo, classic sockets, CPU of the server; a bare ws relay of the same sizes',
        ours: pairs.ours,
        yardstick: pairs.bare,
        unit: 'µs/update',
        limit: 1.75,
      }),
      compare({
        bar: 'B1',
        what: `${CROWD} drivers → one /v1/live socket that watches all, and their echoes; the relay`,
        ours: crowd.ours,
        yardstick: crowd.bare,
        unit: 'µs/update',
        limit: 1.5,
      }),
      ...(shared
        ? [
            compare({
              bar: 'B1',
              what: 'fix → follower and echo with a Redis for several nodes, its CPU too; the relay',
              ours: shared.ours,
              yardstick: shared.bare,
              unit: 'µs/update',
              limit: 3.5,
            }),
          ]
        : []),
    ],
    notes: [
      `pairs: ${PAIRS} drivers, each with a follower; ${fix(1).length} bytes in, ${pairs.sizes.echo} back, ${pairs.sizes.follower} to the follower`,
      `crowd: ${CROWD} drivers, one follower; ${fix(1).length} bytes in, ${crowd.sizes.echo} back, ${crowd.sizes.follower} to the follower`,
      `medians of ${ROUNDS} rounds of ${UPDATES_A_ROUND} updates, in turn with the relay`,
    ],
  }
}

async function measureWithRedis() {
  const redis = await startRedisServer()
  try {
    return await measurePairs({ REDIS_URL: redis.url }, redis.pid)
  } finally {
    await redis.stop()
  }
}

function measurePairs(environment: Readonly<Record<string, string>> = {}, redisPid?: number) {
  return besideRelay({ pairs: PAIRS, environment }, redisPid, async (app) => {
    const lanes = await connectApp(app)
    const [lane] = lanes
    if (!lane) throw new Error('nobody drives')
    return {
      sizes: await sizesOf(lane.driver, lane.follower),
      send: () => sendUpdates(lanes, UPDATES_A_ROUND),
      async sendBare(relay) {
        const bare = await connectRelay(relay, PAIRS)
        return () => sendUpdates(bare, UPDATES_A_ROUND)
      },
    }
  })
}

function measureCrowd() {
  const waves = UPDATES_A_ROUND / CROWD
  return besideRelay({ pairs: CROWD, withTrips: true }, undefined, async (app) => {
    const crowd = await connectCrowd(app)
    const [driver] = crowd.drivers
    if (!driver) throw new Error('nobody drives')
    return {
      sizes: await sizesOf(driver, crowd.follower),
      send: () => sendWaves(crowd, waves),
      async sendBare(relay) {
        const bare = await connectRelayCrowd(relay, CROWD)
        return () => sendWaves(bare, waves)
      },
    }
  })
}

type Load = {
  readonly sizes: Sizes
  readonly send: () => Promise<void>
  readonly sendBare: (relay: Child) => Promise<() => Promise<void>>
}

/** The same load on a server of ours and on a relay whose messages are as long as ours. */
async function besideRelay(
  people: Omit<AppOptions, 'url'>,
  redisPid: number | undefined,
  connect: (app: Child) => Promise<Load>,
) {
  const database = await startBenchDatabase()
  const children: Child[] = []
  try {
    const app = await startApp({ url: database.url, ...people })
    children.push(app)
    const { sizes, send, sendBare } = await connect(app)
    const relay = await startChild('relay.child.ts', [String(sizes.echo), String(sizes.follower)])
    children.push(relay)
    const ours: Side = { child: app, redisPid, send }
    const bare: Side = { child: relay, send: await sendBare(relay) }
    await warmUp(WARM_UP_MS, ours.send)
    await warmUp(WARM_UP_MS, bare.send)
    const medians = await interleave(ROUNDS, {
      ours: () => microsPerUpdate(ours),
      bare: () => microsPerUpdate(bare),
    })
    return { ...medians, sizes }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await database.stop()
  }
}

async function sizesOf(driver: BenchSocket, follower: BenchSocket): Promise<Sizes> {
  driver.send(fix(1))
  const [echo, told] = await Promise.all([driver.next('latitude'), follower.next('latitude')])
  return { echo: Buffer.byteLength(echo), follower: Buffer.byteLength(told) }
}

async function microsPerUpdate({ child, redisPid, send }: Side): Promise<number> {
  const used = async (): Promise<number> =>
    (await child.cpuMicros()) + (redisPid === undefined ? 0 : await treeCpuMicros(redisPid))
  const before = await used()
  await send()
  return ((await used()) - before) / UPDATES_A_ROUND
}

await runIfMain(import.meta.url, run)
