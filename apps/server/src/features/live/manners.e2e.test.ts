import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connectLive, nextFrame, shortToken, tellOften } from '../../../test/live-peer.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { renewEpoch } from '../../platform/news-epoch.ts'
import { acceptOffer } from '../trips/index.ts'

describe('the manners of /v1/live', () => {
  let server: LiveServer
  beforeAll(async () => {
    server = await startLiveServer()
  })
  afterAll(() => server.close())

  async function newCustomer() {
    const accountId = await server.addCustomer()
    return { accountId, token: await server.signIn(accountId) }
  }

  it('[LV6] too many frames that are none close by 4500', async () => {
    const { socket } = await connectLive(server, (await newCustomer()).token)
    for (let n = 0; n < 10; n++) socket.send('nonsense')
    for (let n = 0; n < 10; n++) expect(await nextFrame(socket)).toMatchObject({ t: 'problem' })
    expect(await socket.closed()).toBe(4500)
  })

  it('[LV15] commands over the limit are answered 429, and the socket stays open', async () => {
    const { socket } = await connectLive(server, (await newCustomer()).token)
    for (let n = 0; n < 60; n++) socket.send({ t: 'cmd', id: randomUUID(), op: 'nothing', args: {} })
    const answers = []
    for (let n = 0; n < 60; n++) answers.push(await nextFrame(socket, 'res'))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThanOrEqual(20)
    expect(refused[0]).toMatchObject({ ok: false, problem: { code: 'too-many-requests', retryable: true } })
    expect(socket.isOpen()).toBe(true)
  })

  it('[LV15] of many fixes at once the first and the newest count', async () => {
    const [customerId, driverId] = [await server.addCustomer(), await server.addDriver()]
    const { socket: driver } = await connectLive(server, await server.signIn(driverId))
    driver.send({ t: 'loc', latitude: -26.2, longitude: 28 })
    const trip = await server.requestTrip(customerId)
    await acceptOffer(server.platform, driverId, await server.offer(customerId, trip.id, driverId))
    const { socket } = await connectLive(server, await server.signIn(customerId))
    socket.send({ t: 'watch', tripId: trip.id })
    await nextFrame(socket, 'loc')
    const seen: number[] = []
    for (let n = 1; n <= 20; n++) driver.send({ t: 'loc', latitude: -26.2 + n / 1_000, longitude: 28 })
    while (seen.at(-1) !== -26.18) seen.push(Number((await nextFrame(socket, 'loc'))['latitude']))
    expect(seen.length).toBeLessThanOrEqual(2)
  })

  it('[LV16] a newer socket of the same device takes over, and no other', async () => {
    const { token } = await newCustomer()
    const other = await connectLive(server, (await newCustomer()).token, { device: 'phone' })
    const older = await connectLive(server, token, { device: 'phone' })
    const tablet = await connectLive(server, token, { device: 'tablet' })
    const nameless = await connectLive(server, token)
    const newer = await connectLive(server, token, { device: 'phone' })
    expect(await older.socket.closed()).toBe(4505)
    for (const { socket } of [other, tablet, nameless, newer]) expect(socket.isOpen()).toBe(true)
    await connectLive(server, token, { device: 'phone' })
    expect(await newer.socket.closed()).toBe(4505)
  })

  it('[LV17] says when the token is about to expire, takes a fresh one, and closes by 4005 without', async () => {
    const { accountId, token } = await newCustomer()
    const renewing = await connectLive(server, await shortToken(server, accountId, 2))
    const idle = await connectLive(server, await shortToken(server, accountId, 2))
    expect(await nextFrame(renewing.socket)).toEqual({
      t: 'auth-required',
      by: renewing.welcome['expiresAt'],
    })
    renewing.socket.send({ t: 'auth', token })
    const renewed = await nextFrame(renewing.socket, 'auth')
    expect(Date.parse(String(renewed['expiresAt']))).toBeGreaterThan(Date.now() + 3_000_000)
    expect(await idle.socket.closed()).toBe(4005)
    expect(renewing.socket.isOpen()).toBe(true)

    renewing.socket.send({ t: 'auth', token: (await newCustomer()).token })
    expect(await renewing.socket.closed()).toBe(4501)
  })

  it('[LV18] speaks toota.v1, and whoever offers only others is refused by HTTP 400', async () => {
    const { token } = await newCustomer()
    const open = (protocols: string[]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${server.address.replace('http', 'ws')}/v1/live`, protocols, {
          headers: { authorization: `Bearer ${token}` },
        })
        socket.on('error', () => undefined)
        socket.once('open', () => {
          resolve(socket.protocol)
          socket.close()
        })
        socket.once('unexpected-response', (_, response) => resolve(`HTTP ${response.statusCode}`))
      })
    expect(await open(['toota.v1'])).toBe('toota.v1')
    expect(await open(['graphql-ws', 'toota.v1'])).toBe('toota.v1')
    expect(await open(['toota.v2', 'secret'])).toBe('HTTP 400')
    expect(await open([])).toBe('')
  })

  it('[LV12] another numbering closes the open sockets by 4004, and they begin anew', async () => {
    const own = await startLiveServer()
    const accountId = await own.addCustomer()
    const token = await own.signIn(accountId)
    const { socket, welcome } = await connectLive(own, token)
    await renewEpoch(own.db.single)
    expect(await socket.closed()).toBe(4004)
    const place = { epoch: welcome['epoch'], seq: welcome['seq'] }
    const again = await connectLive(own, token, { resume: place })
    expect(again.welcome['epoch']).not.toBe(place.epoch)
    expect(await nextFrame(again.socket)).toEqual({ t: 'reset', reason: 'epoch' })
    await nextFrame(again.socket, 'snapshot')
    await tellOften(own, accountId, 1)
    expect(await nextFrame(again.socket)).toMatchObject({ t: 'evt', seq: 1 })
    await own.close()
  })

  it('[LV19] says when the database is away and when it is back, and stays open', async () => {
    const own = await startLiveServer()
    const { socket } = await connectLive(own, await own.signIn(await own.addCustomer()))
    await sql`alter table stream rename to stream_away`.execute(own.db.single)
    expect(await nextFrame(socket)).toEqual({ t: 'degraded', why: 'database' })
    await sql`alter table stream_away rename to stream`.execute(own.db.single)
    expect(await nextFrame(socket)).toEqual({ t: 'degraded', why: 'none' })
    await own.close()
  })

  it('[LV20] a stop says drain, is not ready, lets nobody in, and closes by 4001 who is still there', async () => {
    const own = await startLiveServer({}, { DRAIN_SECONDS: '2' })
    const token = await own.signIn(await own.addCustomer())
    const [leaving, staying] = [await connectLive(own, token), await connectLive(own, token)]
    const classic = await own.connect('/ws/trips/user/request/', token)
    const stopped = own.stop()
    expect(await nextFrame(leaving.socket)).toEqual({ t: 'drain', afterMs: 2_000 })
    leaving.socket.close()
    expect((await fetch(`${own.address}/readyz`)).status).toBe(503)
    await expect(own.connect('/v1/live', token)).rejects.toThrow('HTTP 503')
    expect(await classic.closed()).toBe(1012)
    expect(await nextFrame(staying.socket)).toMatchObject({ t: 'drain' })
    expect(await staying.socket.closed()).toBe(4001)
    await stopped
    await own.close()
  })
})
