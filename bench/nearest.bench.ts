import { VEHICLE_CLASSES } from '@toota/contract'
import pg from 'pg'
import { distanceMeters, newId, type DriverId, type Point } from '../apps/server/src/kernel/index.ts'
import { findDrivers, Roster } from '../apps/server/src/features/tracking/index.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase } from '../apps/server/src/platform/database/index.ts'
import { createLogger } from '../apps/server/src/platform/log.ts'
import { PolledNewsDesk } from '../apps/server/src/platform/news-desk.ts'
import { createMemoryPositions } from '../apps/server/src/platform/positions-memory.ts'
import type { Fix, NearbyDriver, Positions } from '../apps/server/src/platform/positions.ts'
import { startBenchDatabase } from './bench-database.ts'
import { compare, median, runIfMain, timePerCall, type BenchReport } from './measure.ts'

const DRIVERS = 10_000
const LIMIT = 20
const RADIUS_METERS = 50_000
const NOW = 1_700_000_000_000
const ROUNDS = 9
const SEARCHES = 5_000
const ENTER_AT_ONCE = 200

type Known = { readonly driverId: DriverId; readonly fix: Fix }

export async function run(): Promise<BenchReport> {
  const random = seeded(42)
  const drivers = Array.from({ length: DRIVERS }, () => ({
    driverId: newId<DriverId>(),
    fix: { ...pointInCity(random), at: NOW - Math.floor(random() * 50_000) },
  }))
  const positions = positionsOf(drivers)
  const ours = (center: Point): NearbyDriver[] =>
    positions.nearest({ center, radiusMeters: RADIUS_METERS, limit: LIMIT, classes: [], now: NOW })
  const scan = (center: Point): NearbyDriver[] => scanAndSort(drivers, center)
  assertSame(ours(pointInCity(seeded(7))), scan(pointInCity(seeded(7))))

  const oursTimes: number[] = []
  const scanTimes: number[] = []
  for (let round = -2; round < ROUNDS; round++) {
    const centers = Array.from({ length: 50 }, () => pointInCity(random))
    const next = (find: (center: Point) => NearbyDriver[]) => {
      let n = 0
      return () => void find(centers[n++ % centers.length] ?? { latitude: 0, longitude: 0 })
    }
    const oursTime = timePerCall(2_000, next(ours))
    const scanTime = timePerCall(20, next(scan))
    // The first rounds warm the compiler up.
    if (round < 0) continue
    oursTimes.push(oursTime)
    scanTimes.push(scanTime)
  }

  const [oursMedian, scanMedian] = [median(oursTimes), median(scanTimes)]
  const { micros, statements } = await measureUseCase(drivers)
  if (statements > 0) throw new Error(`${SEARCHES} searches sent ${statements} SQL statements`)
  return {
    results: [
      compare({
        bar: 'B2',
        what: 'nearest 20 of 10,000 drivers in a city; measuring and sorting all',
        ours: oursMedian,
        yardstick: scanMedian,
        unit: 'µs/query',
        limit: 1,
      }),
    ],
    notes: [
      `the use case ${micros.toFixed(1)} µs a search with the drivers' cards; ${SEARCHES} searches sent ${statements} SQL statements`,
    ],
  }
}

/** All of `findDrivers` over the same drivers, as the server knows them once they have sent a fix. */
async function measureUseCase(drivers: readonly Known[]): Promise<{ micros: number; statements: number }> {
  const database = await startBenchDatabase()
  const db = openDatabase({ url: database.url })
  try {
    await insertDrivers(database.url, drivers)
    const positions = createMemoryPositions()
    const news = new PolledNewsDesk(db, fail)
    const roster = new Roster({ db, positions, news, log: createLogger('error') })
    for (let n = 0; n < drivers.length; n += ENTER_AT_ONCE) {
      const some = drivers.slice(n, n + ENTER_AT_ONCE)
      await Promise.all(some.map(({ driverId }) => roster.enter(driverId)))
    }
    for (const { driverId, fix } of drivers) positions.report(driverId, { ...fix, at: Date.now() })

    const random = seeded(11)
    const search = (): ReturnType<typeof findDrivers> =>
      findDrivers({ clock: systemClock, positions }, roster, { center: pointInCity(random), classes: [] })
    if ((await search()).length !== LIMIT) throw new Error('the use case does not find the drivers')
    const before = db.statementCount()
    const start = performance.now()
    for (let n = 0; n < SEARCHES; n++) await search()
    const micros = ((performance.now() - start) * 1000) / SEARCHES
    return { micros, statements: db.statementCount() - before }
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

function positionsOf(drivers: readonly Known[]): Positions {
  const positions = createMemoryPositions()
  for (const [n, { driverId, fix }] of drivers.entries()) {
    const vehicleClass = VEHICLE_CLASSES[n % VEHICLE_CLASSES.length] ?? 'bakkie'
    positions.list(driverId, { vehicleClass, isApproved: true, engagedWith: null })
    positions.report(driverId, fix)
  }
  return positions
}

function scanAndSort(drivers: readonly Known[], center: Point): NearbyDriver[] {
  return drivers
    .filter(({ fix }) => NOW - fix.at <= 60_000)
    .map(({ driverId, fix }) => ({ driverId, fix, distanceMeters: distanceMeters(center, fix) }))
    .filter((driver) => driver.distanceMeters <= RADIUS_METERS)
    .sort((a, b) => a.distanceMeters - b.distanceMeters)
    .slice(0, LIMIT)
}

function assertSame(ours: NearbyDriver[], scan: NearbyDriver[]): void {
  const ids = (found: NearbyDriver[]): string => found.map(({ driverId }) => driverId).join()
  if (ours.length !== LIMIT || ids(ours) !== ids(scan)) throw new Error('the two searches disagree')
}

/** Denser towards the centre of Johannesburg, some 25 km across. */
function pointInCity(random: () => number): Point {
  const spread = (): number => ((random() + random() + random()) / 3 - 0.5) * 0.6
  return { latitude: -26.2 + spread(), longitude: 28.04 + spread() }
}

/** mulberry32: the same city in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

await runIfMain(import.meta.url, run)
