import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  addPair,
  ask,
  createTrip,
  meet,
  payCash,
  quote,
  report,
  reports,
  watches,
} from './kit/desk.ts'
import { refusal, refused } from './kit/http.ts'
import { joinDriver, joinUser, newPlace } from './kit/people.ts'
import { OFFER_SECONDS, startServer, type Json, type Server } from './kit/server.ts'
import { settled } from './kit/wait.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const TRIP_NOT_FOUND = refused(404, { error: 'Trip not found.' })
const cash = (trip_id: string) => ({ trip_id, payment_method: 'cash', currency: 'ZAR' })
const isError = { error: expect.stringMatching(/\S/) as string }

describe.concurrent('§7 what was broken in the original: trips', () => {
  it('[CT9] B-15 a second payment attempt does not block the trip', async () => {
    const pair = await addPair(server)
    const desk = await quote(server, await meet(server, pair))
    for (const method of ['card', 'cash', 'cash'])
      await server.post('/payment/', { ...cash(desk.tripId), payment_method: method }, pair.user.access)
    desk.request.send({ action: 'confirm_driver', trip_id: desk.tripId, driver_id: pair.driver.id })
    expect(await desk.request.next()).toMatchObject({
      message: 'Awaiting driver response',
      payment_info: { payment_method: 'cash' },
    })
  })

  it("[CT9] B-16 nobody pays for somebody else's trip", async () => {
    const [owner, stranger] = await Promise.all([joinUser(server), joinUser(server)])
    const request = await server.socket('/ws/trips/user/request/', owner.access)
    const tripId = String((await createTrip(request, newPlace()))['trip_id'])
    expect(refusal(await payCash(server, stranger, tripId))).toEqual(
      refused(400, {
        error: 'Invalid input data',
        details: { trip_id: ['Invalid trip ID. Trip does not exist.'] },
      }),
    )
  })

  it("[CT9] B-17 a driver's token on /payment/ is 403, not 500", async () => {
    const pair = await addPair(server)
    const { tripId } = await accept(server, pair)
    expect((await server.post('/payment/', cash(tripId), pair.driver.access)).status).toBe(403)
  })

  it("[CT9] B-18 cash becomes paid: by the driver's word, or by his moving on to picked up", async () => {
    const word = await accept(server, await addPair(server))
    const wordStatus = await reports(server, word)
    const wordUser = await watches(server, word)
    wordStatus.send({ payment_status: 'received' })
    for (const socket of [wordStatus, wordUser])
      expect(await socket.find({ payment_status: 'received' })).toMatchObject({ trip_id: word.tripId })
    const paid = refused(400, {
      error: 'Invalid input data',
      details: { trip_id: ['This trip has already been paid for.'] },
    })
    expect(refusal(await payCash(server, word.user, word.tripId))).toEqual(paid)

    const moved = await accept(server, await addPair(server))
    const movedStatus = await reports(server, moved)
    await report(movedStatus, 'arrived at pickup', 'picked up')
    expect(refusal(await payCash(server, moved.user, moved.tripId))).toEqual(paid)
  })

  it('[CT9] B-21 no JSON and no id kills a socket', async () => {
    const trip = await accept(server, await addPair(server))
    const sockets = [
      trip.request,
      trip.response,
      trip.location,
      await reports(server, trip),
      await watches(server, trip),
    ]
    for (const socket of sockets)
      for (const frame of [
        '[]',
        'null',
        '7',
        '"x"',
        '{"trip_id": "nonsense"}',
        '{"trip_id": {}}',
        '{"trip_id": 1e999}',
      ])
        socket.sendRaw(frame)
    for (const socket of sockets) {
      await socket.drained()
      expect(socket.isOpen()).toBe(true)
    }
  })

  it('[CT9] B-22 an offer outlives the sockets of both', async () => {
    const { user, driver, tripId, request, response } = await ask(server, await addPair(server))
    request.close()
    response.close()
    const [again, status] = await Promise.all([
      server.socket('/ws/trips/driver/response/', driver.access),
      server.socket(`/ws/trips/user/status/${tripId}/`, user.access),
    ])
    expect(await again.find({ type: 'new_trip_request' })).toMatchObject({
      trip_details: { trip_id: tripId },
    })
    again.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await again.next()).toMatchObject({ type: 'trip_accepted_confirmation' })
    expect(await status.find({ trip_status: 'accepted' })).toEqual({
      trip_id: tripId,
      trip_status: 'accepted',
    })
  })

  it('[CT9] B-24 nonsense coordinates are refused and not broadcast', async () => {
    const { user, driver, location, at } = await meet(server, await addPair(server))
    const follower = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    await follower.find(at)
    for (const fix of [{}, { latitude: 123.456, longitude: 789.012 }, { latitude: 0, longitude: 0 }]) {
      location.send(fix)
      expect(await location.next()).toEqual({ error: 'Invalid coordinates' })
    }
    expect(await follower.drained()).toEqual([])
  })

  it('[CT9] B-25 location and response sockets leave each other alone; a follower survives an offer', async () => {
    const pair = await addPair(server)
    const desk = await meet(server, pair)
    const follower = await server.socket(`/ws/trips/user/location/${pair.driver.id}/`, pair.user.access)
    await follower.find(pair.at)
    const trip = await quote(server, desk)
    trip.request.send({ action: 'confirm_driver', trip_id: trip.tripId, driver_id: pair.driver.id })
    await trip.response.find({ type: 'new_trip_request' })
    trip.location.send({ ...pair.at, latitude: pair.at.latitude + 0.001 })
    await trip.location.next()
    for (const socket of [trip.location, trip.response, follower]) expect(socket.isOpen()).toBe(true)
  })

  it('[CT9] B-26 a follower sees the last position at once, of those he may follow only', async () => {
    const [pair, stranger] = await Promise.all([addPair(server), joinUser(server)])
    const path = `/ws/trips/user/location/${pair.driver.id}/`
    const { location } = await accept(server, pair)
    expect(await (await server.socket(path, pair.user.access)).next()).toMatchObject(pair.at)
    const other = await server.socket(path, stranger.access)
    location.send({ ...pair.at, latitude: pair.at.latitude + 0.001 })
    await location.next()
    expect(await other.drained()).toEqual([])
  })

  it('[CT9] B-28 acceptance reaches the user at once', async () => {
    const { tripId, request, response } = await ask(server, await addPair(server))
    const acceptedAt = Date.now()
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await request.next()).toMatchObject({ status: 'accepted' })
    expect(Date.now() - acceptedAt).toBeLessThan(OFFER_SECONDS * 1000)
  })

  it('[CT9] B-29 a rejected customer is told at once, and keeps his socket', async () => {
    const { tripId, request, response, at } = await ask(server, await addPair(server))
    const rejectedAt = Date.now()
    response.send({ trip_id: tripId, driver_response_status: 'rejected' })
    expect(await request.next()).toMatchObject({
      type: 'trip_status_update',
      status: 'rejected',
      trip_id: tripId,
    })
    expect(Date.now() - rejectedAt).toBeLessThan(OFFER_SECONDS * 1000)
    await new Promise((done) => setTimeout(done, OFFER_SECONDS * 1000 + 500))
    expect(await createTrip(request, at)).toMatchObject({ status: 'pending' })
  })

  it('[CT9] B-32 only the offered driver accepts, once and in time', async () => {
    const [pair, rival] = await Promise.all([addPair(server), joinDriver(server)])
    const { tripId, response, request } = await ask(server, pair)
    const other = await server.socket('/ws/trips/driver/response/', rival.access)
    await other.next()
    const take = { trip_id: tripId, driver_response_status: 'accepted' }
    other.send(take)
    expect(await other.next()).toEqual(isError)
    response.send(take)
    expect(await response.next()).toMatchObject({ type: 'trip_accepted_confirmation' })
    response.send(take)
    expect(await response.next()).toEqual({ error: 'This trip is no longer available' })
    expect(await request.next()).toMatchObject({ status: 'accepted', driver_info: { id: pair.driver.id } })

    const late = await ask(server, await addPair(server))
    await late.response.find({ type: 'offer_expired' })
    late.response.send({ trip_id: late.tripId, driver_response_status: 'accepted' })
    expect(await late.response.next()).toEqual({ error: 'This trip is no longer available' })
  })
})

describe.concurrent('§7 what was broken in the original: the rest of trips', () => {
  it('[CT9] B-33 a driver is free again after completed and after cancelled', async () => {
    for (const words of [['arrived at pickup', 'picked up', 'completed'], ['cancelled']]) {
      const trip = await accept(server, await addPair(server))
      const search = { pickup_lat: trip.at.latitude, pickup_lon: trip.at.longitude }
      const find = async () => (await server.post('/trip/find-driver/', search, trip.user.access)).body
      await expect.poll(find).toEqual({ message: 'No available drivers nearby' })
      const status = await reports(server, trip)
      await report(status, ...words)
      await expect.poll(find).toMatchObject({ drivers: [{ id: trip.driver.id, is_available: true }] })
    }
  })

  it("[CT9] B-34 nobody watches or updates other people's trips", async () => {
    const [trip, stranger, rival] = await Promise.all([
      addPair(server).then((pair) => accept(server, pair)),
      joinUser(server),
      joinDriver(server),
    ])
    const path = `/trips/${trip.tripId}/status/`
    expect(await server.handshake(`/ws/trips/user/status/${trip.tripId}/`, stranger.access)).toBe(403)
    expect(await server.handshake(`/ws/trips/driver/status/${trip.tripId}/`, rival.access)).toBe(403)
    for (const { access } of [stranger, rival]) {
      expect(refusal(await server.get(path, access))).toEqual(TRIP_NOT_FOUND)
      expect(refusal(await server.post(path, { status: 'cancelled' }, access))).toEqual(TRIP_NOT_FOUND)
    }
    expect((await server.get(path, trip.user.access)).body).toEqual({ trip_status: 'accepted' })
  })

  it('[CT9] B-35 without a route service the distance is estimated, never 0', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const quoted = await createTrip(request, newPlace())
    // Ten kilometres as the crow flies.
    expect(quoted['distance_km']).toBeGreaterThanOrEqual(10)
    expect(quoted['distance_km']).toBeLessThan(20)
    expect(quoted['estimated_fare']).toBeGreaterThan(80 + 100)
    expect(quoted['estimated_time']).not.toBe('0 min')
  })

  it('[CT9] B-37 a user cancels while waiting, by socket and by POST, and the driver is told', async () => {
    for (const way of ['socket', 'post']) {
      const { user, tripId, request, response } = await ask(server, await addPair(server))
      if (way === 'socket') request.send({ action: 'cancel_trip', trip_id: tripId })
      else await server.post(`/trip/${tripId}/status/`, { status: 'cancelled' }, user.access)
      expect(await request.next()).toMatchObject({ trip_id: tripId, status: 'cancelled' })
      expect(await response.next()).toEqual({
        type: 'trip_cancelled',
        user_id: user.id,
        trip_id: tripId,
        status: 'cancelled',
      })
    }
  })

  it('[CT9] B-39 two users cannot ask one driver at once; a busy driver is asked by nobody', async () => {
    const [pair, second] = await Promise.all([addPair(server), joinUser(server)])
    const rival = await server.socket('/ws/trips/user/request/', second.access)
    const other = String((await createTrip(rival, pair.at))['trip_id'])
    await payCash(server, second, other)
    const { response, tripId, driver } = await ask(server, pair)
    const asks = async (): Promise<Json> => {
      rival.send({ action: 'confirm_driver', trip_id: other, driver_id: driver.id })
      return rival.next()
    }
    expect(await asks()).toEqual({ error: 'Driver is not available' })
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    await response.next()
    expect(await asks()).toEqual({ error: 'Driver is not available' })
    expect(await response.drained()).toEqual([])
  })

  it('[CT9] B-41 the REST status endpoint works', async () => {
    const { user, tripId } = await accept(server, await addPair(server))
    expect((await server.get(`/trips/${tripId}/status/`, user.access)).body).toEqual({
      trip_status: 'accepted',
    })
    expect((await server.post(`/trip/${tripId}/status/`, {}, user.access)).body).toEqual({
      trip_status: 'accepted',
    })
  })

  it('[CT9] B-43 what a socket held is given back when it goes', async () => {
    const user = await joinUser(server)
    // More than an account may have open at once.
    for (let round = 1; round <= 3; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 15 }, () => server.socket('/ws/trips/user/request/', user.access)),
      )
      for (const socket of sockets) socket.close()
      // The server notices each end a moment later, one socket after the other.
      const next = () => server.handshake('/ws/trips/user/', user.access)
      expect(await settled(next, 101, 5_000)).toBe(101)
      await new Promise((done) => setTimeout(done, 200))
    }
  })
})
