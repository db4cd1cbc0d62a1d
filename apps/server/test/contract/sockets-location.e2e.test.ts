import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair } from './kit/desk.ts'
import { goOnline, joinDriver, joinUser, newPlace, type Person, type Point } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const isUrl = expect.stringMatching(/^(https?:\/\/|\/)/) as string
const position = (driver: Person, at: Point, contacts: Json, isAvailable = true): Json => ({
  ...at,
  driver_id: driver.id,
  driver_details: {
    id: driver.id,
    name: 'Sipho Dlamini',
    ...contacts,
    vehicle_type: 'Bakkie',
    rating: 0,
    is_available: isAvailable,
    profile_pic: isUrl,
    car_image: isUrl,
    ...at,
  },
})
const ownContacts = ({ email, phone }: Person): Json => ({ email, phone })
const NO_CONTACTS = { email: null, phone: null }
const invalid = { error: 'Invalid coordinates' }

describe.concurrent('§3.3 driver location', () => {
  it('[CT6] §3.3 location: the driver hears himself, coordinates on top and in the details (C-21)', async () => {
    const driver = await joinDriver(server)
    for (const path of [
      '/ws/driver/location/',
      '/ws/trips/driver/location/',
      `/ws/trips/driver/location/${driver.id}/`,
    ]) {
      const socket = await server.socket(path, driver.access)
      const at = newPlace()
      socket.send(at)
      expect(await socket.next(), path).toMatchObject(position(driver, at, ownContacts(driver)))
      socket.close()
    }
  })

  it('[CT6] §3.3 location: every follower hears it, at both addresses', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const at = newPlace()
    const location = await goOnline(server, driver, at)
    const followers = await Promise.all(
      [`/ws/user/driver/${driver.id}/location/`, `/ws/trips/user/location/${driver.id}/`].map((path) =>
        server.socket(path, user.access),
      ),
    )
    for (const follower of followers) await follower.next()
    const next = { ...at, latitude: at.latitude + 0.001 }
    location.send(next)
    for (const follower of followers)
      expect(await follower.next()).toMatchObject(position(driver, next, NO_CONTACTS))
  })

  it('[CT6] §3.3 location: errors for what is no JSON and no position; nothing stored, nothing sent', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const at = newPlace()
    const location = await goOnline(server, driver, at)
    const follower = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    await follower.next()
    for (const frame of [
      {},
      { latitude: 123.456, longitude: 789.012 },
      { latitude: 0, longitude: 0 },
      { latitude: null, longitude: 28 },
      { latitude: 'north', longitude: 28 },
      { latitude: -26 },
      { latitude: -91, longitude: 28 },
      { latitude: -26, longitude: 181 },
      '{"latitude": 1e999, "longitude": 28}',
    ]) {
      location.send(frame)
      expect(await location.next(), JSON.stringify(frame)).toEqual(invalid)
    }
    location.sendRaw('{"latitude": NaN}')
    expect(await location.next()).toEqual({ error: 'Invalid JSON format' })
    expect(await follower.drained()).toEqual([])
    const later = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    expect(await later.next()).toMatchObject(at)
  })

  it('[CT6] §3.3 location: one vote of the response socket does not end this one', async () => {
    const pair = await addPair(server)
    const { location, response, at } = await accept(server, pair)
    location.send(at)
    expect(await location.next()).toMatchObject({
      driver_details: { is_available: false, id: pair.driver.id },
    })
    expect(response.isOpen()).toBe(true)
  })
})

describe.concurrent('§3.4 follow a driver', () => {
  it('[CT6] §3.4 follow: the last known position on connect, nothing before there is one', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const early = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    expect(await early.drained()).toEqual([])
    const at = newPlace()
    await goOnline(server, driver, at)
    expect(await early.next()).toMatchObject(position(driver, at, NO_CONTACTS))
    const late = await server.socket(`/ws/user/driver/${driver.id}/location/`, user.access)
    expect(await late.next()).toMatchObject(position(driver, at, NO_CONTACTS))
  })

  it('[CT6] Decided: on the way to the customer he is seen by him with name and phone, by strangers not at all', async () => {
    const pair = await addPair(server)
    const stranger = await joinUser(server)
    const { location, at } = await accept(server, pair)
    const path = `/ws/trips/user/location/${pair.driver.id}/`
    const own = await server.socket(path, pair.user.access)
    expect(await own.next()).toMatchObject({ driver_id: pair.driver.id, ...at })
    const other = await server.socket(path, stranger.access)
    location.send({ ...at, latitude: at.latitude + 0.01 })
    expect(await own.next()).toMatchObject({ latitude: at.latitude + 0.01 })
    expect(await other.drained()).toEqual([])
    expect(other.isOpen()).toBe(true)
  })
})
