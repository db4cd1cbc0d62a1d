import { describe, expect, it } from 'vitest'
import { kilometersBetween, planFleet, CENTRE } from './city.ts'
import { expectedOutcome, planTrips } from './plan.ts'
import { seededRandom } from './random.ts'

const fleet = (size = 20) => planFleet(seededRandom(1, 'fleet'), size)
const types = (size = 20) => fleet(size).map((member) => member.vehicleClass)

describe('the script of a run', () => {
  it('[SI1] the same seed gives the same script, another seed another one', () => {
    expect(planTrips(7, 100, types())).toEqual(planTrips(7, 100, types()))
    expect(planTrips(7, 100, types())).not.toEqual(planTrips(8, 100, types()))
    expect(planFleet(seededRandom(3, 'fleet'), 20)).toEqual(planFleet(seededRandom(3, 'fleet'), 20))
  })

  it('[SI2] from 20 trips on, every seed has its rejections, expiries and cancellations', () => {
    for (const trips of [20, 21, 37, 50, 100, 250]) {
      for (let seed = 0; seed < 50; seed++) {
        const expected = expectedOutcome(planTrips(seed, trips, types()))
        expect(expected.rejected).toBeGreaterThanOrEqual(5)
        expect(expected.expired).toBeGreaterThanOrEqual(5)
        expect(expected.cancelled).toBeGreaterThanOrEqual(5)
        expect(expected.completed).toBeGreaterThanOrEqual(trips * 0.7)
      }
    }
  })

  it('[SI2] of 100 trips at most 8 offers expire, so that the run fits into five minutes', () => {
    expect(expectedOutcome(planTrips(1, 100, types())).expired).toBeLessThanOrEqual(8)
  })

  it('[SI3] shorter scripts scale down', () => {
    expect(expectedOutcome(planTrips(1, 1, types()))).toMatchObject({ completed: 1, rejected: 0, expired: 0 })
    expect(expectedOutcome(planTrips(1, 2, types()))).toMatchObject({ completed: 2, rejected: 0, expired: 0 })
    expect(expectedOutcome(planTrips(1, 5, types()))).toEqual({
      completed: 4,
      cancelled: 1,
      rejected: 1,
      expired: 1,
    })
    expect(expectedOutcome(planTrips(1, 10, types()))).toEqual({
      completed: 9,
      cancelled: 1,
      rejected: 1,
      expired: 1,
    })
  })

  it('[SI4] trips ask only for vehicles of the fleet', () => {
    for (const size of [1, 3, 20]) {
      const owned = new Set(types(size))
      for (const plan of planTrips(4, 50, types(size))) expect(owned).toContain(plan.vehicleClass)
    }
  })

  it('[SI4] drivers stand in Johannesburg, at least half of them in Bakkies', () => {
    for (const member of fleet(100))
      expect(kilometersBetween(CENTRE, member.position)).toBeLessThanOrEqual(15.01)
    for (const size of [1, 5, 20, 100]) {
      expect(types(size).filter((type) => type === 'bakkie').length).toBeGreaterThanOrEqual(size / 2)
    }
  })

  it('[SI5] a trip goes somewhere', () => {
    for (const { pickup, destination } of planTrips(5, 300, types())) {
      expect(pickup.name).not.toBe(destination.name)
      expect(kilometersBetween(pickup, destination)).toBeGreaterThanOrEqual(3)
    }
  })
})
