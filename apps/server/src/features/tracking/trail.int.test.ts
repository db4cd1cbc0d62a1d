import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { north, takeTrip, type UnderWay } from '../../../test/driving.ts'
import { createWorld, JOHANNESBURG, type World } from '../../../test/world.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { acceptOffer, advanceTrip, cancelTrip } from '../trips/index.ts'
import { reportFix } from './report-fix.ts'
import { reportTrail } from './report-trail.ts'
import { Roster } from './roster.ts'
import { turnTrail } from './turn-trail.ts'
import { viewTrail } from './view-trail.ts'
import { watchPace } from './watch-pace.ts'
import { flushTrail, writeTrail } from './write-trail.ts'

let world: World
let roster: Roster
let now: number
beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  await world.close()
  expect(world.faults).toEqual([])
})
beforeEach(() => {
  roster = new Roster(world.platform)
  now = Date.now()
})

const platform = () => ({ ...world.platform, clock: { now: () => new Date(now) } })
/** A millisecond later than the one before. */
const report = (driverId: DriverId, meters: number, more: object = {}) => {
  now++
  return reportFix(platform(), roster, driverId, { ...north(meters), ...more })
}
const flush = () => flushTrail(platform(), roster.trail)

async function onTheWay(): Promise<UnderWay> {
  const scene = await takeTrip(world, roster)
  now = Date.now() - 500
  return scene
}

async function end({ driverId, tripId }: UnderWay): Promise<void> {
  await cancelTrip(world.platform, tripId, { role: 'driver', accountId: driverId })
  await expect.poll(() => roster.drive(driverId).job).toBeUndefined()
}

const trailOf = async ({ customerId, tripId }: UnderWay) => {
  const { points } = await viewTrail(world.platform, { role: 'customer', accountId: customerId }, tripId)
  return points.map(({ latitude }) => Math.round((latitude - JOHANNESBURG.latitude) * 111_195))
}

describe('the trail of a trip', () => {
  it('[LO25] begins with the accept and ends with the trip', async () => {
    const [customerId, driverId] = [await world.addCustomer(), await world.addDriver()]
    await roster.enter(driverId)
    report(driverId, 0)
    const { id: tripId } = await world.requestTrip(customerId)
    const offerId = await world.offer(customerId, tripId, driverId)
    await expect.poll(() => world.platform.positions.listing(driverId)?.engagedWith).toBe(customerId)
    report(driverId, 100)
    await acceptOffer(world.platform, driverId, offerId)
    await expect.poll(() => roster.drive(driverId).job?.status).toBe('accepted')
    now = Date.now() - 500
    for (const meters of [200, 300, 310, 400]) report(driverId, meters)
    await end({ customerId, driverId, tripId })
    now = Date.now() + 1
    report(driverId, 500)
    await flush()
    expect(await trailOf({ customerId, driverId, tripId })).toEqual([200, 300, 400])
    expect(roster.trail.counts()).toMatchObject({ written: 3, ownerless: 0 })
  })

  it('[LO25] keeps nothing that was heard after the end, even where this process has not heard of the end', async () => {
    const scene = await onTheWay()
    report(scene.driverId, 100)
    const job = roster.drive(scene.driverId).job
    await end(scene)
    now = Date.now() + 1
    roster.drive(scene.driverId).take(job)
    report(scene.driverId, 200)
    await flush()
    expect(await trailOf(scene)).toEqual([100])
    expect(roster.trail.counts()).toMatchObject({ ownerless: 1 })
  })

  it('[LO26] takes late points after the trip, for the trip that they are of, once, and moves nobody', async () => {
    const first = await onTheWay()
    const acceptedAt = roster.drive(first.driverId).job!.acceptedAt
    await expect.poll(() => Date.now()).toBeGreaterThan(acceptedAt + 20)
    await end(first)
    now = Date.now() - 500
    report(first.driverId, 1_900, { deviceAt: now })
    const late = [-60_000, 5, 10, 15, 60_000].map((ms, n) => ({
      ...{ ...north(100 * n), session: 'a', n, deviceAt: acceptedAt + ms },
    }))
    now += 60_000
    for (let n = 0; n < 2; n++)
      expect(reportTrail(platform(), roster, first.driverId, [...late].reverse())).toBe(5)
    await flush()
    reportTrail(platform(), roster, first.driverId, late)
    await flush()
    expect(await trailOf(first)).toEqual([100, 200, 300])
    expect(world.platform.positions.lastFix(first.driverId)?.latitude).toBe(north(1_900).latitude)
    expect(roster.trail.counts()).toMatchObject({ written: 3, ownerless: 6 })
    // Older than a week: of no use to anybody.
    expect(
      reportTrail(platform(), roster, first.driverId, [{ ...north(0), deviceAt: now - 8 * 86_400_000 }]),
    ).toBe(0)
  })

  it('[LO7] [LO30] costs no statement a fix; hundreds are written by a few statements', async () => {
    const scene = await onTheWay()
    const before = world.db.statementCount()
    for (let n = 0; n < 499; n++) report(scene.driverId, 60 * n, { session: 'a', n })
    now += 9_000
    await writeTrail(platform(), roster.trail)
    expect(world.db.statementCount()).toBe(before)
    report(scene.driverId, 60 * 499, { session: 'a', n: 499 })
    await writeTrail(platform(), roster.trail)
    // The trips' spans, then begin, the day's partition, one insert, commit.
    expect(world.db.statementCount() - before).toBeLessThanOrEqual(5)
    expect(await trailOf(scene)).toHaveLength(500)
  })

  it('[LO31] waits while the database is away, and is written once when it is back', async () => {
    const scene = await onTheWay()
    report(scene.driverId, 100)
    report(scene.driverId, 200)
    await sql`alter table trip_trail rename to trail_away`.execute(world.db.single)
    await expect(flush()).rejects.toThrow('trip_trail')
    report(scene.driverId, 300)
    await sql`alter table trail_away rename to trip_trail`.execute(world.db.single)
    await flush()
    await flush()
    expect(await trailOf(scene)).toEqual([100, 200, 300])
  })

  it('[LO29] says how far he has driven, to the two sides of the trip and to staff, and is not there for others', async () => {
    const scene = await onTheWay()
    for (const meters of [0, 1000, 400]) report(scene.driverId, meters, { accuracyMeters: 12.5, speedMps: 9 })
    await flush()
    const see = (role: 'customer' | 'driver' | 'staff', accountId: CustomerId | DriverId) =>
      viewTrail(world.platform, { role, accountId }, scene.tripId)
    const seen = await see('customer', scene.customerId)
    expect(seen).toMatchObject({ driverId: scene.driverId, distanceMeters: 1600, isThinned: false })
    expect(seen.points[0]).toMatchObject({ accuracyMeters: 12.5, headingDegrees: null, speedMps: 9 })
    expect(await see('driver', scene.driverId)).toEqual(seen)
    expect(await see('staff', await world.addCustomer())).toEqual(seen)
    for (const [role, id] of [
      ['customer', await world.addCustomer()],
      ['driver', await world.addDriver()],
      ['driver', scene.customerId],
      ['customer', scene.driverId],
    ] as const)
      await expect(see(role, id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('[LO29] of a trip that nobody has taken is empty', async () => {
    const customerId = await world.addCustomer()
    const { id } = await world.requestTrip(customerId)
    expect(await viewTrail(world.platform, { role: 'customer', accountId: customerId }, id)).toMatchObject({
      driverId: null,
      distanceMeters: 0,
      points: [],
    })
  })
})

describe('the days of the trails', () => {
  const days = async () => {
    const { rows } = await sql<{ day: string }>`
      select right(inhrelid::regclass::text, 8) as day from pg_inherits
      where inhparent = 'trip_trail'::regclass order by day`.execute(world.db.single)
    return rows.map(({ day }) => day)
  }
  const dayFromNow = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
  const plain = (day: string) => day.replaceAll('-', '')

  it('[LO32] are made ahead, and dropped after TRAIL_RETENTION_DAYS', async () => {
    const [kept, old] = [dayFromNow(-90), dayFromNow(-91)]
    await sql`select trip_trail_open(${[kept, old]}::date[])`.execute(world.db.single)
    expect(await days()).toContain(plain(old))
    await turnTrail(world.platform)
    await turnTrail(world.platform)
    const there = await days()
    expect(there).toEqual(expect.arrayContaining([kept, dayFromNow(0), dayFromNow(2)].map(plain)))
    expect(there).not.toContain(plain(old))
  })

  it('[LO32] are made when a trip of a day without one is written, by many processes at once', async () => {
    const scene = await onTheWay()
    now = Date.now()
    for (const day of await days())
      await sql`drop table ${sql.table(`trip_trail_${day}`)}`.execute(world.db.single)
    const rosters = await Promise.all(
      [1, 2, 3].map(async (n) => {
        const other = new Roster(world.platform)
        await other.enter(scene.driverId)
        reportFix(platform(), other, scene.driverId, { ...north(100 * n), deviceAt: now + n })
        return other
      }),
    )
    await Promise.all(rosters.map((each) => flushTrail(platform(), each.trail)))
    expect(await trailOf(scene)).toEqual([100, 200, 300])
    // And again where one is taken for granted that is gone.
    for (const day of await days())
      await sql`drop table ${sql.table(`trip_trail_${day}`)}`.execute(world.db.single)
    const [known] = rosters
    reportFix(platform(), known!, scene.driverId, { ...north(500), deviceAt: now + 60 })
    await expect(flushTrail(platform(), known!.trail)).rejects.toThrow('no partition')
    await flushTrail(platform(), known!.trail)
    expect(await trailOf(scene)).toEqual([500])
  })
})

describe('the pace of a phone', () => {
  it('[LO27] is told at once, and when it changes, whoever changes it', async () => {
    const told: string[] = []
    const driverId = await world.addDriver()
    const stop = watchPace(world.platform, roster, driverId, ({ why }) => told.push(why))
    await roster.enter(driverId)
    expect(told).toEqual(['idle'])
    const customerId = await world.addCustomer()
    const { id } = await world.requestTrip(customerId)
    await acceptOffer(world.platform, driverId, await world.offer(customerId, id, driverId))
    await expect.poll(() => told).toEqual(['idle', 'near-pickup'])
    report(driverId, 2_000)
    report(driverId, 1_990)
    report(driverId, 100)
    expect(told).toEqual(['idle', 'near-pickup', 'moving', 'near-pickup'])
    await advanceTrip(world.platform, driverId, id, 'arrived_pickup')
    await expect.poll(() => told.at(-1)).toBe('moving')
    now += 120_000
    report(driverId, 110)
    expect(told.at(-1)).toBe('idle')
    stop()
    report(driverId, 3_000)
    expect(told.at(-1)).toBe('idle')
  })
})
