import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceMeters, newId, type CustomerId, type DriverId, type Point } from '../kernel/index.ts'
import { createMemoryPositions } from './positions-memory.ts'
import type { Fix, Listing, NearbyDriver, NearestQuery, Positions } from './positions.ts'

const NOW = 1_700_000_000_000
const FREE: Listing = { vehicleClass: 'bakkie', isApproved: true, engagedWith: null }
const CITY: Point = { latitude: -26.2, longitude: 28.04 }
const everywhere = { radiusMeters: 50_000, limit: 20, classes: [], now: NOW } as const

const at = (point: Point, seconds = 0): Fix => ({ ...point, at: NOW - seconds * 1000 })
const idsOf = (found: readonly { driverId: DriverId }[]): DriverId[] => found.map(({ driverId }) => driverId)

function online(positions: Positions, point: Point, listing: Partial<Listing> = {}, seconds = 0): DriverId {
  const driverId = newId<DriverId>()
  positions.list(driverId, { ...FREE, ...listing })
  positions.report(driverId, at(point, seconds))
  return driverId
}

describe('nearest', () => {
  it('[PO1] drivers come nearest first, within the radius, at most the limit, with their distance', () => {
    const positions = createMemoryPositions()
    const far = online(positions, { latitude: -26.3, longitude: 28.04 })
    const near = online(positions, { latitude: -26.21, longitude: 28.04 })
    online(positions, { latitude: -27.2, longitude: 28.04 })

    const found = positions.nearest({ center: CITY, ...everywhere })
    expect(idsOf(found)).toEqual([near, far])
    expect(found[0]?.distanceMeters).toBeCloseTo(1112, 0)
    expect(idsOf(positions.nearest({ center: CITY, ...everywhere, limit: 1 }))).toEqual([near])
    expect(positions.nearest({ center: CITY, ...everywhere, limit: 0 })).toEqual([])
  })

  it('[PO2] only approved, unengaged drivers are available, and a change counts at once', () => {
    const positions = createMemoryPositions()
    const driverId = online(positions, CITY, { isApproved: false })
    const isFound = (): boolean => positions.nearest({ center: CITY, ...everywhere }).length === 1
    expect([isFound(), positions.isAvailable(driverId, NOW)]).toEqual([false, false])
    positions.list(driverId, FREE)
    expect([isFound(), positions.isAvailable(driverId, NOW)]).toEqual([true, true])
    positions.list(driverId, { ...FREE, engagedWith: newId<CustomerId>() })
    expect([isFound(), positions.isAvailable(driverId, NOW)]).toEqual([false, false])
    positions.list(driverId, FREE)
    expect([isFound(), positions.isAvailable(driverId, NOW)]).toEqual([true, true])
  })

  it('[PO2] a driver without a listing or without a fix is never found', () => {
    const positions = createMemoryPositions()
    const unlisted = newId<DriverId>()
    positions.report(unlisted, at(CITY))
    const unseen = newId<DriverId>()
    positions.list(unseen, FREE)
    expect(positions.nearest({ center: CITY, ...everywhere })).toEqual([])
    expect(positions.isAvailable(unlisted, NOW)).toBe(false)
    expect(positions.isAvailable(unseen, NOW)).toBe(false)
    expect(positions.lastFix(unlisted)).toEqual(at(CITY))
    expect(positions.listing(unseen)).toEqual(FREE)
  })

  it('[PO3] a driver is online until the last fix is more than 60 seconds old', () => {
    const positions = createMemoryPositions()
    const driverId = online(positions, CITY)
    for (const [now, isOnline] of [
      [NOW + 60_000, true],
      [NOW + 60_001, false],
    ] as const) {
      expect(positions.isAvailable(driverId, now)).toBe(isOnline)
      expect(positions.nearest({ center: CITY, ...everywhere, now })).toHaveLength(isOnline ? 1 : 0)
      expect(positions.newest({ classes: [], limit: 20, now })).toHaveLength(isOnline ? 1 : 0)
    }
  })

  it('[PO4] a search names the vehicle classes, none meaning all, and a new class counts at once', () => {
    const positions = createMemoryPositions()
    const driverId = online(positions, CITY)
    const classesFinding = (): VehicleClass[] =>
      VEHICLE_CLASSES.filter(
        (name) => positions.nearest({ center: CITY, ...everywhere, classes: [name] }).length,
      )
    expect(classesFinding()).toEqual(['bakkie'])
    positions.list(driverId, { ...FREE, vehicleClass: 'truck-8t' })
    expect(classesFinding()).toEqual(['truck-8t'])
    expect(
      positions.nearest({ center: CITY, ...everywhere, classes: ['truck-8t', 'truck-8t'] }),
    ).toHaveLength(1)
  })

  it('[PO5] distance knows no edge at the antimeridian or the poles', () => {
    const positions = createMemoryPositions()
    const east = online(positions, { latitude: 10, longitude: 179.99 })
    const west = online(positions, { latitude: 10, longitude: -179.98 })
    const overPole = online(positions, { latitude: 89.9, longitude: -170 })
    expect(idsOf(positions.nearest({ center: { latitude: 10, longitude: 180 }, ...everywhere }))).toEqual([
      east,
      west,
    ])
    expect(idsOf(positions.nearest({ center: { latitude: 89.9, longitude: 10 }, ...everywhere }))).toEqual([
      overPole,
    ])
  })
})

describe('newest', () => {
  it('[PO6] available drivers of these classes come newest fix first', () => {
    const positions = createMemoryPositions()
    const older = online(positions, CITY, {}, 30)
    const newer = online(positions, { latitude: 6.5, longitude: 3.4 }, {}, 10)
    online(positions, CITY, { isApproved: false }, 1)
    const truck = online(positions, CITY, { vehicleClass: 'truck-4t' }, 20)
    expect(idsOf(positions.newest({ classes: [], limit: 20, now: NOW }))).toEqual([newer, truck, older])
    expect(idsOf(positions.newest({ classes: ['bakkie'], limit: 1, now: NOW }))).toEqual([newer])
  })
})

describe('follow', () => {
  it('[PO7] each follower hears each new fix in order, until it stops', () => {
    const positions = createMemoryPositions()
    const driverId = newId<DriverId>()
    const heard: number[] = []
    const stop = positions.follow(driverId, (fix) => heard.push(fix.at))
    const stopOther = positions.follow(driverId, () => undefined)
    positions.report(driverId, at(CITY, 2))
    positions.report(driverId, at(CITY, 1))
    positions.report(newId<DriverId>(), at(CITY, 0))
    stop()
    stop()
    positions.report(driverId, at(CITY, 0))
    stopOther()
    expect(heard).toEqual([NOW - 2000, NOW - 1000])
  })

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

  it('[PO8] a follower may stop itself or another while it is being told', () => {
    const positions = createMemoryPositions()
    const driverId = newId<DriverId>()
    const heard: string[] = []
    const stops = new Map<string, () => void>()
    for (const name of ['first', 'second', 'third']) {
      const listener = (): void => {
        heard.push(name)
        if (name === 'first') for (const other of ['first', 'second']) stops.get(other)?.()
      }
      stops.set(name, positions.follow(driverId, listener))
    }
    positions.report(driverId, at(CITY, 1))
    positions.report(driverId, at(CITY))
    expect(heard).toEqual(['first', 'third', 'third'])
  })
})

describe('prune', () => {
  it('[PO9] drivers not seen since then are forgotten, with their listing', () => {
    const positions = createMemoryPositions()
    const gone = online(positions, CITY, {}, 100)
    const here = online(positions, CITY, {}, 50)
    expect(positions.prune(NOW - 60_000)).toBe(1)
    expect([positions.lastFix(gone), positions.listing(gone)]).toEqual([undefined, undefined])
    expect(positions.lastFix(here)).toBeDefined()
    expect(idsOf(positions.nearest({ center: CITY, ...everywhere, now: NOW - 50_000 }))).toEqual([here])
  })

  it('[PO9] a listed driver who has not yet sent a fix is spared by one prune, not by two', () => {
    const positions = createMemoryPositions()
    const connecting = newId<DriverId>()
    positions.list(connecting, FREE)
    expect([positions.prune(NOW), positions.listing(connecting)]).toEqual([0, FREE])
    expect([positions.prune(NOW), positions.listing(connecting)]).toEqual([1, undefined])
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
