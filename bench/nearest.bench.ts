import { VEHICLE_CLASSES } from '@toota/contract'
import pg from 'pg'
import { newId, type DriverId, type Point } from '../apps/server/src/kernel/index.ts'
import { findDrivers, Roster } from '../apps/server/src/features/tracking/index.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase } from '../apps/server/src/platform/database/index.ts'
import { createLogger } from '../apps/server/src/platform/log.ts'
import { PolledNewsDesk } from '../apps/server/src/platform/news-desk.ts'
import { createMemoryPositions } from '../apps/server/src/platform/positions-memory.ts'
import { startRedisServer } from '../apps/server/test/redis-server.ts'
import { startBenchDatabase } from './bench-database.ts'
import { measureInChild } from './child-process.ts'
import { compare, runIfMain, type BenchReport, type BenchResult } from './measure.ts'
import type { NearestFigures } from './nearest.child.ts'
import { placeIn, seeded, type Layout } from './places.ts'

/** BENCH_DRIVERS=1000000 takes some minutes and 2 GB. */
const SIZES = (process.env['BENCH_DRIVERS'] ?? '1000,10000,100000').split(',').map(Number)
const LAYOUTS: readonly Layout[] = ['city', 'country']
/** Below it Redis is quick too, and what an index occupies is mostly its first pages. */
const MANY = 10_000
const SEARCHES = 5_000
const USE_CASE_DRIVERS = 10_000
const ENTER_AT_ONCE = 200

type Known = { readonly driverId: DriverId; readonly place: Point }

export async function run(): Promise<BenchReport> {
  const results: BenchResult[] = []
  const notes: string[] = []
  const redis = await startRedisServer()
  try {
    for (const layout of LAYOUTS) {
      for (const drivers of SIZES) {
        const args = [layout, String(drivers), redis.url]
        const figures = await measureInChild<NearestFigures>('nearest.child.ts', args, ['--expose-gc'])
        results.push(...judge(layout, drivers, figures))
        notes.push(
          `${drivers} in a ${layout}: all that is kept of a driver is ${figures.positionsBytes.toFixed(0)} bytes, of which the index ${figures.indexBytes.toFixed(0)}; Redis ${figures.redisBytes.toFixed(0)}`,
        )
      }
    }
  } finally {
    await redis.stop()
  }
  notes.push(await measureUseCase())
  return { results, notes }
}

function judge(layout: Layout, drivers: number, figures: NearestFigures): BenchResult[] {
  const what = `nearest 20 of ${drivers.toLocaleString('en')}, ${layout}`
  const { oursMicros: ours, redisMicros, p99Micros, tenthMicros, indexBytes, redisBytes } = figures
  const cpu = { bar: 'B2', unit: 'µs CPU/query', ours }
  return [
    compare({ ...cpu, what: `${what}; Redis`, yardstick: redisMicros, limit: drivers < MANY ? 0.5 : 0.1 }),
    compare({ bar: 'B2', what: `${what}; p99`, ours: p99Micros, yardstick: 100, unit: 'µs', limit: 1 }),
    ...(drivers > MANY
      ? [
          compare({
            ...{ bar: 'B2', what: `memory of the index, ${drivers.toLocaleString('en')}, ${layout}; Redis` },
            ...{ ours: indexBytes, yardstick: redisBytes, unit: 'bytes/driver', limit: 1.25 },
          }),
        ]
      : []),
    ...(drivers === 1_000_000
      ? [compare({ ...cpu, what: `${what}; of a tenth of them`, yardstick: tenthMicros, limit: 1.6 })]
      : []),
  ]
}

/** All of `findDrivers`, as the server knows the drivers once they have sent a fix: without a statement. */
async function measureUseCase(): Promise<string> {
  const random = seeded(42)
  const drivers = Array.from({ length: USE_CASE_DRIVERS }, () => ({
    driverId: newId<DriverId>(),
    place: placeIn('city', random),
  }))
  const database = await startBenchDatabase()
  const db = openDatabase({ url: database.url })
  try {
    await insertDrivers(database.url, drivers)
    const positions = createMemoryPositions()
    const news = new PolledNewsDesk(db, fail)
    const roster = new Roster({ db, clock: systemClock, positions, news, log: createLogger('error') })
    for (let n = 0; n < drivers.length; n += ENTER_AT_ONCE) {
      const some = drivers.slice(n, n + ENTER_AT_ONCE)
      await Promise.all(some.map(({ driverId }) => roster.enter(driverId)))
    }
    for (const { driverId, place } of drivers) positions.report(driverId, { ...place, at: Date.now() })

    const search = (): ReturnType<typeof findDrivers> =>
      findDrivers({ clock: systemClock, positions }, roster, { center: placeIn('city', random), classes: [] })
    if ((await search()).length !== 20) throw new Error('the use case does not find the drivers')
    const before = db.statementCount()
    const start = process.cpuUsage()
    for (let n = 0; n < SEARCHES; n++) await search()
    const { user, system } = process.cpuUsage(start)
    const micros = (user + system) / SEARCHES
    const statements = db.statementCount() - before
    if (statements > 0) throw new Error(`${SEARCHES} searches sent ${statements} SQL statements`)
    return `the use case takes ${micros.toFixed(1)} µs CPU a search of all classes with the drivers' cards; ${SEARCHES} of them sent 0 SQL statements`
  } finally {
    await db.close()
    await database.stop()
  }
}

async function insertDrivers(url: string, drivers: readonly Known[]): Promise<void> {
  const ids = drivers.map(({ driverId }) => driverId)
  const classes = drivers.map((_, n) => VEHICLE_CLASSES[n % VEHICLE_CLASSES.length])
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `insert into account (id, role, email, email_key, password_hash, verified_at)
     select id, 'driver', id || '@example.org', id || '@example.org', 'none', clock_timestamp()
     from unnest($1::uuid[]) as id`,
    [ids],
  )
  await client.query(
    `insert into driver (account_id, vehicle_class, vehicle_registration, load_capacity_kg, approved_at)
     select id, class, id, 1000, clock_timestamp() from unnest($1::uuid[], $2::text[]) as known (id, class)`,
    [ids, classes],
  )
  await client.end()
}

function fail(error: unknown): never {
  throw error
}

await runIfMain(import.meta.url, run)
