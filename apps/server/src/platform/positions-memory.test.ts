import { VEHICLE_CLASSES } from '@toota/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { at, CITY, describePositions, idsOf, NOW } from '../../test/positions-contract.ts'
import { distanceMeters, newId, type CustomerId, type DriverId } from '../kernel/index.ts'
import { createMemoryPositions } from './positions-memory.ts'
import type { Fix, Listing, NearbyDriver, NearestQuery, Positions } from './positions.ts'

describePositions('positions of one node', () => {
  const positions = createMemoryPositions()
  const nothing = (): Promise<void> => Promise.resolve()
  return Promise.resolve({ here: positions, there: positions, agree: nothing, close: nothing })
})

describe('follow', () => {
  it('[PO8] a follower that throws does not stop the others', () => {
    const errors: unknown[] = []
    const positions = createMemoryPositions((error) => errors.push(error))
    const driverId = newId<DriverId>()
    const defect = new Error('broken socket')
    let heard = 0
    positions.follow(driverId, () => {
      throw defect
    })
    positions.follow(driverId, () => heard++)
    positions.report(driverId, at(CITY))
    expect([heard, errors]).toEqual([1, [defect]])
  })
})

type Driver = { fix?: Fix; listing?: Listing }
type Step = (drivers: readonly DriverId[], positions: Positions, model: Map<DriverId, Driver>) => void

const DRIVERS = 120
// Rounded to a coarse raster so that exact ties and crowded spots are common.
const raster = (value: number): number => Math.round(value * 50) / 50
const place = fc.oneof(
  fc.record({
    latitude: fc.double({ min: -26.4, max: -26, noNaN: true }).map(raster),
    longitude: fc.double({ min: 27.8, max: 28.2, noNaN: true }).map(raster),
  }),
  fc.record({
    latitude: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    longitude: fc.constantFrom(-180, -179.9, 179.95, 180),
  }),
  fc.record({
    latitude: fc.constantFrom(-90, -89.99, 89.9, 90),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  }),
  fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  }),
)
const fix = fc
  .record({ point: place, age: fc.integer({ min: 0, max: 90 }) })
  .map(({ point, age }) => at(point, age))
const listing = fc.record({
  vehicleClass: fc.constantFrom(...VEHICLE_CLASSES.slice(0, 2)),
  isApproved: fc.constantFrom(true, true, true, false),
  engagedWith: fc.constantFrom(null, null, null, newId<CustomerId>()),
})
const who = fc.nat({ max: DRIVERS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(who, fix).map(([n, next]): Step => (ids, positions, model) => {
      positions.report(ids[n]!, next)
      model.set(ids[n]!, { ...model.get(ids[n]!), fix: next })
    }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(who, listing).map(([n, next]): Step => (ids, positions, model) => {
      positions.list(ids[n]!, next)
      model.set(ids[n]!, { ...model.get(ids[n]!), listing: next })
    }),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 90 }).map((age): Step => (_, positions, model) => {
      positions.prune(NOW - age * 1000)
      for (const [id, driver] of model) if (driver.fix && driver.fix.at < NOW - age * 1000) model.delete(id)
    }),
  },
)
const query: fc.Arbitrary<NearestQuery> = fc.record({
  center: place,
  radiusMeters: fc.constantFrom(1, 5_000, 50_000, 2_000_000, 30_000_000),
  limit: fc.integer({ min: 1, max: 25 }),
  classes: fc.subarray([...VEHICLE_CLASSES].slice(0, 2)),
  now: fc.constant(NOW),
})

function bruteForce(
  model: Map<DriverId, Driver>,
  { center, radiusMeters, classes, now }: NearestQuery,
): Map<DriverId, number> {
  const found = [...model].flatMap(([id, driver]): [DriverId, number][] => {
    const isFree = driver.listing?.isApproved && driver.listing.engagedWith === null
    if (!driver.fix || !driver.listing || !isFree || now - driver.fix.at > 60_000) return []
    if (classes.length > 0 && !classes.includes(driver.listing.vehicleClass)) return []
    const meters = distanceMeters(center, driver.fix)
    return meters <= radiusMeters ? [[id, meters]] : []
  })
  return new Map(found)
}

function expectSame(found: NearbyDriver[], expected: Map<DriverId, number>, limit: number): void {
  const distances = [...expected.values()].sort((a, b) => a - b).slice(0, limit)
  expect(found).toHaveLength(distances.length)
  expect(new Set(idsOf(found)).size).toBe(found.length)
  for (const [n, driver] of found.entries()) {
    // Among ties any may come first; close to the antipode haversine itself is only good to some decimetres.
    const tolerance = driver.distanceMeters > 15_000_000 ? 1 : 0.001
    expect(Math.abs(driver.distanceMeters - expected.get(driver.driverId)!)).toBeLessThanOrEqual(tolerance)
    expect(Math.abs(driver.distanceMeters - distances[n]!)).toBeLessThanOrEqual(tolerance)
  }
}

describe('any history', () => {
  it('[PO1] the search finds what measuring every driver finds', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 100, maxLength: 600, size: 'max' }),
        fc.array(query, { minLength: 1, maxLength: 8 }),
        (steps, queries) => {
          const ids = Array.from({ length: DRIVERS }, () => newId<DriverId>())
          const positions = createMemoryPositions()
          const model = new Map<DriverId, Driver>()
          for (const take of steps) take(ids, positions, forgiving(model, positions))
          for (const each of queries) expectSame(positions.nearest(each), bruteForce(model, each), each.limit)
        },
      ),
      { numRuns: 100 },
    )
  })
})

/** Listed drivers without a fix go at their second prune; the model takes that from the subject. */
function forgiving(model: Map<DriverId, Driver>, positions: Positions): Map<DriverId, Driver> {
  for (const [id, driver] of model) if (!driver.fix && !positions.listing(id)) model.delete(id)
  return model
}
