import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goOnline, joinDriver, joinUser, newPlace, type Point } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const PATH = '/ws/trips/drivers/all/'
const where = ({ latitude, longitude }: Point, changes: Json = {}): Json => ({
  user_latitude: latitude,
  user_longitude: longitude,
  ...changes,
})
type Row = [Json, Json]

describe.concurrent('§3.10 nearest drivers', () => {
  it('[CT6] §3.10 pairs of a driver and his distance, what the client asserts (C-29)', async () => {
    const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    const at = newPlace()
    await goOnline(server, driver, { ...at, latitude: at.latitude + 0.009 })
    const socket = await server.socket(PATH, user.access)
    socket.send(where(at))
    const answer = await socket.next()
    expect(answer['type']).toBe('nearest_drivers')
    const [[found, route]] = answer['nearest_drivers'] as [Row]
    expect(found).toMatchObject({ id: driver.id, name: 'Sipho Dlamini', email: null, phone: null })
    expect(route).toHaveProperty('duration')
    // A road is never shorter than the straight line of one kilometre.
    expect(Number(route['distance'])).toBeGreaterThanOrEqual(1)
    expect(route['distance_km']).toBe(route['distance'])
  })

  it('[CT6] §3.10 nobody near: an empty list under both keys', async () => {
    const socket = await server.socket(PATH, (await joinUser(server)).access)
    socket.send(where(newPlace()))
    expect(await socket.next()).toEqual({ type: 'nearest_drivers', nearest_drivers: [], drivers: [] })
  })

  it('[CT6] §3.10 numeric strings and vehicle types', async () => {
    const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    const at = newPlace()
    await goOnline(server, driver, at)
    const socket = await server.socket(PATH, user.access)
    socket.send({ user_latitude: String(at.latitude), user_longitude: String(at.longitude) })
    expect(await socket.next()).toMatchObject({ nearest_drivers: [[{ id: driver.id }, {}]] })
    socket.send(where(at, { vehicle_type: ['Motorbike'] }))
    expect(await socket.next()).toMatchObject({ nearest_drivers: [] })
    socket.send(where(at, { vehicle_type: ['Bakkie', 'Motorbike'] }))
    expect(await socket.next()).toMatchObject({ nearest_drivers: [[{ id: driver.id }, {}]] })
  })

  it('[CT6] §3.10 latitude 0 is a position', async () => {
    const socket = await server.socket(PATH, (await joinUser(server)).access)
    socket.send({ user_latitude: 0, user_longitude: 36.8 })
    expect(await socket.next()).toMatchObject({ type: 'nearest_drivers' })
  })

  it('[CT6] §3.10 a missing or impossible position is an error, the socket stays', async () => {
    const socket = await server.socket(PATH, (await joinUser(server)).access)
    for (const message of [{}, { user_latitude: -26 }, { user_latitude: null, user_longitude: 28 }]) {
      socket.send(message)
      expect(await socket.next()).toEqual({ type: 'error', message: 'Missing user location.' })
    }
    for (const message of [
      { user_latitude: 'north', user_longitude: 28 },
      { user_latitude: 99, user_longitude: 28 },
    ]) {
      socket.send(message)
      expect(await socket.next()).toMatchObject({ type: 'error', message: expect.any(String) as string })
    }
    expect(socket.isOpen()).toBe(true)
  })

  it('[CT6] §3.10 the list comes again when a driver moves, at most once a second', async () => {
    const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    const at = newPlace()
    const location = await goOnline(server, driver, at)
    const socket = await server.socket(PATH, user.access)
    socket.send(where(at))
    await socket.next()
    const startedAt = Date.now()
    let lists = 0
    for (let step = 1; step <= 10; step++) {
      location.send({ ...at, latitude: at.latitude + step * 0.001 })
      await new Promise((done) => setTimeout(done, 150))
    }
    const last = at.latitude + 0.01
    for (let seen = 0; Math.abs(seen - last) > 1e-9; lists++) {
      const [[found]] = (await socket.find({ type: 'nearest_drivers' }))['nearest_drivers'] as [Row]
      seen = Number(found['latitude'])
    }
    expect(lists).toBeGreaterThan(0)
    expect(lists).toBeLessThanOrEqual(Math.ceil((Date.now() - startedAt) / 1000) + 1)
  })
})
