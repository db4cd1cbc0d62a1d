import fc from 'fast-check'
import { expect, it } from 'vitest'
import { distanceMeters, type Point } from '../../kernel/index.ts'
import type { Fix } from '../positions.ts'
import { nextOf } from './buckets.ts'
import { CHILDREN, COUNT, HEAD, NODE, PARENT } from './nodes.ts'
import {
  createSearch,
  createSphereIndex,
  insert,
  isIndexed,
  move,
  remove,
  searchNearest,
  startSearch,
  toMeters,
  whoIsAt,
  type SphereIndex,
} from './index.ts'

const ROUNDING_METERS = 1e-4

const seen = (point: Point, at = 0): Fix => ({ ...point, at })

/** Nodes and buckets in use, having checked that each node of the trees keeps its promises. */
function measure(index: SphereIndex, trees = 1): { nodes: number; buckets: number; entries: number } {
  const { links } = index.nodes
  const total = { nodes: 0, buckets: 0, entries: 0 }
  const visit = (node: number): number => {
    total.nodes++
    const children = links[node * NODE + CHILDREN]!
    if (children !== 0) {
      const held = [0, 1, 2, 3].map((n) => {
        expect(links[(children + n) * NODE + PARENT]).toBe(node)
        return visit(children + n)
      })
      const count = held.reduce((sum, each) => sum + each, 0)
      expect(count).toBeGreaterThan(16)
      return count
    }
    const count = links[node * NODE + COUNT]!
    total.entries += count
    let bucket = links[node * NODE + HEAD]!
    for (let left = count; left > 0; left -= left % 16 || 16) {
      total.buckets++
      bucket = nextOf(index.buckets, bucket)
    }
    expect(bucket).toBe(-1)
    return count
  }
  for (let tree = 0; tree < trees; tree++) visit(tree)
  expect(index.nodes.used - countFree(index)).toBe(total.nodes)
  return total
}

function countFree({ nodes }: SphereIndex): number {
  let count = 0
  for (let free = nodes.free; free !== 0; free = nodes.links[free * NODE + CHILDREN]!) count += 4
  return count
}

type Query = { center: Point; radiusMeters?: number; limit?: number; since?: number; trees?: number[] }

function nearest(
  index: SphereIndex,
  { center, radiusMeters = 50_000, limit = 20, since = 0, trees = [0] }: Query,
): { who: number; meters: number }[] {
  const search = createSearch()
  startSearch(search, { center, radiusMeters, limit, since })
  for (const tree of trees) searchNearest(index, tree, search)
  return Array.from({ length: search.count }, (_, n) => ({
    who: whoIsAt(index, search.spots[n]!),
    meters: toMeters(search.chords[n]!),
  }))
}

const degrees = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const around = (latitude: number, longitude: number, reach: number) =>
  fc.record({
    latitude: degrees(Math.max(latitude - reach, -90), Math.min(latitude + reach, 90)),
    longitude: degrees(longitude - reach, longitude + reach),
  })
const city = around(-26.2, 28.04, 0.3)
const wrap = ({ latitude, longitude }: Point): Point => ({
  latitude,
  longitude: longitude > 180 ? longitude - 360 : longitude,
})
/** Where maps have edges: the poles with every meridian, the antimeridian and the equator. */
const edges = fc.oneof(
  fc.record({ latitude: degrees(89.7, 90), longitude: degrees(-180, 180) }),
  fc.record({ latitude: degrees(-90, -89.7), longitude: degrees(-180, 180) }),
  around(0, 180, 0.2).map(wrap),
  around(65, 180, 0.3).map(wrap),
  fc.record({
    latitude: fc.constantFrom(-90, -45, 0, 45, 90),
    longitude: fc.constantFrom(-180, -90, 0, 90, 180),
  }),
)
// Half of them exactly on a coarse raster, where ties and crowded spots are common.
const raster = (point: Point): Point => ({
  latitude: Math.round(point.latitude * 40) / 40,
  longitude: Math.round(point.longitude * 40) / 40,
})
const place = fc.oneof(city, city.map(raster), edges, edges.map(raster))

it('[PO10] what leaves the index leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 600, size: 'max' }), (pairs) => {
      const index = createSphereIndex(2)
      for (const [n, [start]] of pairs.entries()) insert(index, n % 2, n, seen(start))
      expect(measure(index, 2).entries).toBe(pairs.length)
      for (const [n, [, end]] of pairs.entries()) move(index, n, seen(end))
      expect(measure(index, 2).entries).toBe(pairs.length)
      for (const n of pairs.keys()) {
        expect(isIndexed(index, n)).toBe(true)
        remove(index, n)
        expect(isIndexed(index, n)).toBe(false)
        if (n % 25 === 0) measure(index, 2)
      }
      expect(measure(index, 2)).toEqual({ nodes: 2, buckets: 0, entries: 0 })
    }),
    { numRuns: 20 },
  )
})

it('[PO10] drivers who wander, come and go for long take no more room than at first', () => {
  const index = createSphereIndex(1)
  const anywhere = fc.sample(around(-28, 24, 4), { numRuns: 20_000, seed: 5 })
  const next = (n: number): Fix => seen(anywhere[n % anywhere.length]!)
  for (let n = 0; n < 5_000; n++) insert(index, 0, n, next(n))
  const rooms: number[][] = []
  for (let round = 1; round <= 4; round++) {
    for (let n = 0; n < 5_000; n++) {
      if (n % 7 === 0) {
        remove(index, n)
        insert(index, 0, n, next(n + round * 5_003))
      } else move(index, n, next(n + round * 5_003))
    }
    measure(index)
    rooms.push([index.nodes.used, index.buckets.used])
  }
  const [first, last] = [rooms[0]!, rooms[3]!]
  expect(last[0]).toBeLessThan(first[0]! * 1.3)
  expect(last[1]).toBeLessThan(first[1]! * 1.3)
})

it('[PO10] a thousand drivers on one spot are found, and cost no endless splitting', () => {
  for (const spot of [
    { latitude: -26.2, longitude: 28 },
    { latitude: 90, longitude: 180 },
  ]) {
    const index = createSphereIndex(1)
    for (let n = 0; n < 1000; n++) insert(index, 0, n, seen(spot))
    const found = nearest(index, { center: spot, radiusMeters: 0, limit: 2000 })
    expect(new Set(found.map(({ who }) => who)).size).toBe(1000)
    expect(measure(index).nodes).toBeLessThan(110)
    for (let n = 0; n < 1000; n++) remove(index, n)
    expect(measure(index)).toEqual({ nodes: 1, buckets: 0, entries: 0 })
  }
})

it('[PO1] [PO5] among many drivers the nearest are exactly the nearest, wherever on the globe', () => {
  const points = fc.array(place, { minLength: 200, maxLength: 2000, size: 'max' })
  const queries = fc.array(
    fc.record({
      center: place,
      radiusMeters: fc.constantFrom(0, 100, 5_000, 50_000, 3_000_000, 30_000_000),
      limit: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 5, maxLength: 20, size: 'max' },
  )
  fc.assert(
    fc.property(points, queries, (all, asked) => {
      const index = createSphereIndex(1)
      for (const [n, each] of all.entries()) insert(index, 0, n, seen(each))
      for (const query of asked) {
        const found = nearest(index, query)
        const expected = all.map((each) => distanceMeters(query.center, each)).sort((a, b) => a - b)
        const within = (meters: number): number =>
          Math.min(query.limit, expected.filter((each) => each <= meters).length)
        expect(found.length).toBeGreaterThanOrEqual(within(query.radiusMeters - ROUNDING_METERS))
        expect(found.length).toBeLessThanOrEqual(within(query.radiusMeters + ROUNDING_METERS))
        expect(new Set(found.map(({ who }) => who)).size).toBe(found.length)
        for (const [n, { who, meters }] of found.entries()) {
          // Close to the antipode neither way of measuring is better than some decimetres.
          const tolerance = meters > 15_000_000 ? 1 : ROUNDING_METERS
          expect(Math.abs(meters - distanceMeters(query.center, all[who]!))).toBeLessThan(tolerance)
          expect(Math.abs(meters - expected[n]!)).toBeLessThan(tolerance)
        }
      }
    }),
    { numRuns: 40 },
  )
})
