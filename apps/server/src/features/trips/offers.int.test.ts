import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import type { CustomerId, DriverId, OfferId } from '../../kernel/index.ts'
import { acceptOffer } from './accept-offer.ts'
import { cancelTrip } from './cancel-trip.ts'
import { expireOffers } from './expire-offers.ts'
import type { Trip } from './model/trip.ts'
import { offerTrip } from './offer-trip.ts'
import { rejectOffer } from './reject-offer.ts'
import { getTrip, viewOpenOffer } from './view-trip.ts'

let world: World
beforeAll(async () => (world = await createWorld({ settings: { maxOpenTrips: 2 } })))
afterAll(() => world.close())

let customer: CustomerId
let driver: DriverId
let trip: Trip
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
  trip = await world.requestTrip(customer)
})

const stateOf = async (offerId: OfferId) =>
  (await world.db.single.selectFrom('offer').select('state').where('id', '=', offerId).executeTakeFirst())
    ?.state
const makeDue = (offerId: OfferId) =>
  sql`update offer set expires_at = clock_timestamp() where id = ${offerId}`.execute(world.db.single)
const statusOf = async () =>
  (await getTrip(world.platform, { role: 'customer', accountId: customer }, trip.id)).status
const kindsToldTo = async (account: CustomerId | DriverId) =>
  (
    await world.db.single
      .selectFrom('news')
      .select('kind')
      .where('account_id', '=', account)
      .orderBy('seq')
      .execute()
  ).map((row) => row.kind)

describe('offering', () => {
  it('[OF6] needs an approved, online, free driver of the class', async () => {
    const refused = async (who: DriverId) =>
      expect(offerTrip(world.platform, customer, trip.id, who)).rejects.toMatchObject({
        code: 'driver-unavailable',
      })
    await refused(await world.addDriver({ isApproved: false }))
    await refused(await world.addDriver({ at: null }))
    await refused(await world.addDriver({ vehicleClass: 'truck-4t' }))
    const stale = await world.addDriver()
    world.platform.positions.report(stale, { latitude: -26, longitude: 28, at: Date.now() - 61_000 })
    await refused(stale)
    const busy = await world.addDriver()
    const other = await world.addCustomer()
    await acceptOffer(
      world.platform,
      busy,
      await world.offer(other, (await world.requestTrip(other)).id, busy),
    )
    await refused(busy)
  })

  it('[OF6] needs a payment', async () => {
    await sql`delete from payment where trip_id = ${trip.id}`.execute(world.db.single)
    await expect(offerTrip(world.platform, customer, trip.id, driver)).rejects.toMatchObject({
      code: 'payment-missing',
    })
  })

  it('[OF7] the same driver again is a repeat, another one has to wait', async () => {
    await world.offer(customer, trip.id, driver)
    await offerTrip(world.platform, customer, trip.id, driver)
    const rows = await world.db.single
      .selectFrom('offer')
      .select('id')
      .where('trip_id', '=', trip.id)
      .execute()
    expect(rows).toHaveLength(1)
    await expect(offerTrip(world.platform, customer, trip.id, await world.addDriver())).rejects.toMatchObject(
      {
        code: 'offer-pending',
      },
    )
  })

  it('[OF2] a driver who thinks about one trip is not asked about another', async () => {
    await world.offer(customer, trip.id, driver)
    const other = await world.addCustomer()
    await expect(
      offerTrip(world.platform, other, (await world.requestTrip(other)).id, driver),
    ).rejects.toMatchObject({ code: 'driver-unavailable' })
  })

  it('[TR7] more open trips than allowed are refused until one ends', async () => {
    await world.offer(customer, trip.id, driver)
    await world.offer(customer, (await world.requestTrip(customer)).id, await world.addDriver())
    const third = await world.requestTrip(customer)
    const another = await world.addDriver()
    await expect(offerTrip(world.platform, customer, third.id, another)).rejects.toMatchObject({
      code: 'too-many-open-trips',
    })
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    await offerTrip(world.platform, customer, third.id, another)
  })

  it("[TR10] nobody offers somebody else's trip", async () => {
    await expect(offerTrip(world.platform, await world.addCustomer(), trip.id, driver)).rejects.toMatchObject(
      {
        code: 'not-found',
      },
    )
  })
})

describe('answering', () => {
  it('[OF1] [OF10] an accept ends the offer, takes the trip and is told to both sides', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    expect(await acceptOffer(world.platform, driver, offerId)).toMatchObject({
      status: 'accepted',
      driverId: driver,
      version: 2,
    })
    expect(await stateOf(offerId)).toBe('accepted')
    expect(await kindsToldTo(customer)).toEqual(['trip.changed'])
    expect(await kindsToldTo(driver)).toEqual(['offer.opened', 'trip.changed'])
  })

  it('[OF5] only the driver who was asked can answer, and only once', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    const stranger = await world.addDriver()
    await expect(acceptOffer(world.platform, stranger, offerId)).rejects.toMatchObject({ code: 'not-found' })
    await expect(rejectOffer(world.platform, stranger, offerId)).rejects.toMatchObject({ code: 'not-found' })
    await acceptOffer(world.platform, driver, offerId)
    await expect(acceptOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
    await expect(rejectOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
  })

  it('[OF3] an accept at the deadline loses, even before the sweep has come by', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    await makeDue(offerId)
    await expect(acceptOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
    await expect(rejectOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
    expect(await stateOf(offerId)).toBe('open')
    expect(await statusOf()).toBe('pending')
  })

  it('[OF9] [OF10] a rejected offer frees driver and trip at once', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    await rejectOffer(world.platform, driver, offerId)
    expect(await stateOf(offerId)).toBe('rejected')
    expect(await statusOf()).toBe('pending')
    expect(await kindsToldTo(customer)).toEqual(['offer.ended'])
    await world.offer(customer, trip.id, driver)
    expect(await viewOpenOffer(world.platform, driver)).toMatchObject({ tripId: trip.id })
  })

  it('[OF1] the end of an offer cannot be rewritten', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    await rejectOffer(world.platform, driver, offerId)
    await expect(
      sql`update offer set state = 'accepted' where id = ${offerId}`.execute(world.db.single),
    ).rejects.toMatchObject({ code: '23514' })
  })
})

describe('time', () => {
  it('[OF4] [OF9] a due offer expires, is told to both, and the quote lives on', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    await makeDue(offerId)
    await expireOffers(world.platform)
    expect(await stateOf(offerId)).toBe('expired')
    expect(await statusOf()).toBe('pending')
    expect(await kindsToldTo(customer)).toEqual(['offer.ended'])
    expect(await kindsToldTo(driver)).toEqual(['offer.opened', 'offer.ended'])
    await world.offer(customer, trip.id, driver)
  })

  it('[OF4] the sweep knows when the next offer is due and leaves those that are not', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    expect(await expireOffers(world.platform)).toBeLessThanOrEqual(250)
    expect(await stateOf(offerId)).toBe('open')
  })

  it('[OF8] cancelling withdraws the open offer and tells the driver', async () => {
    const offerId = await world.offer(customer, trip.id, driver)
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    expect(await stateOf(offerId)).toBe('withdrawn')
    expect(await kindsToldTo(driver)).toEqual(['offer.opened', 'offer.ended'])
    await expect(acceptOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
  })
})
