import { describe, expect, it } from 'vitest'
import { newId, type DriverId } from '../../kernel/index.ts'
import { toTrailPoint } from './model/trail.ts'
import { TrailBuffer } from './trail-buffer.ts'

const of = { driverId: newId<DriverId>(), tripId: undefined }
const point = (at: number) => toTrailPoint(of, { latitude: 1, longitude: 2 }, { takenAt: at, receivedAt: at })
const takenOf = (buffer: TrailBuffer) => buffer.take(Infinity).map(({ takenAt }) => takenAt)

describe('points that wait to be written', () => {
  it('[LO30] are due after ten seconds, or when there are 500', () => {
    const buffer = new TrailBuffer()
    expect(buffer.isDue(Infinity)).toBe(false)
    buffer.add(point(1000))
    expect([buffer.isDue(10_999), buffer.isDue(11_000)]).toEqual([false, true])
    for (let n = 0; n < 499; n++) buffer.add(point(1001))
    expect(buffer.isDue(1001)).toBe(true)
  })

  it('[LO31] are never more than so many: the older ones get coarser, and it is counted', () => {
    const buffer = new TrailBuffer(8)
    for (let n = 0; n < 9; n++) buffer.add(point(n))
    expect(buffer.counts()).toEqual({ waiting: 7, thinnedOut: 2, written: 0, ownerless: 0 })
    expect(takenOf(buffer)).toEqual([0, 2, 4, 5, 6, 7, 8])
    buffer.add(point(20))
    buffer.putBack(Array.from({ length: 8 }, (_, n) => point(n)))
    expect(takenOf(buffer)).toEqual([0, 2, 4, 5, 6, 7, 20])
    for (let n = 0; n < 1000; n++) buffer.add(point(n))
    expect(buffer.counts().waiting).toBeLessThanOrEqual(8)
  })
})
