import { describe, expect, it } from 'vitest'
import { kilometersBetween, planFleet, CENTRE } from './city.ts'
import { expectedOutcome, planTrips, type TripPlan } from './plan.ts'
import { seededRandom } from './random.ts'

const fleet = (size = 20) => planFleet(seededRandom(1, 'fleet'), size)
const types = (size = 20) => fleet(size).map((member) => member.vehicleClass)

function countPayments(plans: readonly TripPlan[]) {
  const count = (is: (plan: TripPlan['paying'], ending: TripPlan['ending']) => boolean): number =>
    plans.filter(({ paying, ending }) => is(paying, ending)).length
  return {
    card: count(({ method }) => method === 'card'),
    mobile: count(({ method }) => method === 'mobile_money'),
    cash: count(({ method }) => method === 'cash'),
    code: count((paying) => paying.method === 'cash' && paying.isByCode),
    declined: count((paying) => paying.method !== 'cash' && paying.isDeclinedFirst),
    withoutChange: count(
      (paying, ending) => paying.method === 'cash' && !paying.hasChange && ending === 'delivered',
    ),
  }
}

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

  it('[SI15] 40 % are paid by card, 10 % by mobile money, the rest in cash, half of it by code', () => {
    for (const trips of [1, 2, 5, 10, 20, 37, 100]) {
      for (let seed = 0; seed < 50; seed++) {
        const by = countPayments(planTrips(seed, trips, types()))
        expect(by).toMatchObject({ card: Math.round(trips * 0.4), mobile: Math.round(trips * 0.1) })
        expect(by.card + by.mobile + by.cash).toBe(trips)
        expect(Math.abs(by.cash - 2 * by.code)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('[SI15] from 5 trips on a card is declined, a driver has no change, and a paid trip is called off', () => {
    for (const trips of [5, 6, 10, 20, 100]) {
      for (let seed = 0; seed < 50; seed++) {
        const plans = planTrips(seed, trips, types())
        const by = countPayments(plans)
        expect(by.declined).toBeGreaterThanOrEqual(1)
        expect(by.declined).toBeLessThanOrEqual(trips * 0.2)
        expect(by.withoutChange).toBeGreaterThanOrEqual(1)
        const isPaidForNothing = ({ ending, paying }: TripPlan): boolean =>
          ending !== 'delivered' && paying.method !== 'cash'
        expect(plans.some(isPaidForNothing)).toBe(true)
      }
    }
    expect(countPayments(planTrips(1, 4, types()))).toMatchObject({ declined: 0, withoutChange: 0 })
  })

  it('[SI5] a trip goes somewhere', () => {
    for (const { pickup, destination } of planTrips(5, 300, types())) {
      expect(pickup.name).not.toBe(destination.name)
      expect(kilometersBetween(pickup, destination)).toBeGreaterThanOrEqual(3)
    }
  })
})
