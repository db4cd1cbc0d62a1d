import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import type { Json, TestSocket } from '../../../test/test-socket.ts'
import { newId } from '../../kernel/index.ts'

describe('commands over /v1/live', () => {
  let server: LiveServer
  beforeAll(async () => {
    server = await startLiveServer()
  })
  afterAll(() => server.close())

  async function connect(token: string): Promise<TestSocket> {
    const socket = await server.connect('/v1/live', token)
    socket.send({ t: 'hello', v: 1 })
    return socket
  }

  /** The answer to a command, past whatever else is told meanwhile. */
  async function ask(
    socket: TestSocket,
    op: string,
    args: object = {},
    id: string = randomUUID(),
  ): Promise<Json> {
    socket.send({ t: 'cmd', id, op, args })
    for (;;) {
      const frame = await socket.next()
      if (frame['t'] === 'res' && frame['id'] === id) return frame
    }
  }

  async function newPair() {
    const [customerId, driverId] = [await server.addCustomer(), await server.addDriver()]
    const [customer, driver] = [await server.signIn(customerId), await server.signIn(driverId)]
    return { customerId, driverId, customer, driver }
  }

  const overHttp = async (path: string, token: string, key: string, body?: unknown) => {
    const response = await fetch(`${server.address}/v1${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': key,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }

  const PLACE = { address: '1 Commissioner Street', latitude: -26.2041, longitude: 28.0473 }
  const SANDTON = { address: '5 Rivonia Road', latitude: -26.1076, longitude: 28.0567 }

  it('[LV40] take a trip from its request to its end, as the routes would', async () => {
    const { driverId, customer, driver } = await newPair()
    const [mine, theirs] = [await connect(customer), await connect(driver)]
    const requested = await ask(mine, 'requestTrip', {
      body: { vehicleClass: 'bakkie', pickup: PLACE, destination: SANDTON },
    })
    expect(requested).toMatchObject({ ok: true, status: 201, data: { status: 'pending' } })
    const params = { tripId: String((requested['data'] as Json)['id']) }
    expect(await ask(mine, 'payTrip', { params, body: { method: 'cash' } })).toMatchObject({ ok: true })
    const offered = await ask(mine, 'offerTrip', { params, body: { driverId } })
    const offerId = String((offered['data'] as Json)['id'])
    expect(await ask(theirs, 'acceptOffer', { params: { offerId } })).toMatchObject({
      ok: true,
      data: { status: 'accepted', driverId },
    })
    for (const status of ['arrived_pickup', 'loaded', 'completed'])
      expect(await ask(theirs, 'reportStatus', { params, body: { status } })).toMatchObject({
        ok: true,
        data: { status },
      })
    const trip = await server.request('GET', `/v1/trips/${params.tripId}`, { token: customer })
    expect(trip.body).toMatchObject({ status: 'completed' })
  })

  it('[LV40] are refused as the routes refuse', async () => {
    const { customer, driver } = await newPair()
    const [mine, theirs] = [await connect(customer), await connect(driver)]
    expect(await ask(theirs, 'requestTrip', { body: {} })).toMatchObject({
      ok: false,
      status: 403,
      problem: { code: 'wrong-role' },
    })
    expect(await ask(mine, 'requestTrip', { body: { vehicleClass: 'tank' } })).toMatchObject({
      ok: false,
      status: 400,
      problem: { code: 'invalid-request' },
    })
    expect(await ask(theirs, 'acceptOffer', { params: { offerId: newId() } })).toMatchObject({
      ok: false,
      status: 404,
    })
  })

  it('[LV41] have one effect and one answer, however often and by whichever road they come', async () => {
    const { customerId, customer, driverId, driver } = await newPair()
    const trip = await server.requestTrip(customerId)
    const offerId = await server.offer(customerId, trip.id, driverId)
    const theirs = await connect(driver)
    const id = randomUUID()
    const first = await ask(theirs, 'acceptOffer', { params: { offerId } }, id)
    expect(first).toMatchObject({ ok: true, data: { status: 'accepted', version: 2 } })
    const again = await ask(await connect(driver), 'acceptOffer', { params: { offerId } }, id)
    expect(again).toEqual(first)
    expect(await overHttp(`/offers/${offerId}/acceptance`, driver, id)).toEqual({
      status: 200,
      body: first['data'],
    })
    // With another key it is another acceptance, and comes too late.
    expect(await ask(theirs, 'acceptOffer', { params: { offerId } })).toMatchObject({
      ok: false,
      status: 409,
    })

    const key = randomUUID()
    const body = { vehicleClass: 'bakkie', pickup: PLACE, destination: SANDTON }
    const made = await overHttp('/trips', customer, key, body)
    expect(await ask(await connect(customer), 'requestTrip', { body }, key)).toMatchObject({
      ok: true,
      status: 201,
      data: { id: made.body['id'] },
    })
  })

  it('[LV41] saying no, confirming cash and cancelling may be repeated as well', async () => {
    const { customerId, customer, driverId, driver } = await newPair()
    const trip = await server.requestTrip(customerId)
    const [mine, theirs] = [await connect(customer), await connect(driver)]
    const twice = async (socket: TestSocket, op: string, args: object): Promise<void> => {
      const id = randomUUID()
      const first = await ask(socket, op, args, id)
      expect(first).toMatchObject({ ok: true })
      expect(await ask(socket, op, args, id)).toEqual(first)
    }
    const params = { tripId: trip.id }
    await twice(theirs, 'rejectOffer', {
      params: { offerId: await server.offer(customerId, trip.id, driverId) },
    })
    await twice(theirs, 'acceptOffer', {
      params: { offerId: await server.offer(customerId, trip.id, driverId) },
    })
    await twice(mine, 'confirmCash', { params, body: { paidMinor: trip.fare.amountMinor } })
    await twice(mine, 'cancelTrip', { params, body: {} })
  })

  it('[LV41] a step that was taken is answered again as it was, also when the trip has gone on', async () => {
    const { customerId, driverId, driver } = await newPair()
    const trip = await server.requestTrip(customerId)
    const offerId = await server.offer(customerId, trip.id, driverId)
    const theirs = await connect(driver)
    await ask(theirs, 'acceptOffer', { params: { offerId } })
    const id = randomUUID()
    const report = (status: string, as?: string) =>
      ask(theirs, 'reportStatus', { params: { tripId: trip.id }, body: { status } }, as)
    const first = await report('arrived_pickup', id)
    await report('loaded')
    expect(await report('arrived_pickup', id)).toEqual(first)
    expect(await report('arrived_pickup')).toMatchObject({
      ok: false,
      problem: { code: 'illegal-transition' },
    })
  })

  it('[LV42] that are none leave the socket open', async () => {
    const { customer } = await newPair()
    const mine = await connect(customer)
    for (const op of ['getTrip', 'logOut', 'nonsense', '__proto__'])
      expect(await ask(mine, op)).toMatchObject({ ok: false, status: 404 })
    expect(await ask(mine, 'cancelTrip')).toMatchObject({ ok: false, status: 400 })
    expect(await ask(mine, 'cancelTrip', { params: { tripId: '../me' } })).toMatchObject({ ok: false })
    expect(mine.isOpen()).toBe(true)
  })

  it('[LV43] nobody outside passes for who commands, and an ended session commands nothing', async () => {
    const response = await fetch(`${server.address}/v1/trips`, {
      method: 'POST',
      headers: { 'x-toota-command': 'undefined', 'idempotency-key': 'k', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(401)

    const { customerId, customer } = await newPair()
    const mine = await connect(customer)
    const trip = await server.requestTrip(customerId)
    await sql`update session set revoked_at = clock_timestamp(), revoked_because = 'test' where account_id = ${customerId}`.execute(
      server.db.single,
    )
    expect(await ask(mine, 'cancelTrip', { params: { tripId: trip.id }, body: {} })).toMatchObject({
      ok: false,
      problem: { code: 'not-authenticated' },
    })
  })
})
