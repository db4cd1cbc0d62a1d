import { expect, it } from 'vitest'
import { createRandom } from '../apps/server/test/random.ts'
import { slopeOf } from './slope.ts'

const random = createRandom(5)
const points = (perHour: number, { count = 60, perLoad = 0 } = {}) =>
  Array.from({ length: count }, (_, n) => {
    // It grows for a while, as the connections of a node that outlives the others.
    const load = Math.min(n, 20) * 10
    const grown = (perHour * n * 30_000) / 3_600_000
    return { atMs: n * 30_000, load, value: 50 + grown + perLoad * load + (random() - 0.5) }
  })

it('[BE5] a slope is found through noise and load, with bounds that say how sure it is', () => {
  const leak = slopeOf(points(4, { perLoad: 0.02 }))
  expect(leak.perHour).toBeCloseTo(4, 0)
  expect(leak.low).toBeGreaterThan(1)
  const none = slopeOf(points(0, { perLoad: 0.02 }))
  expect([none.low < 0.5, none.high > -0.5, none.high < 3]).toEqual([true, true, true])
  expect(slopeOf(points(0, { count: 6 })).high).toBeGreaterThan(1)
})
