import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { north, takeTrip } from '../../../test/driving.ts'
import { createWorld, JOHANNESBURG, type World } from '../../../test/world.ts'
import { reportFix } from './report-fix.ts'
import { reportTrail } from './report-trail.ts'
import { Roster } from './roster.ts'
import { viewTrail } from './view-trail.ts'
import { flushTrail } from './write-trail.ts'

let world: World
beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  await world.close()
  expect(world.faults).toEqual([])
})

describe('any order', () => {
  type Delivery = { readonly index: number; readonly how: 'live' | 'late'; readonly isWritten: boolean }

  const delivery = (count: number): fc.Arbitrary<Delivery[]> => {
    const of = (index: number) =>
      fc.record({
        index: fc.constant(index),
        how: fc.constantFrom('live' as const, 'live' as const, 'late' as const),
        isWritten: fc.constantFrom(false, false, false, true),
      })
    const once = fc.tuple(...Array.from({ length: count }, (_, index) => of(index)))
    const again = fc.array(fc.nat(count - 1).chain(of), { maxLength: count })
    return fc.tuple(once, again).chain(([each, more]) =>
      fc.shuffledSubarray([...each, ...more], {
        minLength: each.length + more.length,
        maxLength: each.length + more.length,
      }),
    )
  }
  const plan = fc
    .tuple(
      fc.array(fc.integer({ min: 60, max: 180 }), { minLength: 3, maxLength: 12 }),
      fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
    )
    .chain(([steps, outliers]) =>
      fc.record({
        steps: fc.constant(steps),
        outliers: fc.constant(new Set(outliers)),
        deliveries: delivery(steps.length),
      }),
    )

  it('[LO21] [LO23] [LO26] of readings, some twice and some late, ends at the newest that can be, each once in the trail', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, outliers, deliveries }) => {
        const roster = new Roster(world.platform)
        const { driverId, tripId } = await takeTrip(world, roster)
        const start = roster.drive(driverId).job!.acceptedAt
        const platform = { ...world.platform, clock: { now: () => new Date(start + 60_000) } }
        const flush = () => flushTrail(platform, roster.trail)
        let meters = 0
        const readings = steps.map((step, n) => ({
          // Far from everything else, so that no three of them agree.
          ...north((meters += step) + (outliers.has(n) ? 500_000 * (n + 1) : 0)),
          ...{ session: 'a', n, deviceAt: start + 1 + n * 4_000 },
        }))
        for (const { index, how, isWritten } of deliveries) {
          const reading = readings[index]!
          if (how === 'live') reportFix(platform, roster, driverId, reading)
          else reportTrail(platform, roster, driverId, [reading])
          if (isWritten) await flush()
        }
        await flush()
        const good = readings.filter(({ n }) => !outliers.has(n))
        const live = good.findLast(({ n }) =>
          deliveries.some((each) => each.index === n && each.how === 'live'),
        )
        const { latitude } = world.platform.positions.lastFix(driverId)!
        expect(latitude).toBe((live ?? JOHANNESBURG).latitude)
        const trail = await viewTrail(world.platform, { role: 'driver', accountId: driverId }, tripId)
        expect(trail.points.map((each) => each.latitude)).toEqual(good.map((each) => each.latitude))
      }),
      { numRuns: 25 },
    )
  })
})
