/** Nearest 20 of so many drivers, ours and Redis's: the same drivers, the same places, in turn. One data set per process. */
import { Redis } from 'ioredis'
import { setImmediate as turn } from 'node:timers/promises'
import { distanceMeters, newId, type DriverId, type Point } from '../apps/server/src/kernel/index.ts'
import { createMemoryPositions } from '../apps/server/src/platform/positions-memory.ts'
import type { Fix, NearbyDriver, Positions } from '../apps/server/src/platform/positions.ts'
import { createSphereIndex, insert } from '../apps/server/src/platform/sphere-index/index.ts'
import { interleave, percentile, warmUp } from './measure.ts'
import { placeIn, seeded, type Layout } from './places.ts'

/** Of each driver: microseconds of CPU a query, or bytes of memory. */
export type NearestFigures = {
  readonly oursMicros: number
  readonly redisMicros: number
  /** By the clock, of ours. */
  readonly p99Micros: number
  /** A tenth of the drivers in an index of their own; in the same rounds. */
  readonly tenthMicros: number
  /** The index alone, and all that is kept of the driver: his id, fix, listing and the way to them. */
  readonly indexBytes: number
  readonly positionsBytes: number
  readonly redisBytes: number
}

const RADIUS_METERS = 50_000
const LIMIT = 20
const NOW = 1_700_000_000_000
const KEY = '{za}:bakkie'
const ROUNDS = 7
const WARM_UP_MS = 2_000
/** Redis takes its time with a million; ours would be too short to measure. */
const ROUND_MS = 500
const OURS = 20_000
/** Queries on their way to Redis at a time, so that they share system calls as a busy node's would. */
const AT_ONCE = 10
/** Places that are looked at one by one for a check. */
const CHECKED = 2_000_000

const [layout, drivers, url] = process.argv.slice(2) as [Layout, string, string]
const redis = new Redis(url)

async function measure(layout: Layout, count: number): Promise<NearestFigures> {
  const random = seeded(42)
  const places = Array.from({ length: count }, () => placeIn(layout, random))
  const centers = Array.from({ length: 1_000 }, () => placeIn(layout, random))
  const indexBytes = indexMemory(places)
  const { positions, ids, bytes: positionsBytes } = await positionsMemory(places)
  const redisBytes = await fillRedis(places, ids)
  const tenth = (await positionsMemory(places.slice(0, count / 10))).positions
  for (const center of centers.slice(0, Math.min(Math.ceil(CHECKED / count), 20)))
    await checkSame(center, positions, places)

  let n = 0
  const next = (): Point => centers[n++ % centers.length] ?? { latitude: 0, longitude: 0 }
  const searchOurs = (of: Positions) => () => {
    for (let m = 0; m < OURS; m++) find(of, next())
    return turn()
  }
  const searchRedis = (queries: number) => async () => {
    for (let m = 0; m < queries; m += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, () => findInRedis(next())))
  }
  await warmUp(WARM_UP_MS, searchOurs(positions))
  await warmUp(WARM_UP_MS, searchOurs(tenth))
  let warm = 0
  const start = performance.now()
  await warmUp(WARM_UP_MS, () => searchRedis(AT_ONCE)().then(() => (warm += AT_ONCE)))
  const queries = Math.max(Math.ceil((warm * ROUND_MS) / (performance.now() - start) / AT_ONCE), 1) * AT_ONCE

  const micros = await interleave(ROUNDS, {
    ours: () => cpuPer(OURS, searchOurs(positions)),
    tenth: () => cpuPer(OURS, searchOurs(tenth)),
    redis: () => cpuPer(queries, searchRedis(queries)),
  })
  return {
    ...{ oursMicros: micros.ours, tenthMicros: micros.tenth, redisMicros: micros.redis },
    ...{ p99Micros: slowest(positions, next), indexBytes, positionsBytes, redisBytes },
  }
}

const find = (positions: Positions, center: Point): NearbyDriver[] =>
  positions.nearest({ center, radiusMeters: RADIUS_METERS, limit: LIMIT, classes: ['bakkie'], now: NOW })

type Reply = [id: string, distance: string, place: [string, string]][]
const findInRedis = ({ latitude, longitude }: Point): Promise<Reply> =>
  redis.geosearch(
    ...([KEY, 'FROMLONLAT', longitude, latitude, 'BYRADIUS', RADIUS_METERS, 'm'] as const),
    ...(['ASC', 'COUNT', LIMIT, 'WITHCOORD', 'WITHDIST'] as const),
  ) as Promise<Reply>

/** CPU of this process and of Redis for each of so many. */
async function cpuPer(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = await cpuMicros()
  await work()
  return ((await cpuMicros()) - before) / count
}

async function cpuMicros(): Promise<number> {
  const info = await redis.info('cpu')
  const { user, system } = process.cpuUsage()
  const seconds = ['used_cpu_sys', 'used_cpu_user'].map((name) => numberIn(info, name))
  return user + system + seconds.reduce((sum, each) => sum + each, 0) * 1e6
}

function numberIn(info: string, name: string): number {
  const found = new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]
  if (found === undefined) throw new Error(`Redis does not say ${name}`)
  return Number(found)
}

function slowest(positions: Positions, next: () => Point): number {
  const times = Array.from({ length: OURS }, () => {
    const start = performance.now()
    find(positions, next())
    return (performance.now() - start) * 1000
  })
  return percentile(times, 0.99)
}

function occupied(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const fixAt = ({ latitude, longitude }: Point, n: number): Fix => ({
  latitude,
  longitude,
  at: NOW - (n % 50_000),
})

/** Made of one piece, as those that are read from a token; a fresh one is some 500 bytes of pieces. */
const flatId = (): DriverId => Buffer.from(newId<DriverId>()).toString('latin1') as DriverId

function indexMemory(places: readonly Point[]): number {
  const before = occupied()
  const index = createSphereIndex(1)
  for (const [n, place] of places.entries()) insert(index, 0, n, fixAt(place, n))
  const bytes = occupied() - before
  if (index.spots.length < places.length) throw new Error('the index was collected')
  return bytes / places.length
}

/** With ids and fixes of its own, as they come off a socket. */
async function positionsMemory(
  places: readonly Point[],
): Promise<{ positions: Positions; ids: DriverId[]; bytes: number }> {
  const ids: DriverId[] = []
  const before = occupied()
  const positions = createMemoryPositions()
  for (const [n, place] of places.entries()) {
    const driverId = flatId()
    positions.list(driverId, { vehicleClass: 'bakkie', isApproved: true, engagedWith: null })
    positions.report(driverId, fixAt(place, n))
    ids.push(driverId)
  }
  await turn()
  return { positions, ids, bytes: (occupied() - before) / places.length }
}

async function fillRedis(places: readonly Point[], ids: readonly DriverId[]): Promise<number> {
  await redis.flushall()
  const before = numberIn(await redis.info('memory'), 'used_memory')
  for (let n = 0; n < places.length; n += 1_000) {
    const some = places.slice(n, n + 1_000)
    await redis.geoadd(KEY, ...some.flatMap((each, m) => [each.longitude, each.latitude, ids[n + m] ?? '']))
  }
  return (numberIn(await redis.info('memory'), 'used_memory') - before) / places.length
}

/** Ours is what measuring every driver finds; Redis keeps places to about half a metre. */
async function checkSame(center: Point, positions: Positions, places: readonly Point[]): Promise<void> {
  const expected = places
    .map((place) => distanceMeters(center, place))
    .filter((meters) => meters <= RADIUS_METERS)
    .sort((a, b) => a - b)
    .slice(0, LIMIT)
  const ours = find(positions, center).map((each) => each.distanceMeters)
  const theirs = (await findInRedis(center)).map(([, meters]) => Number(meters))
  const differs = (found: number[], meters: number): boolean =>
    found.some((each, n) => Math.abs(each - (expected[n] ?? RADIUS_METERS)) > meters)
  if (ours.length !== expected.length || differs(ours, 0.001))
    throw new Error('the search does not find the nearest')
  // Its Earth is 0.03 % larger than ours, which also moves the edge of the circle.
  if (Math.abs(theirs.length - expected.length) > 1 || differs(theirs, 20))
    throw new Error('Redis finds others')
}

const figures = await measure(layout, Number(drivers))
redis.disconnect()
process.send?.(figures)
