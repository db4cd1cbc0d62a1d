import { describe, expect, it } from 'vitest'
import { Trail } from './trail.ts'

describe('the points of a time without a connection', () => {
  it('[SK34] are some 500 at most: the newest all, older ones ever fewer, the first among them', () => {
    const trail = new Trail<{ n: number }>()
    for (let n = 1; n <= 10_000; n++) trail.add({ n })
    const kept = trail.takeOldest(1_000).map(({ n }) => n)
    expect(kept.length).toBeGreaterThan(250)
    expect(kept.length).toBeLessThanOrEqual(500)
    expect(kept[0]).toBe(1)
    expect(kept.slice(-200)).toEqual(Array.from({ length: 200 }, (_, index) => 9_801 + index))
    expect(kept).toEqual([...kept].sort((one, other) => one - other))
  })

  it('[SK34] take their places again when they had not got through', () => {
    const trail = new Trail<{ n: number }>()
    for (const n of [3, 4, 7]) trail.add({ n })
    trail.putBack([{ n: 1 }, { n: 5 }])
    expect(trail.takeNewest()).toEqual({ n: 7 })
    expect(trail.takeOldest(3).map(({ n }) => n)).toEqual([1, 3, 4])
    expect(trail.length).toBe(1)
  })
})
