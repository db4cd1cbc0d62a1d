import { TRIP_STATUSES, type TripStatus } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { acceptOffer } from './accept-offer.ts'
import { advanceTrip } from './advance-trip.ts'
import { cancelTrip } from './cancel-trip.ts'
import { TRANSITIONS, type Trip } from './model/trip.ts'
import { stateCash } from '../payments/index.ts'
import { getTrip, viewTrip } from './view-trip.ts'

let world: World
beforeAll(async () => (world = await createWorld()))
afterAll(() => world.close())

let customer: CustomerId
let driver: DriverId
let trip: Trip
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
  trip = await world.requestTrip(customer)
  await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
})

const to = (...statuses: TripStatus[]) =>
  statuses.reduce(async (before, status) => {
    await before
    await advanceTrip(world.platform, driver, trip.id, status)
  }, Promise.resolve())
const payment = () =>
  world.db.single.selectFrom('payment').selectAll().where('trip_id', '=', trip.id).executeTakeFirstOrThrow()
const completed = async () =>
  (
    await world.db.single
      .selectFrom('driver')
      .select('trips_completed')
      .where('account_id', '=', driver)
      .executeTakeFirstOrThrow()
  ).trips_completed

describe('advancing', () => {
  it('[TR9] a completed trip frees the driver and is counted once', async () => {
    await to('en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest', 'completed')
    expect((await advanceTrip(world.platform, driver, trip.id, 'completed')).isChanged).toBe(false)
    expect(await completed()).toBe(1)
    const next = await world.requestTrip(customer)
    await acceptOffer(world.platform, driver, await world.offer(customer, next.id, driver))
  })

  it('[TR3] the same status again changes nothing', async () => {
    await to('arrived_pickup')
    const again = await advanceTrip(world.platform, driver, trip.id, 'arrived_pickup')
    expect(again).toMatchObject({ isChanged: false, trip: { version: 3 } })
  })

  it("[TR10] somebody else's trip is not there", async () => {
    const stranger = await world.addDriver()
    await expect(advanceTrip(world.platform, stranger, trip.id, 'en_route')).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(
      cancelTrip(world.platform, trip.id, { role: 'customer', accountId: await world.addCustomer() }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      getTrip(world.platform, { role: 'driver', accountId: stranger }, trip.id),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('[TR4] [TR5] staff frees a stuck driver, with a reason that stays in the history', async () => {
    await to('arrived_pickup', 'loaded', 'in_transit')
    await expect(
      cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer }),
    ).rejects.toMatchObject({ code: 'illegal-transition', details: { from: 'in_transit', to: 'cancelled' } })
    await cancelTrip(world.platform, trip.id, { role: 'staff', reason: 'truck broke down' })
    const events = await world.db.single
      .selectFrom('trip_event')
      .selectAll()
      .where('trip_id', '=', trip.id)
      .orderBy('version')
      .execute()
    expect(events.at(-1)).toMatchObject({
      to_status: 'cancelled',
      actor: 'staff',
      reason: 'truck broke down',
    })
    await expect(advanceTrip(world.platform, driver, trip.id, 'completed')).rejects.toMatchObject({
      code: 'illegal-transition',
    })
  })

  it('[TR11] the history folds to the trip and cannot be changed', async () => {
    await to('arrived_pickup', 'in_transit', 'completed')
    const events = await world.db.single
      .selectFrom('trip_event')
      .selectAll()
      .where('trip_id', '=', trip.id)
      .orderBy('version')
      .execute()
    expect(events.map((event) => [event.version, event.from_status, event.to_status])).toEqual([
      [1, null, 'pending'],
      [2, 'pending', 'accepted'],
      [3, 'accepted', 'arrived_pickup'],
      [4, 'arrived_pickup', 'in_transit'],
      [5, 'in_transit', 'completed'],
    ])
    const now = await getTrip(world.platform, { role: 'driver', accountId: driver }, trip.id)
    expect(events.at(-1)).toMatchObject({
      version: now.version,
      to_status: now.status,
      driver_id: now.driverId,
    })
    await expect(
      sql`delete from trip_event where trip_id = ${trip.id}`.execute(world.db.single),
    ).rejects.toMatchObject({
      code: '23514',
    })
  })
})

describe('the table of steps', () => {
  it('[TR2] says the same in the code and in the database', async () => {
    const { rows } = await sql<{ step: string }>`
      select actor || ' ' || from_status || ' ' || to_status as step from trip_transition`.execute(
      world.db.single,
    )
    const code = Object.entries(TRANSITIONS).flatMap(([actor, moves]) =>
      Object.entries(moves).flatMap(([from, targets]) =>
        targets.map((target) => `${actor} ${from} ${target}`),
      ),
    )
    expect(rows.map((row) => row.step).sort()).toEqual(code.sort())
  })

  it('[TR2] the database refuses every other step, whatever the code does', async () => {
    for (const status of TRIP_STATUSES) {
      const isLegal = status === 'accepted' || TRANSITIONS.driver.accepted?.includes(status)
      const attempt = world.db.transaction(async (tx) => {
        await sql`update trip set status = ${status}, version = version + 1, changed_by = 'driver',
                    ended_at = case when ${status} in ('completed', 'cancelled', 'expired') then clock_timestamp() end
                  where id = ${trip.id}`.execute(tx)
        throw new Error('it went through')
      })
      await expect(attempt, status).rejects.toThrow(
        isLegal && status !== 'accepted' ? 'it went through' : /may not go|without a change|not go from/,
      )
    }
  })
})

describe('cash', () => {
  it("[PA2] only the trip's driver confirms it, once", async () => {
    await expect(stateCash(world.platform, await world.addDriver(), trip.id)).rejects.toMatchObject({
      code: 'not-found',
    })
    await Promise.all(Array.from({ length: 5 }, () => stateCash(world.platform, driver, trip.id)))
    expect(await payment()).toMatchObject({ status: 'success', received_by: driver })
    const told = await world.db.single
      .selectFrom('news')
      .selectAll()
      .where('account_id', '=', customer)
      .where('kind', '=', 'payment.received')
      .execute()
    expect(told).toHaveLength(1)
  })

  it('[PA3] moving on with the load marks it', async () => {
    await to('arrived_pickup')
    expect((await payment()).status).toBe('pending')
    await to('in_transit')
    expect(await payment()).toMatchObject({ status: 'success', received_by: driver })
  })
})

describe('contact details', () => {
  it('[TR13] show while the two have business with each other and not after', async () => {
    const seen = () => viewTrip(world.platform, { role: 'customer', accountId: customer }, trip.id)
    expect((await seen()).driver?.phone).toMatch(/^\+27/)
    await to('arrived_pickup', 'in_transit', 'completed')
    expect((await seen()).driver).toMatchObject({ phone: null, email: null })
    const ofDriver = await viewTrip(world.platform, { role: 'driver', accountId: driver }, trip.id)
    expect(ofDriver.customer).toMatchObject({ phone: null, email: null })
  })

  it('[TR13] wait for the accept when the operator wants that', async () => {
    const platform = {
      ...world.platform,
      settings: { ...world.platform.settings, contactsFrom: 'accept' as const },
    }
    const asked = await world.addDriver()
    const next = await world.requestTrip(customer)
    await world.offer(customer, next.id, asked)
    const viewer = { role: 'driver' as const, accountId: asked }
    expect((await viewTrip(platform, viewer, next.id)).customer.phone).toBeNull()
    expect((await viewTrip(world.platform, viewer, next.id)).customer.phone).toMatch(/^\+27/)
  })
})
