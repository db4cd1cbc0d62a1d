import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, JOHANNESBURG, SANDTON, type World } from '../../../test/world.ts'
import { expireQuotes } from './expire-quotes.ts'
import { choosePayment } from '../payments/index.ts'
import { requestTrip } from './request-trip.ts'
import { getTrip } from './view-trip.ts'

let world: World
beforeAll(async () => (world = await createWorld()))
afterAll(() => world.close())

const pickup = { ...JOHANNESBURG, address: '1 Commissioner Street' }
const destination = { ...SANDTON, address: '5 Rivonia Road' }

describe('requesting a trip', () => {
  it('[TR1] keeps its fare, currency and tariff when the operator sets a new tariff', async () => {
    const customer = await world.addCustomer()
    const trip = await world.requestTrip(customer, 'truck-8t')
    await sql`insert into tariff (market, vehicle_class, version, currency, base_minor, per_km_minor, per_minute_minor,
                peak_percent, peak_from, peak_to, is_placeholder)
              values ('ZA', 'truck-8t', 2, 'ZAR', 990000, 1000, 200, 150, '18:00', '06:00', false)`.execute(
      world.db.single,
    )

    const later = await getTrip(world.platform, { role: 'customer', accountId: customer }, trip.id)
    expect(later).toMatchObject({ fare: trip.fare, tariffId: trip.tariffId })
    await expect(
      sql`update trip set fare_minor = 1 where id = ${trip.id}`.execute(world.db.single),
    ).rejects.toMatchObject({ code: '23514' })
    const next = await world.requestTrip(customer, 'truck-8t')
    expect(next.fare.amountMinor).toBeGreaterThan(990_000)
    expect(next.tariffId).not.toBe(trip.tariffId)
  })

  it('[TR12] a request that fails half-way leaves no row', async () => {
    const stranger = await world.addCustomer()
    const count = async () =>
      (await sql<{ n: number }>`select count(*)::int as n from trip`.execute(world.db.single)).rows[0]?.n
    const before = await count()
    const halfway = requestTrip(
      {
        ...world.platform,
        news: {
          listen: () => Promise.reject(new Error('unused')),
          position: () => Promise.reject(new Error('unused')),
          since: () => Promise.reject(new Error('unused')),
          append: () => Promise.reject(new Error('the news are lost')),
        },
      },
      stranger,
      { pickup, destination, vehicleClass: 'bakkie', loadDescription: '' },
    )
    await expect(halfway).rejects.toThrow('the news are lost')
    const tooLong = requestTrip(world.platform, stranger, {
      pickup: { ...pickup, address: 'x'.repeat(256) },
      destination,
      vehicleClass: 'bakkie',
      loadDescription: '',
    })
    await expect(tooLong).rejects.toThrow()
    expect(await count()).toBe(before)
  })

  it('[TR8] of more than 50 quotes the oldest lapses', async () => {
    const customer = await world.addCustomer()
    const first = await world.requestTrip(customer)
    for (let n = 0; n < 50; n++) {
      await requestTrip(world.platform, customer, {
        pickup,
        destination,
        vehicleClass: 'bakkie',
        loadDescription: '',
      })
    }
    const pending = await sql<{ n: number }>`
      select count(*)::int as n from trip where customer_id = ${customer} and status = 'pending'`.execute(
      world.db.single,
    )
    expect(pending.rows[0]?.n).toBe(50)
    expect(await getTrip(world.platform, { role: 'customer', accountId: customer }, first.id)).toMatchObject({
      status: 'expired',
    })
  })

  it('[TR8] a quote lapses once its time is over, but not while a driver is being asked', async () => {
    const customer = await world.addCustomer()
    const driver = await world.addDriver()
    const [due, asked] = [await world.requestTrip(customer), await world.requestTrip(customer)]
    await world.offer(customer, asked.id, driver)
    await sql`update trip set quote_expires_at = clock_timestamp() - interval '1 second'
              where id in (${due.id}, ${asked.id})`.execute(world.db.single)
    await expireQuotes(world.platform)
    const status = async (id: typeof due.id) =>
      (await getTrip(world.platform, { role: 'customer', accountId: customer }, id)).status
    expect(await status(due.id)).toBe('expired')
    expect(await status(asked.id)).toBe('pending')
  })
})

describe('paying in cash', () => {
  it('[PA1] [PA4] owes the fare once, however often it is chosen', async () => {
    const customer = await world.addCustomer()
    const trip = await world.requestTrip(customer)
    await choosePayment(world.platform, customer, trip.id, 'cash')
    const rows = await world.db.single
      .selectFrom('payment')
      .selectAll()
      .where('trip_id', '=', trip.id)
      .execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ method: 'cash', status: 'pending', amount_minor: trip.fare.amountMinor })
  })

  it('[TR10] nobody pays for somebody else', async () => {
    const trip = await world.requestTrip(await world.addCustomer())
    await expect(
      choosePayment(world.platform, await world.addCustomer(), trip.id, 'cash'),
    ).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
