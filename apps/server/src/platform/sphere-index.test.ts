import fc from 'fast-check'
import { expect, it } from 'vitest'
import { distanceMeters, type Point } from '../kernel/index.ts'
import type { Fix } from './positions.ts'
import {
  createSphereIndex,
  insert,
  move,
  remove,
  searchNearest,
  startSearch,
  type SphereIndex,
} from './sphere-index.ts'

const seen = (point: Point): Fix => ({ ...point, at: 0 })

/** How many nodes there are, having checked that each keeps its promises. */
function countNodes(node: SphereIndex<unknown>['root']): number {
  const children = node.children?.flatMap((child) => child ?? []) ?? []
  const held = node.children ? children.reduce((sum, child) => sum + child.count, 0) : node.entries.length
  expect(node.count).toBe(held)
  expect(node.readings).toHaveLength(node.entries.length * 4)
  if (node.children) expect(node.count).toBeGreaterThan(8)
  return children.reduce((sum, child) => sum + countNodes(child), 1)
}

const point = fc.record({
  latitude: fc.double({ min: -27, max: -26, noNaN: true }),
  longitude: fc.double({ min: 28, max: 29, noNaN: true }),
})

it('[PO10] what leaves the index leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(point, point), { minLength: 1, maxLength: 400, size: 'max' }), (pairs) => {
      const index = createSphereIndex<number>()
      const entries = pairs.map(([start], n) => insert(index, n, seen(start)))
      countNodes(index.root)
      for (const [n, [, end]] of pairs.entries()) move(index, entries[n]!, seen(end))
      countNodes(index.root)
      for (const [n, entry] of entries.entries()) {
        remove(entry)
        if (n % 25 === 0) countNodes(index.root)
      }
      expect(countNodes(index.root)).toBe(1)
    }),
    { numRuns: 20 },
  )
})

it('[PO10] a thousand drivers on one spot are found, and cost no endless splitting', () => {
  const spot: Point = { latitude: -26.2, longitude: 28 }
  const index = createSphereIndex<number>()
  const entries = Array.from({ length: 1000 }, (_, n) => insert(index, n, seen(spot)))
  const search = startSearch<number>({ center: spot, radiusMeters: 0, limit: 2000, since: 0 })
  searchNearest(index, search)
  expect(new Set(search.found).size).toBe(1000)
  expect(countNodes(index.root)).toBeLessThan(40)
  for (const entry of entries) remove(entry)
  expect(countNodes(index.root)).toBe(1)
})

it('[PO1] among many drivers the nearest are exactly the nearest', () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1000, maxLength: 2000, size: 'max' }),
      point,
      (points, center) => {
        const index = createSphereIndex<Point>()
        for (const each of points) insert(index, each, seen(each))
        const search = startSearch<Point>({ center, radiusMeters: 50_000, limit: 20, since: 0 })
        searchNearest(index, search)
        const expected = points
          .map((each) => distanceMeters(center, each))
          .filter((meters) => meters <= 50_000)
          .sort((a, b) => a - b)
          .slice(0, 20)
        expect(search.found).toHaveLength(expected.length)
        for (const [n, found] of search.found.entries())
          expect(distanceMeters(center, found)).toBeCloseTo(expected[n]!, 4)
      },
    ),
    { numRuns: 20 },
  )
})
