import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient, type ApiAnswer } from '../api-client.ts'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { JOHANNESBURG, SANDTON } from '../people.ts'
import { until } from '../races/observer.ts'
import { startOwnDatabase, type OwnDatabase } from './own-database.ts'

const TRIP = {
  pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
  destination: { ...SANDTON, address: '5 Rivonia Road' },
  vehicleClass: 'bakkie',
  loadDescription: 'two sofas',
}

describe('PostgreSQL', { timeout: 60_000 }, () => {
  let database: OwnDatabase
  let server: LiveServer
  let call: ReturnType<typeof createApiClient>
  beforeAll(async () => {
    database = await startOwnDatabase()
    const db = database.open()
    server = await startLiveServer({}, {}, { db, url: database.url, drop: () => db.close() })
    call = createApiClient(server)
  })
  afterEach(() => database.proxy.heal())
  afterAll(async () => {
    await server.close()
    await database.close()
  })

  const request = (
    token: string,
    key: string = randomUUID(),
    load = TRIP.loadDescription,
  ): Promise<ApiAnswer> => call('POST', '/trips', { token, key, body: { ...TRIP, loadDescription: load } })
  const statusOf = async (path: string): Promise<number> => (await fetch(server.address + path)).status

  /** Looks past everything that is broken. */
  async function look<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: database.directUrl() })
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  const tripsOf = async (customerId: string): Promise<string[]> =>
    (await look<{ id: string }>('select id from trip where customer_id = $1', [customerId])).map(
      ({ id }) => id,
    )

  /** A driver on his way with a customer who watches him. */
  async function onTheWay() {
    const [customerId, driverId] = [await server.addCustomer(), await server.addDriver()]
    const trip = await server.requestTrip(customerId)
    const offerId = await server.offer(customerId, trip.id, driverId)
    const [customer, driver] = [await server.signIn(customerId), await server.signIn(driverId)]
    const mine = await server.connect('/v1/live', customer)
    mine.send({ t: 'hello', v: 1 })
    await mine.find({ t: 'welcome' })
    const theirs = await server.connect('/v1/live', driver)
    theirs.send({ t: 'hello', v: 1 })
    await theirs.find({ t: 'welcome' })
    const accepted = await call('POST', `/offers/${offerId}/acceptance`, { token: driver, key: randomUUID() })
    expect(accepted.status).toBe(200)
    await mine.find({ t: 'evt', kind: 'trip.changed' })
    theirs.send({ t: 'loc', ...JOHANNESBURG })
    mine.send({ t: 'watch', tripId: trip.id })
    await mine.find({ t: 'loc' })
    return { tripId: trip.id, customer, driver, mine, theirs }
  }

  it('[FT20] crashes: 503, sockets stay and positions go on, and it goes on by itself with everything acknowledged', async () => {
    const { tripId, customer, driver, mine, theirs } = await onTheWay()
    await database.crash()
    const refused = await request(customer)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect([await statusOf('/readyz'), await statusOf('/healthz')]).toEqual([503, 200])
    await mine.find({ t: 'degraded', why: 'database' })
    theirs.send({ t: 'loc', latitude: -26.2, longitude: 28.04 })
    await mine.find({ t: 'loc', latitude: -26.2 })

    await database.restart()
    await until(async () => (await statusOf('/readyz')) === 200)
    await mine.find({ t: 'degraded', why: 'none' })
    const step = { token: driver, body: { status: 'en_route' } }
    expect((await call('POST', `/trips/${tripId}/status`, step)).status).toBe(200)
    await mine.find({ t: 'evt', kind: 'trip.changed', seq: 2 })
    expect([mine.isOpen(), theirs.isOpen()]).toEqual([true, true])
    expect((await request(customer)).status).toBe(201)
  })

  it('[FT21] the connection is lost during COMMIT: not known is not failed, and a repeat finds out', async () => {
    const customerId = await server.addCustomer()
    const customer = await server.signIn(customerId)
    const key = randomUUID()
    database.proxy.add('upstream', { type: 'cut_after', text: 'commit\0' })
    expect((await request(customer, key)).status).toBe(503)
    await until(async () => (await tripsOf(customerId)).length === 1)
    database.proxy.heal()
    const again = await request(customer, key)
    expect([again.status, again.body['id']]).toEqual([201, (await tripsOf(customerId))[0]])
    expect(await tripsOf(customerId)).toHaveLength(1)
  })

  it('[FT21] the connection is lost before COMMIT: nothing happened, and a repeat does it', async () => {
    const customerId = await server.addCustomer()
    const customer = await server.signIn(customerId)
    const key = randomUUID()
    // A statement that was prepared before is not sent again, but what it inserts is.
    const load = 'a piano that never arrives'
    database.proxy.add('upstream', { type: 'cut_after', text: load })
    expect((await request(customer, key, load)).status).toBe(503)
    expect(await tripsOf(customerId)).toEqual([])
    database.proxy.heal()
    expect((await request(customer, key, load)).status).toBe(201)
    expect(await tripsOf(customerId)).toHaveLength(1)
  })

  it('[FT22] is slow: everything is answered, later', async () => {
    const customers = await Promise.all(
      Array.from({ length: 20 }, async () => server.signIn(await server.addCustomer())),
    )
    database.proxy.add('downstream', { type: 'latency', ms: 60, jitterMs: 40 })
    const answers = await Promise.all(customers.map((token) => request(token)))
    expect(answers.map(({ status }) => status)).toEqual(customers.map(() => 201))
  })

  it('[FT22] a lock that stays: deadlines turn it into 503, positions go on, and no connection stays behind', async () => {
    const { customer, mine, theirs } = await onTheWay()
    const locker = new pg.Client({ connectionString: database.directUrl() })
    await locker.connect()
    await locker.query('begin; lock table trip in access exclusive mode')
    try {
      const start = performance.now()
      // More than there are connections, by both ways: in a transaction and by a single statement.
      const waiting = Array.from({ length: 24 }, (_, n) =>
        n % 2 ? request(customer) : call('GET', '/trips', { token: customer }),
      )
      theirs.send({ t: 'loc', latitude: -26.19, longitude: 28.04 })
      await mine.find({ t: 'loc', latitude: -26.19 })
      const answers = await Promise.all(waiting)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
      expect(performance.now() - start).toBeLessThan(12_000)
      // Whoever needs nothing that is locked is served while the lock is still held.
      expect((await call('GET', '/me', { token: customer })).status).toBe(200)
    } finally {
      await locker.query('rollback')
      await locker.end()
    }
    expect((await request(customer)).status).toBe(201)
    expect([mine.isOpen(), theirs.isOpen()]).toEqual([true, true])
  })

  it('[FT23] a black hole on the way: nothing waits for ever, and it goes on when the way is open', async () => {
    const { customer, mine } = await onTheWay()
    database.proxy.add('downstream', { type: 'timeout', ms: 0 })
    expect((await request(customer)).status).toBe(503)
    expect(await statusOf('/healthz')).toBe(200)
    database.proxy.heal()
    database.proxy.cut()
    await until(async () => (await request(customer)).status === 201)
    expect(mine.isOpen()).toBe(true)
  })
})
