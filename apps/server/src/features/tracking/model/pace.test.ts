import { describe, expect, it } from 'vitest'
import { paceOf, type Work } from './pace.ts'

const SETTINGS = { movingSeconds: 4, nearSeconds: 2, idleSeconds: 20, nearMeters: 500 }
const PICKUP = { latitude: -26.2, longitude: 28.04 }
const DESTINATION = { latitude: -26.1, longitude: 28.06 }
const BETWEEN = { latitude: -26.15, longitude: 28.05 }
const work = (status: Work['status']): Work => ({ status, pickup: PICKUP, destination: DESTINATION })
const why = (...rest: [Work | undefined, typeof PICKUP | undefined, boolean?]) =>
  paceOf(SETTINGS, rest[0], rest[1], rest[2] ?? false).why

describe('the pace of a phone', () => {
  it('[LO27] is idle without a trip, and while he stands where he loads or unloads', () => {
    expect(paceOf(SETTINGS, undefined, PICKUP, false)).toEqual({ everySeconds: 20, why: 'idle' })
    expect(why(work('arrived_pickup'), PICKUP, true)).toBe('idle')
    expect(why(work('arrived_dest'), DESTINATION, true)).toBe('idle')
    expect(why(work('arrived_pickup'), PICKUP)).toBe('moving')
  })

  it('[LO27] is moving on the way, also in a traffic jam', () => {
    expect(paceOf(SETTINGS, work('accepted'), BETWEEN, true)).toEqual({ everySeconds: 4, why: 'moving' })
    expect(why(work('in_transit'), BETWEEN)).toBe('moving')
    expect(why(work('in_transit'), undefined)).toBe('moving')
  })

  it('[LO27] is fastest near the pickup before loading, and near the destination after', () => {
    expect(paceOf(SETTINGS, work('accepted'), PICKUP, false)).toEqual({ everySeconds: 2, why: 'near-pickup' })
    expect(why(work('en_route'), { ...PICKUP, latitude: -26.1956 })).toBe('near-pickup')
    expect(why(work('en_route'), { ...PICKUP, latitude: -26.1954 })).toBe('moving')
    expect(why(work('en_route'), DESTINATION)).toBe('moving')
    expect(why(work('loaded'), PICKUP)).toBe('moving')
    expect(why(work('in_transit'), DESTINATION)).toBe('near-pickup')
  })
})
