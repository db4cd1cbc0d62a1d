import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceMeters, type Point } from '../../../kernel/index.ts'
import { arrivalSeconds, rankByArrival, type Whereabouts } from './rank.ts'

const PICKUP: Point = { latitude: -26.2, longitude: 28.04 }
/** South of the pickup by so many metres: it lies to the north of him. */
const south = (meters: number): Point => ({ ...PICKUP, latitude: PICKUP.latitude - meters / 111_195 })
const bakkie = (point: Point, more: Partial<Whereabouts> = {}): Whereabouts => ({
  ...point,
  vehicleClass: 'bakkie',
  ageSeconds: 0,
  ...more,
})
const seconds = (meters: number, more: Partial<Whereabouts> = {}): number =>
  arrivalSeconds(bakkie(south(meters), more), PICKUP)

describe('when a driver would be there', () => {
  it('[LO40] counts the road by its length and the speed of the class', () => {
    // 35 km/h are 9.72 m/s.
    expect(seconds(10_000)).toBeCloseTo(13_000 / 9.722, 0)
    expect(seconds(500)).toBeCloseTo(750 / 9.722, 0)
    expect(seconds(3_000)).toBeCloseTo(4_200 / 9.722, 0)
    expect(seconds(10_000, { vehicleClass: 'motorbike' })).toBeCloseTo(13_000 / 11.111, 0)
    expect(seconds(10_000, { vehicleClass: 'truck-8t' })).toBeCloseTo(13_000 / 8.333, 0)
  })

  it('[LO40] counts half the age of the fix, and no age that lies ahead', () => {
    expect(seconds(3_000, { ageSeconds: 60 }) - seconds(3_000)).toBeCloseTo(30)
    expect(seconds(3_000, { ageSeconds: -5 })).toBe(seconds(3_000))
  })

  it.each([
    ['towards', 0, -20],
    ['across', 90, 20],
    ['across', 270, 20],
    ['away', 180, 60],
  ])('[LO40] counts which way he drives: %s at %d degrees is %d s', (_, headingDegrees, expected) => {
    expect(seconds(3_000, { headingDegrees, speedMps: 10 }) - seconds(3_000)).toBeCloseTo(expected, 1)
  })

  it.each([
    ['he stands', { headingDegrees: 180, speedMps: 1 }, 3_000],
    ['he does not say how fast', { headingDegrees: 180 }, 3_000],
    ['he does not say which way', { speedMps: 10 }, 3_000],
    ['he is there', { headingDegrees: 180, speedMps: 10 }, 50],
  ])('[LO40] counts no direction where %s', (_, more, meters) => {
    expect(seconds(meters, more)).toBe(seconds(meters))
  })

  it('[LO40] is never before now, and never sooner from further off', () => {
    const distance = fc.double({ min: 0, max: 50_000, noNaN: true })
    fc.assert(
      fc.property(
        distance,
        distance,
        fc.double({ min: 0, max: 360, noNaN: true }),
        (a, b, headingDegrees) => {
          expect(seconds(a, { headingDegrees, speedMps: 20 })).toBeGreaterThanOrEqual(0)
          expect(seconds(Math.min(a, b))).toBeLessThanOrEqual(seconds(Math.max(a, b)) + 1e-6)
        },
      ),
    )
  })
})

describe('ranking', () => {
  it('[LO40] puts who would be there first before who is nearest', () => {
    const away = {
      ...bakkie(south(1_000), { headingDegrees: 180, speedMps: 15 }),
      name: 'nearest, driving away',
    }
    const towards = { ...bakkie(south(1_200), { headingDegrees: 0, speedMps: 15 }), name: 'driving there' }
    const old = { ...bakkie(south(1_150), { ageSeconds: 60 }), name: 'not heard of for a minute' }
    const ranked = rankByArrival([away, old, towards], PICKUP)
    expect(ranked.map(({ name }) => name)).toEqual([
      'driving there',
      'not heard of for a minute',
      'nearest, driving away',
    ])
    expect(distanceMeters(ranked[0]!, PICKUP)).toBeGreaterThan(distanceMeters(ranked[2]!, PICKUP))
  })

  it('[LO40] leaves equals in the order in which they were given', () => {
    const drivers = ['first', 'second', 'third'].map((name) => ({ ...bakkie(south(700)), name }))
    expect(rankByArrival(drivers, PICKUP).map(({ name }) => name)).toEqual(['first', 'second', 'third'])
  })
})
