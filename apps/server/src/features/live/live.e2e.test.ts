import { ServerFrame } from '@toota/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../test/api-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import type { Json, TestSocket } from '../../../test/test-socket.ts'
import { acceptOffer, advanceTrip, cancelTrip } from '../trips/index.ts'

describe('/v1/live', () => {
  let server: LiveServer
  beforeAll(async () => {
    server = await startLiveServer()
  })
  afterAll(() => server.close())

  /** A socket that has said hello and heard its welcome. */
  async function connect(token: string, hello: Json = {}): Promise<{ socket: TestSocket; welcome: Json }> {
    const socket = await server.connect('/v1/live', token)
    socket.send({ t: 'hello', v: 1, ...hello })
    const welcome = await next(socket)
    expect(welcome['t']).toBe('welcome')
    return { socket, welcome }
  }

  /** The next frame that is no heartbeat; every frame must be one of the documented ones. */
  async function next(socket: TestSocket): Promise<Json> {
    for (;;) {
      const frame = ServerFrame.parse(await socket.next()) as Json
      if (frame['t'] !== 'pos') return frame
    }
  }

  async function newPair() {
    const customerId = await server.addCustomer()
    const driverId = await server.addDriver()
    return {
      customerId,
      driverId,
      customer: await server.signIn(customerId),
      driver: await server.signIn(driverId),
    }
  }

  it('[LV1] welcomes by the header and by the token of the hello', async () => {
    const { customerId, customer } = await newPair()
    const { welcome } = await connect(customer)
    expect(welcome).toMatchObject({ accountId: customerId, role: 'customer', seq: 0 })

    const socket = await server.connect('/v1/live')
    socket.send({ t: 'hello', v: 1, token: customer })
    expect(await next(socket)).toMatchObject({ t: 'welcome', accountId: customerId })
  })

  it('[LV1] welcomes by a ticket, which works once', async () => {
    const { customerId, customer } = await newPair()
    const call = createApiClient(server)
    const { body } = await call('POST', '/tickets', { token: customer })
    const path = `/v1/live?ticket=${String(body['ticket'])}`
    const socket = await server.connect(path)
    socket.send({ t: 'hello', v: 1 })
    expect(await next(socket)).toMatchObject({ t: 'welcome', accountId: customerId })
    await expect(server.connect(path)).rejects.toThrow('HTTP 401')
  })

  it('[LV7] an ended session closes its sockets by 4504, also one that came by its hello, and no other', async () => {
    const { customer, customerId } = await newPair()
    const other = await connect(await server.signIn(customerId))
    const byHeader = await connect(customer)
    const byHello = await server.connect('/v1/live')
    byHello.send({ t: 'hello', v: 1, token: customer })
    await next(byHello)
    await createApiClient(server)('DELETE', '/sessions/current', { token: customer })
    expect(await byHeader.socket.closed()).toBe(4504)
    expect(await byHello.closed()).toBe(4504)
    expect(other.socket.isOpen()).toBe(true)
  })

  it('[LV8] an account has at most MAX_SOCKETS_PER_ACCOUNT of them', async () => {
    const { customer } = await newPair()
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connect(customer)))
    const surplus = await server.connect('/v1/live', customer)
    surplus.send({ t: 'hello', v: 1 })
    expect(await surplus.closed()).toBe(4507)
    sockets[0]?.socket.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await connect(customer)
  })

  it('[LV8] who leaves while his hello is being looked at is not counted for ever', async () => {
    const { customer } = await newPair()
    for (let n = 0; n < 25; n++) {
      const socket = await server.connect('/v1/live')
      socket.send({ t: 'hello', v: 1, token: customer })
      socket.close()
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    await connect(customer)
  })

  it('[LV3] a changed profile is told in a documented event', async () => {
    const { customer } = await newPair()
    const { socket } = await connect(customer)
    await createApiClient(server)('PATCH', '/me', { token: customer, body: { firstName: 'Zanele' } })
    expect(await next(socket)).toMatchObject({ t: 'evt', seq: 1, kind: 'profile.changed' })
  })

  it('[LV2] closes without a token, with a bad one, with a frame before the hello; refuses a bad header', async () => {
    const { customer } = await newPair()
    await expect(server.connect('/v1/live', 'nonsense')).rejects.toThrow('HTTP 401')
    await expect(server.connect(`/v1/live?token=${customer}`, 'x')).rejects.toThrow('HTTP 401')
    for (const first of [
      { t: 'hello', v: 1 },
      { t: 'hello', v: 1, token: 'nonsense' },
      { t: 'loc', latitude: 1, longitude: 1 },
    ]) {
      const socket = await server.connect(`/v1/live?token=${customer}`)
      socket.send(first)
      expect(await socket.closed()).toBe(4501)
    }
  })

  it('[LV2] closes when no hello comes', { timeout: 15_000 }, async () => {
    const socket = await server.connect('/v1/live')
    await new Promise((resolve) => setTimeout(resolve, 4_500))
    expect(socket.isOpen()).toBe(true)
    expect(await socket.closed()).toBe(4502)
  })

  it('[LV3] tells both sides each step once and in order, and what was missed after a reconnect', async () => {
    const { customerId, driverId, customer, driver } = await newPair()
    const theirs = await connect(driver)
    const mine = await connect(customer)
    const trip = await server.requestTrip(customerId)
    const offerId = await server.offer(customerId, trip.id, driverId)
    expect(await next(theirs.socket)).toMatchObject({
      t: 'evt',
      seq: 1,
      kind: 'offer.opened',
      data: { offerId },
    })
    await acceptOffer(server.platform, driverId, offerId)
    expect(await next(mine.socket)).toMatchObject({
      seq: 1,
      kind: 'trip.changed',
      data: { status: 'accepted' },
    })
    mine.socket.close()

    await advanceTrip(server.platform, driverId, trip.id, 'arrived_pickup')
    await advanceTrip(server.platform, driverId, trip.id, 'loaded')
    const back = await connect(customer, { resume: { epoch: mine.welcome['epoch'], seq: 1 } })
    const heard = [await next(back.socket), await next(back.socket), await next(back.socket)]
    expect(heard.map((frame) => [frame['seq'], frame['kind']])).toEqual([
      [2, 'trip.changed'],
      [3, 'payment.received'],
      [4, 'trip.changed'],
    ])
    expect(back.welcome['seq']).toBe(4)
  })

  it('[LV3] loses and repeats nothing while events come in during the resume', async () => {
    const { customerId, customer } = await newPair()
    const change = async () => {
      const trip = await server.requestTrip(customerId)
      await cancelTrip(server.platform, trip.id, { role: 'customer', accountId: customerId })
    }
    for (let n = 0; n < 5; n++) await change()
    const changes = Promise.all(Array.from({ length: 10 }, change))
    const { welcome } = await connect(customer)
    const { socket } = await connect(customer, { resume: { epoch: welcome['epoch'], seq: 2 } })
    await changes
    const heard: unknown[] = []
    while (heard.at(-1) !== 15) heard.push((await next(socket))['seq'])
    expect(heard).toEqual(Array.from({ length: 13 }, (_, n) => n + 3))
  })

  it('[LV4] a stranger hears nothing of it and may watch nothing', async () => {
    const { customerId, driverId } = await newPair()
    const other = await newPair()
    const { socket } = await connect(other.customer)
    const trip = await server.requestTrip(customerId)
    await acceptOffer(server.platform, driverId, await server.offer(customerId, trip.id, driverId))
    socket.send({ t: 'watch', tripId: trip.id })
    expect(await next(socket)).toMatchObject({ t: 'problem', code: 'not-found' })
    socket.send({ t: 'loc', latitude: -26, longitude: 28 })
    expect(await next(socket)).toMatchObject({ t: 'problem', code: 'wrong-role' })
  })

  it('[LV5] the customer sees where the driver is until the trip ends', async () => {
    const { customerId, driverId, customer, driver } = await newPair()
    const theirs = await connect(driver)
    theirs.socket.send({ t: 'loc', latitude: -26.2, longitude: 28.05 })
    const { socket } = await connect(customer)
    const trip = await server.requestTrip(customerId)
    await acceptOffer(server.platform, driverId, await server.offer(customerId, trip.id, driverId))
    await socket.find({ kind: 'trip.changed' })
    socket.send({ t: 'watch', tripId: trip.id })
    expect(await next(socket)).toMatchObject({ t: 'loc', tripId: trip.id, driverId, latitude: -26.2 })
    theirs.socket.send({ t: 'loc', latitude: -26.19, longitude: 28.05 })
    expect(await next(socket)).toMatchObject({ t: 'loc', latitude: -26.19 })

    await cancelTrip(server.platform, trip.id, { role: 'customer', accountId: customerId })
    expect(await next(socket)).toMatchObject({ kind: 'trip.changed', data: { status: 'cancelled' } })
    theirs.socket.send({ t: 'loc', latitude: -26.18, longitude: 28.05 })
    theirs.socket.send({ t: 'loc', latitude: 0, longitude: 0 })
    await theirs.socket.find({ t: 'problem' })
    socket.send('{}')
    expect(await next(socket)).toMatchObject({ t: 'problem' })
  })

  it('[LV6] complains of what it does not know and stays open; another version closes', async () => {
    const { customer } = await newPair()
    const { socket } = await connect(customer)
    for (const frame of [
      'ping',
      '[]',
      '{"t":"fly"}',
      '{"t":"loc","latitude":200,"longitude":0}',
      '{"t":"hello","v":1}',
    ]) {
      socket.send(frame)
      expect(await next(socket)).toMatchObject({ t: 'problem', code: 'invalid-request' })
    }
    socket.send({ t: 'hello', v: 2 })
    expect(await socket.closed()).toBe(4506)
    const other = await connect(customer)
    other.socket.sendRaw(Buffer.from([1, 2]))
    expect(await other.socket.closed()).toBe(1003)
  })
})
