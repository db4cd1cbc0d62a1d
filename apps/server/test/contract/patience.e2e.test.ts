import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { addPair, ask } from './kit/desk.ts'
import { joinDriver, newPlace } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'

/** What takes the times of the contract: half a minute and more. */
let server: Server
beforeAll(async () => (server = await startServer({ OFFER_TIMEOUT_SECONDS: '' })))
afterAll(() => server.stop())

const wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))

describe.concurrent('what takes half a minute', { timeout: 60_000 }, () => {
  it('[CT6] §3.5 no answer in 30 s, which is the default: "Driver did not respond", once', async () => {
    const { request, response, tripId } = await ask(server, await addPair(server))
    const askedAt = Date.now()
    await wait(28)
    expect(await request.drained()).toEqual([])
    expect(await request.next()).toMatchObject({
      message: 'Driver did not respond - select another driver',
      trip_id: tripId,
    })
    const seconds = (Date.now() - askedAt) / 1000
    expect(seconds).toBeGreaterThan(29)
    expect(seconds).toBeLessThan(33)
    expect(await response.next()).toEqual({ type: 'offer_expired', trip_id: tripId })
    expect(await request.drained()).toEqual([])
  })

  it('[CT6] §3.1 ping again and again, never more than 30 s apart', async () => {
    const driver = await joinDriver(server)
    const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws/driver/location/`, {
      headers: { authorization: `Bearer ${driver.access}` },
    })
    const seconds: number[] = []
    socket.on('message', (data: Buffer) => {
      expect(data.toString()).toBe('{"type":"ping"}')
      seconds.push(Date.now() / 1000)
    })
    await new Promise((opened) => socket.once('open', opened))
    await wait(38)
    socket.terminate()
    expect(seconds.length).toBeGreaterThanOrEqual(2)
    for (const [index, second] of seconds.entries())
      expect(second - (seconds[index - 1] ?? second)).toBeLessThan(31.5)
  })

  it('[CT6] §3.1 a client that answers no protocol ping for 40 s keeps its connection', async () => {
    const driver = await joinDriver(server)
    const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws/driver/location/`, {
      headers: { authorization: `Bearer ${driver.access}` },
      autoPong: false,
    })
    await new Promise((opened) => socket.once('open', opened))
    await wait(40)
    const heard = new Promise<string>((hear) =>
      socket.on('message', (data: Buffer) => {
        if (!data.toString().includes('ping')) hear(data.toString())
      }),
    )
    socket.send(JSON.stringify(newPlace()))
    expect(JSON.parse(await heard)).toMatchObject({ driver_id: driver.id })
    socket.terminate()
  })

  it('[CT8] T:passenger_request_after_payment.py: a protocol ping each 20 s has its pong within 10 s', async () => {
    const { user } = await addPair(server)
    const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws/trips/user/request/`, {
      headers: { authorization: `Bearer ${user.access}` },
    })
    await new Promise((opened) => socket.once('open', opened))
    for (const round of ['first', 'second']) {
      const pong = new Promise<string>((heard) =>
        socket.once('pong', (data: Buffer) => heard(data.toString())),
      )
      socket.ping(round)
      expect(await Promise.race([pong, wait(10)])).toBe(round)
      if (round === 'first') await wait(20)
    }
    socket.terminate()
  })
})
