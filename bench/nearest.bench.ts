import { VEHICLE_CLASSES } from '@toota/contract'
import { distanceMeters, newId, type DriverId, type Point } from '../apps/server/src/kernel/index.ts'
import { createMemoryPositions } from '../apps/server/src/platform/positions-memory.ts'
import type { Fix, NearbyDriver, Positions } from '../apps/server/src/platform/positions.ts'
import { median, runIfMain, timePerCall, type BenchResult } from './measure.ts'

export const name = 'nearest 20 of 10,000 drivers in a city'

const DRIVERS = 10_000
const LIMIT = 20
const RADIUS_METERS = 50_000
const NOW = 1_700_000_000_000
const ROUNDS = 9

type Known = { readonly driverId: DriverId; readonly fix: Fix }

export function run(): Promise<BenchResult> {
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
  return Promise.resolve({
    name,
    lines: [
      `  index          ${oursMedian.toFixed(1)} µs a query (median of ${ROUNDS} rounds)`,
      `  scan and sort  ${scanMedian.toFixed(1)} µs a query`,
    ],
    ratio: oursMedian / scanMedian,
    limit: 1,
  })
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
