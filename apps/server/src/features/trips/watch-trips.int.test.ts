import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, JOHANNESBURG, SANDTON, type World } from '../../../test/world.ts'
import type { CustomerId, DriverId, Point } from '../../kernel/index.ts'
import type { News } from '../../platform/news.ts'
import { stateCash } from '../payments/index.ts'
import { acceptOffer } from './accept-offer.ts'
import { advanceTrip } from './advance-trip.ts'
import type { Trip } from './model/trip.ts'
import { searchAgain } from './search-again.ts'
import { findTrip } from './trip-store.ts'
import { getTrip } from './view-trip.ts'
import { TripWatch } from './watch-trips.ts'

let world: World
let now: number
let watch: TripWatch
let customer: CustomerId
let driver: DriverId
let trip: Trip
beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  await world.close()
  expect(world.faults).toEqual([])
})
beforeEach(async () => {
  now = Date.now()
  watch = new TripWatch({ ...world.platform, clock: { now: () => new Date(now) } })
  ;[customer, driver] = [await world.addCustomer(), await world.addDriver({ at: SANDTON })]
  trip = await world.requestTrip(customer)
  trip = await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
})

const report = (point: Point) => world.platform.positions.report(driver, { ...point, at: now })
const later = async (minutes: number, point?: Point): Promise<void> => {
  now += minutes * 60_000
  if (point) report(point)
  await watch.look()
}
const current = async () => (await findTrip(world.db.single, trip.id)) as Trip
const kind = async () => (await current()).concern?.kind

describe('a driver under way', () => {
  it('[TR14] in the dark is noticed once, told to both sides, and so is his return', async () => {
    const heard: [string, unknown][] = []
    const hear = (who: string) => (item: News) => {
      if (item.kind === 'trip.concern') heard.push([who, (item.data as { concern: unknown }).concern])
    }
    const stops = [
      await world.news.listen(customer, hear('customer')),
      await world.news.listen(driver, hear('driver')),
    ]
    await later(0, SANDTON)
    await later(1)
    expect(await kind()).toBeUndefined()
    await later(2)
    await later(0.25)
    expect(await kind()).toBe('dark')
    await later(0.25, JOHANNESBURG)
    expect(await kind()).toBeUndefined()
    for (const who of ['customer', 'driver'])
      expect(heard.filter(([each]) => each === who)).toEqual([
        [who, 'dark'],
        [who, null],
      ])
    expect((await current()).version).toBe(trip.version)
    for (const stop of stops) stop()
  })

  it('[TR14] who stands still worries us only until he says that he is there', async () => {
    for (let minute = 0; minute < 11; minute++) await later(1, SANDTON)
    expect(await kind()).toBe('stalled')
    await advanceTrip(world.platform, driver, trip.id, 'arrived_pickup')
    expect(await kind()).toBeUndefined()
    await later(1, SANDTON)
    expect(await kind()).toBeUndefined()
  })

  it('[TR14] two processes that look at once note it once', async () => {
    await later(0, SANDTON)
    const other = new TripWatch({ ...world.platform, clock: { now: () => new Date(now) } })
    await other.look()
    now += 5 * 60_000
    const before = await world.news.position(customer)
    await Promise.all([watch.look(), other.look()])
    await Promise.all([watch.look(), other.look()])
    expect(await kind()).toBe('dark')
    expect(await world.news.position(customer)).toBe(before + 1)
  })

  it('[TR15] is taken off by his customer, is free, and the trip goes to another', async () => {
    await expect(searchAgain(world.platform, customer, trip.id)).rejects.toMatchObject({
      code: 'driver-on-the-way',
    })
    await later(0, SANDTON)
    await later(3)
    const released = await searchAgain(world.platform, customer, trip.id)
    expect(released).toMatchObject({ status: 'pending', driverId: null, concern: null, fare: trip.fare })
    await expect(
      getTrip(world.platform, { role: 'driver', accountId: driver }, trip.id),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await searchAgain(world.platform, customer, trip.id)).toMatchObject({ version: released.version })

    const other = await world.addDriver({ at: JOHANNESBURG })
    const again = await acceptOffer(world.platform, other, await world.offer(customer, trip.id, other))
    expect(again).toMatchObject({ status: 'accepted', driverId: other })
    const next = await world.requestTrip(customer)
    now = Date.now()
    report(SANDTON)
    await acceptOffer(world.platform, driver, await world.offer(customer, next.id, driver))
  })

  it('[TR15] is not taken off by a stranger, nor once he has arrived', async () => {
    await later(0, SANDTON)
    await later(3)
    const stranger = await world.addCustomer()
    await expect(searchAgain(world.platform, stranger, trip.id)).rejects.toMatchObject({ code: 'not-found' })
    await advanceTrip(world.platform, driver, trip.id, 'arrived_pickup')
    await later(3)
    expect(await kind()).toBe('dark')
    await expect(searchAgain(world.platform, customer, trip.id)).rejects.toMatchObject({
      code: 'illegal-transition',
    })
  })

  it('[TR16] is taken off by itself in the end, unless he was given cash', async () => {
    await later(0, SANDTON)
    await later(3)
    await age(31)
    await later(0)
    expect(await current()).toMatchObject({ status: 'pending', driverId: null })

    driver = await world.addDriver({ at: SANDTON })
    trip = await world.requestTrip(customer)
    trip = await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
    await stateCash(world.platform, driver, trip.id)
    now = Date.now()
    await later(0, SANDTON)
    await later(3)
    await age(31)
    await later(0)
    expect(await current()).toMatchObject({ status: 'accepted', driverId: driver })
  })

  /** By the database's clock. */
  const age = (minutes: number) =>
    sql`update trip set concern_at = concern_at - make_interval(mins => ${minutes}) where id = ${trip.id}`.execute(
      world.db.single,
    )
})
