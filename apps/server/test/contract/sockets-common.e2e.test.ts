import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { accept, addPair, type Trip } from './kit/desk.ts'
import { joinDriver, joinUser, NOBODY, type Person } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'
import { altered } from './kit/tokens.ts'

let server: Server
let trip: Trip
let stranger: Person
let rival: Person
beforeAll(async () => {
  server = await startServer()
  ;[trip, stranger, rival] = await Promise.all([
    addPair(server).then((pair) => accept(server, pair)),
    joinUser(server),
    joinDriver(server),
  ])
})
afterAll(() => server.stop())

/** Every address of §3.2, with the roles it is for. */
const addresses = () => {
  const { tripId, driver } = trip
  return [
    ['/ws/driver/location/', 'driver'],
    ['/ws/trips/driver/location/', 'driver'],
    [`/ws/trips/driver/location/${driver.id}/`, 'driver'],
    [`/ws/user/driver/${driver.id}/location/`, 'user'],
    [`/ws/trips/user/location/${driver.id}/`, 'user'],
    ['/ws/trips/user/request/', 'user'],
    ['/ws/trips/user/', 'user'],
    [`/ws/trips/user/request/${driver.id}/`, 'user'],
    ['/ws/trips/driver/response/', 'driver'],
    ['/ws/trips/driver/', 'driver'],
    [`/ws/trips/driver/response/${driver.id}/`, 'driver'],
    [`/ws/trips/driver/status/update/${tripId}/`, 'driver'],
    [`/ws/trips/driver/status/${tripId}/`, 'driver'],
    [`/ws/trips/user/status/${tripId}/`, 'user'],
    ['/ws/trips/drivers/all/', 'user'],
  ] as const
}
const tokenFor = (role: 'driver' | 'user') => trip[role].access

describe.concurrent('§3.1 and §3.2 sockets in common', () => {
  it('[CT6] §3.2 every address opens for its role, slash or not', async () => {
    for (const [path, role] of addresses()) {
      expect(await server.handshake(path, tokenFor(role)), path).toBe(101)
      expect(await server.handshake(path.slice(0, -1), tokenFor(role)), path.slice(0, -1)).toBe(101)
    }
  })

  it('[CT6] §3.1 refusal: no token, a bad one, the other role: HTTP 403 in the handshake', async () => {
    for (const [path, role] of addresses()) {
      const token = tokenFor(role)
      for (const bad of [undefined, 'nonsense', altered(token, { exp: 1 }), trip[role].refresh])
        expect(await server.handshake(path, bad), path).toBe(403)
      expect(await server.handshake(path, tokenFor(role === 'user' ? 'driver' : 'user')), path).toBe(403)
    }
  })

  it('[CT6] §3.1 refusal: unknown and foreign ids alike are HTTP 403', async () => {
    const { tripId, driver } = trip
    for (const id of [tripId, NOBODY, '1', 'nonsense']) {
      expect(await server.handshake(`/ws/trips/user/status/${id}/`, stranger.access), id).toBe(403)
      expect(await server.handshake(`/ws/trips/driver/status/update/${id}/`, rival.access), id).toBe(403)
      expect(await server.handshake(`/ws/trips/driver/status/${id}/`, rival.access), id).toBe(403)
    }
    for (const id of [driver.id, NOBODY, 'nonsense']) {
      expect(await server.handshake(`/ws/trips/driver/location/${id}/`, rival.access), id).toBe(403)
      expect(await server.handshake(`/ws/trips/driver/response/${id}/`, rival.access), id).toBe(403)
    }
    for (const id of [NOBODY, '1', 'nonsense']) {
      expect(await server.handshake(`/ws/user/driver/${id}/location/`, stranger.access), id).toBe(403)
      expect(await server.handshake(`/ws/trips/user/request/${id}/`, stranger.access), id).toBe(403)
    }
  })

  it('[CT6] §3.1 auth: a token in the URL is 403, valid or not', async () => {
    for (const [path, role] of addresses())
      expect(await server.handshake(`${path}?token=${tokenFor(role)}`), path).toBe(403)
  })

  it('[CT6] Decided: a browser opens a socket by a ticket, which works once and for its role only', async () => {
    for (const [path, role] of addresses()) {
      const { status, body } = await server.call('POST', '/auth/ticket/', { token: tokenFor(role) })
      expect(status).toBe(200)
      const address = `${path}?ticket=${String(body['ticket'])}`
      expect(await server.handshake(address), path).toBe(101)
      expect(await server.handshake(address), path).toBe(403)
    }
    const { body } = await server.call('POST', '/auth/ticket', { token: tokenFor('user') })
    expect(await server.handshake(`/ws/driver/location/?ticket=${String(body['ticket'])}`)).toBe(403)
    expect(await server.handshake('/ws/trips/user/request/?ticket=nonsense')).toBe(403)
    expect((await server.call('POST', '/auth/ticket/')).status).toBe(401)
  })

  it('[CT6] §3.1 unknown path: 404', async () => {
    for (const path of ['/ws/', '/ws/nowhere/', '/ws/trips/', '/ws/trips/user/nowhere/1/2/'])
      expect(await server.handshake(path, trip.user.access), path).toBe(404)
  })

  it('[CT6] §3.1 ping: {"type":"ping"} at once on every socket; the driver response socket welcomes before', async () => {
    const welcome = { message: 'Connection established', status: 'connected', driver_id: trip.driver.id }
    for (const [path, role] of addresses()) {
      const socket = await server.socket(path, tokenFor(role))
      const isResponse = /driver\/response|trips\/driver\/$/.test(path)
      expect(await socket.first(isResponse ? 2 : 1), path).toEqual([
        ...(isResponse ? [welcome] : []),
        { type: 'ping' },
      ])
      socket.close()
    }
  })

  it('[CT6] §3.1 a fresh request socket says nothing unasked but pings', async () => {
    for (const path of ['/ws/trips/user/request/', '/ws/trips/user/']) {
      const socket = await server.socket(path, trip.user.access)
      expect(await socket.drained(), path).toEqual([])
      socket.close()
    }
  })

  it('[CT6] §3.1 invalid JSON: an error on every socket, which stays open; the bare word ping is ignored', async () => {
    const error = { error: 'Invalid JSON format' }
    for (const [path, role] of addresses()) {
      const socket = await server.socket(path, tokenFor(role))
      for (const frame of ['{', '', 'null', '3', '[]', '"text"', Buffer.from('{}')]) {
        socket.sendRaw(frame)
        expect(await socket.find(error), `${path} ${String(frame)}`).toEqual(error)
      }
      await socket.drained()
      socket.sendRaw('ping')
      socket.sendRaw('{')
      expect(await socket.next(), path).toEqual(error)
      expect(socket.isOpen()).toBe(true)
      socket.close()
    }
  })

  it('[CT6] Decided: a frame over 16 KB closes 1009', async () => {
    const socket = await server.socket('/ws/trips/user/request/', stranger.access)
    socket.send({ action: 'x'.repeat(17 * 1024) })
    expect(await socket.closed()).toBe(1009)
  })

  it('[CT6] §3.1 protocol pings are answered', async () => {
    const url = server.base.replace('http', 'ws')
    const socket = new WebSocket(`${url}/ws/trips/driver/response/`, {
      headers: { authorization: `Bearer ${rival.access}` },
    })
    await new Promise((opened) => socket.once('open', opened))
    const pong = new Promise<Buffer>((heard) => socket.once('pong', heard))
    socket.ping('still there?')
    expect((await pong).toString()).toBe('still there?')
    socket.terminate()
  })

  it('[CT6] §3.1 several sockets of one account each get their messages', async () => {
    const pair = await addPair(server)
    const phones = await Promise.all(
      [1, 2].map(() => server.socket('/ws/driver/location/', pair.driver.access)),
    )
    phones[0]!.send(pair.at)
    for (const phone of phones) expect(await phone.next()).toMatchObject({ driver_id: pair.driver.id })
  })

  it('[CT6] Decided: 20 sockets per account', async () => {
    const user = await joinUser(server)
    for (let socket = 1; socket <= 20; socket++) await server.socket('/ws/trips/user/request/', user.access)
    expect(await server.handshake('/ws/trips/user/request/', user.access)).toBe(403)
  })
})
