import { DriverLoc, Pace } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../test/api-client.ts'
import { north } from '../../../test/driving.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import type { TestSocket } from '../../../test/test-socket.ts'
import type { DriverId } from '../../kernel/index.ts'
import { acceptOffer } from '../trips/index.ts'
import { searchAgain } from '../trips/search-again.ts'

describe('where a driver is and was', () => {
  let database: TestDatabase
  let server: LiveServer
  const start = () => startLiveServer({}, {}, { ...database, drop: () => Promise.resolve() })
  beforeAll(async () => {
    database = await createTestDatabase()
    server = await start()
  })
  afterAll(async () => {
    await server.close()
    await database.drop()
  })

  async function say(token: string): Promise<TestSocket> {
    const socket = await server.connect('/v1/live', token)
    socket.send({ t: 'hello', v: 1 })
    await socket.find({ t: 'welcome' })
    return socket
  }

  it('[LV5] [TR15] a trip whose driver was taken off is watched anew with the next one', async () => {
    const customerId = await server.addCustomer()
    const [first, second] = [await server.addDriver(), await server.addDriver()]
    const mine = await say(await server.signIn(customerId))
    const trip = await server.requestTrip(customerId)
    const take = async (driverId: DriverId): Promise<void> => {
      await acceptOffer(server.platform, driverId, await server.offer(customerId, trip.id, driverId))
      mine.send({ t: 'watch', tripId: trip.id })
      expect(await mine.find({ t: 'loc' })).toMatchObject({ tripId: trip.id, driverId })
    }
    await take(first)
    await sql`update trip set concern = 'dark', concern_at = clock_timestamp() where id = ${trip.id}`.execute(
      server.db.single,
    )
    await searchAgain(server.platform, customerId, trip.id)
    await mine.find({ t: 'evt', kind: 'trip.changed', seq: 2 })
    await take(second)
  })

  it('[LO21] [LO26] [LO27] [LO29] [LO33] goes over /v1/live and is there after a stop', async () => {
    const [customerId, driverId] = [await server.addCustomer(), await server.addDriver({ at: null })]
    const [customer, driver] = [await server.signIn(customerId), await server.signIn(driverId)]
    const theirs = await say(driver)
    const mine = await say(customer)
    let n = 0
    const report = async (meters: number, more: object = {}) => {
      theirs.send({
        ...{ t: 'loc', ...north(meters), s: 'a', n: ++n, at: new Date().toISOString(), speedMps: 12 },
        ...more,
      })
      // Two a second are heard, and of more only the newest.
      await new Promise((resolve) => setTimeout(resolve, 550))
    }
    await report(3_000)
    expect(Pace.parse(await theirs.find({ t: 'pace' }))).toMatchObject({ why: 'idle', everySeconds: 20 })

    const trip = await server.requestTrip(customerId)
    await acceptOffer(server.platform, driverId, await server.offer(customerId, trip.id, driverId))
    expect(Pace.parse(await theirs.find({ t: 'pace' }))).toMatchObject({ why: 'moving', everySeconds: 4 })
    mine.send({ t: 'watch', tripId: trip.id })
    await mine.find({ t: 'loc', n: 1 })
    const acceptedAt = new Date().toISOString()
    await report(2_000)
    // Overtaken: a point of the trail, and no place where he is.
    await report(2_500, { n: 1 })
    await report(900_000)
    await report(400)
    expect(DriverLoc.parse(await mine.find({ t: 'loc', n: 5 }))).toMatchObject({
      latitude: north(400).latitude,
      speedMps: 12,
    })
    expect(Pace.parse(await theirs.find({ t: 'pace' }))).toMatchObject({ why: 'near-pickup' })
    theirs.send({ t: 'trail', s: 'a', fixes: [{ n: 3, at: acceptedAt, ...north(1_200) }] })
    theirs.send({ t: 'fly' })
    await theirs.find({ t: 'problem' })

    await server.close()
    server = await start()
    const { status, body } = await createApiClient(server)('GET', `/trips/${trip.id}/trail`, {
      token: customer,
    })
    expect(status).toBe(200)
    const { driverId: of, points } = body as { driverId: string; points: { latitude: number }[] }
    expect(of).toBe(driverId)
    expect(new Set(points.map(({ latitude }) => latitude))).toEqual(
      new Set([2_000, 2_500, 1_200, 400].map((meters) => north(meters).latitude)),
    )
    expect(points).toHaveLength(4)
  })

  it('[LO1] [LO26] goes over HTTP too', async () => {
    const call = createApiClient(server)
    const token = await server.signIn(await server.addDriver())
    const at = new Date().toISOString()
    const put = (body: object) => call('PUT', '/me/position', { token, body })
    expect((await put({ ...north(0), s: 'a', n: 1, at, accuracyMeters: 5 })).status).toBe(204)
    expect((await put({ latitude: 0, longitude: 0 })).status).toBe(400)
    expect((await put({ ...north(0), altitude: 3 })).status).toBe(400)
    const post = (fixes: object[]) => call('POST', '/me/trail', { token, body: { fixes } })
    expect((await post([{ ...north(0), at }])).status).toBe(204)
    expect((await post([north(0)])).status).toBe(400)
    const withNul = { s: 'a\0', fixes: [{ ...north(0), at }] }
    expect((await call('POST', '/me/trail', { token, body: withNul })).status).toBe(400)
    expect((await post(Array.from({ length: 101 }, () => ({ ...north(0), at })))).status).toBe(400)
  })
})
