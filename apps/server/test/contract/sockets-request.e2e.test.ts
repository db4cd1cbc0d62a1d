import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, ask, createTrip, meet, payCash, quote, wish } from './kit/desk.ts'
import { goOnline, joinDriver, joinUser, keysOf, newPlace, NOBODY, UUID } from './kit/people.ts'
import { OFFER_SECONDS, startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const DRIVER_KEYS = [
  'id',
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'vehicle_type',
  'rating',
  'profile_pic',
  'car_image',
  'latitude',
  'longitude',
  'is_available',
  'distance',
].sort()
const isTime = expect.stringMatching(/^(\d+ sec|\d+ min|\d+ hours? \d+ min( \d+ sec)?)$/) as string
const isNumber = expect.any(Number) as number
const awaiting = (tripId: string, driver: { id: string; phone: string }, fare: unknown): Json => ({
  message: 'Awaiting driver response',
  trip_id: tripId,
  status: 'pending',
  driver_info: {
    id: driver.id,
    name: 'Sipho Dlamini',
    phone: driver.phone,
    vehicle_type: 'Bakkie',
    rating: 0,
  },
  payment_info: { payment_method: 'cash', payment_status: 'pending', amount: fare, currency: 'ZAR' },
})

describe.concurrent('§3.5 create_trip', () => {
  it('[CT6] §3.5 create_trip: the quote with every key of the seed, at both addresses', async () => {
    const pair = await addPair(server)
    await goOnline(server, pair.driver, pair.at)
    for (const path of ['/ws/trips/user/request/', '/ws/trips/user/']) {
      const request = await server.socket(path, pair.user.access)
      request.send(wish(pair.at))
      const created = await request.next()
      expect(created).toMatchObject({
        message: 'Trip created successfully - select a driver',
        trip_id: expect.stringMatching(UUID) as string,
        estimated_fare: isNumber,
        distance_km: isNumber,
        estimated_time: isTime,
        pickup: '1 Commissioner Street',
        destination: '5 Rivonia Road',
        vehicle_type: 'Bakkie',
        load_description: 'two sofas',
        user_info: { id: pair.user.id, name: 'Thandi Nkosi', phone: pair.user.phone },
        available_drivers: [
          { id: pair.driver.id, name: 'Sipho Dlamini', email: null, phone: null, rating: 0, ...pair.at },
        ],
        status: 'pending',
      })
      for (const driver of created['available_drivers'] as Json[]) expect(keysOf(driver)).toEqual(DRIVER_KEYS)
    }
  })

  it('[CT6] §3.5 create_trip: load_description is optional, surge is ignored (C-22)', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    const plain = await createTrip(request, at, { load_description: undefined })
    expect(plain).toMatchObject({ load_description: '', available_drivers: [] })
    const surge = await createTrip(request, at, { surge: true })
    expect(surge['estimated_fare']).toBe(plain['estimated_fare'])
    expect(surge).not.toHaveProperty('surge')
  })

  it('[CT6] §3.5 create_trip: addresses of 3 to 255 characters', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    const long = 'x'.repeat(255)
    expect(await createTrip(request, at, { pickup: 'abc', destination: long })).toMatchObject({
      destination: long,
    })
    for (const changes of [{ pickup: 'ab' }, { destination: `${long}x` }, { pickup: '' }]) {
      request.send(wish(at, changes))
      expect(await request.next()).toMatchObject({ error: 'Failed to create trip' })
    }
  })

  it('[CT6] §3.5 create_trip: anything missing or impossible is "Failed to create trip", the socket stays', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    for (const changes of [
      { vehicle_type: undefined },
      { vehicle_type: 'Van' },
      { pickup: undefined },
      { pickup_lat: undefined },
      { pickup_lat: 'north' },
      { pickup_lat: 123.456 },
      { dest_lat: 0, dest_lon: 0 },
      { dest_lon: null },
    ]) {
      request.send(wish(at, changes))
      expect(await request.next(), JSON.stringify(changes)).toMatchObject({ error: 'Failed to create trip' })
    }
    await createTrip(request, at)
  })

  it('[CT6] §3.5 unknown action', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    request.send({ action: 'fly' })
    expect(await request.next()).toEqual({ error: 'Unknown action: fly' })
  })
})

describe.concurrent('§3.5 confirm_driver', () => {
  it('[CT6] §3.5 confirm_driver: "Awaiting driver response" with the driver and the payment; a second one repeats it', async () => {
    const pair = await addPair(server)
    const { request, response, tripId, created } = await quote(server, await meet(server, pair))
    const confirm = { action: 'confirm_driver', trip_id: tripId, driver_id: pair.driver.id }
    for (let time = 1; time <= 2; time++) {
      request.send(confirm)
      expect(await request.next()).toEqual(awaiting(tripId, pair.driver, created['estimated_fare']))
    }
    await response.find({ type: 'new_trip_request' })
    expect(await response.drained()).toEqual([])
  })

  it('[CT6] §3.5 confirm_driver: unknown, foreign and ended trips, unknown drivers, malformed ids', async () => {
    const pair = await addPair(server)
    const stranger = await joinUser(server)
    const { request, tripId } = await quote(server, await meet(server, pair))
    const confirm = (trip_id: unknown, driver_id: unknown) =>
      request.send({ action: 'confirm_driver', trip_id, driver_id })
    const invalid = { error: 'Invalid trip or driver' }
    confirm(NOBODY, pair.driver.id)
    expect(await request.next()).toEqual(invalid)
    confirm(tripId, NOBODY)
    expect(await request.next()).toEqual(invalid)
    const other = await server.socket('/ws/trips/user/request/', stranger.access)
    other.send({ action: 'confirm_driver', trip_id: tripId, driver_id: pair.driver.id })
    expect(await other.next()).toEqual(invalid)
    for (const [trip, driver] of [
      ['1', pair.driver.id],
      [tripId, 'nonsense'],
      [undefined, undefined],
      [{}, []],
    ]) {
      confirm(trip, driver)
      expect(await request.next()).toEqual({ error: 'Failed to confirm driver' })
    }
    await server.post(`/trips/${tripId}/status/`, { status: 'cancelled' }, pair.user.access)
    await request.find({ status: 'cancelled' })
    confirm(tripId, pair.driver.id)
    expect(await request.next()).toEqual(invalid)
  })

  it('[CT6] §3.5 confirm_driver: without a payment', async () => {
    const pair = await addPair(server)
    const { request } = await meet(server, pair)
    const { trip_id } = await createTrip(request, pair.at)
    request.send({ action: 'confirm_driver', trip_id, driver_id: pair.driver.id })
    expect(await request.next()).toEqual({
      error: 'Payment not found. Please complete payment before requesting a driver.',
    })
  })

  it('[CT6] Decided: "Driver is not available" and "Another driver is still deciding"', async () => {
    const [pair, second] = await Promise.all([addPair(server), joinDriver(server)])
    await goOnline(server, second, pair.at)
    const first = await server.socket('/ws/trips/user/request/', pair.user.access)
    const other = String((await createTrip(first, pair.at))['trip_id'])
    await payCash(server, pair.user, other)
    const { request, tripId } = await ask(server, pair)
    request.send({ action: 'confirm_driver', trip_id: tripId, driver_id: second.id })
    expect(await request.next()).toEqual({ error: 'Another driver is still deciding' })
    request.send({ action: 'confirm_driver', trip_id: other, driver_id: pair.driver.id })
    expect(await request.next()).toEqual({ error: 'Driver is not available' })
  })
})

describe.concurrent('§3.5 what became of it', () => {
  it('[CT6] §3.5 accepted: the whole message of the seed', async () => {
    const pair = await addPair(server)
    const { accepted, created, tripId } = await accept(server, pair)
    const { id, phone } = pair.driver
    expect(accepted).toEqual({
      type: 'trip_status_update',
      trip_id: tripId,
      status: 'accepted',
      driver_info: {
        id,
        name: 'Sipho Dlamini',
        first_name: 'Sipho',
        last_name: 'Dlamini',
        phone,
        vehicle_type: 'Bakkie',
        rating: 0,
      },
      trip_details: {
        id: tripId,
        pickup: '1 Commissioner Street',
        destination: '5 Rivonia Road',
        pickup_lat: pair.at.latitude,
        pickup_long: pair.at.longitude,
        dest_lat: pair.at.latitude + 0.09,
        dest_long: pair.at.longitude,
        vehicle_type: 'Bakkie',
        load_description: 'two sofas',
        fare: created['estimated_fare'],
        status: 'accepted',
        distance_km: created['distance_km'],
        estimated_time: created['estimated_time'],
        created_at: expect.stringMatching(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
        ) as string,
      },
      payment_info: {
        payment_method: 'cash',
        payment_status: 'pending',
        amount: created['estimated_fare'],
        currency: 'ZAR',
      },
    })
  })

  it('[CT6] §3.5 no answer: "Driver did not respond", exactly once, when the time is over; the driver is told too', async () => {
    const [pair, second] = await Promise.all([addPair(server), joinDriver(server)])
    await goOnline(server, second, pair.at)
    const { request, response, tripId } = await ask(server, pair)
    const askedAt = Date.now()
    const told = await request.next()
    expect(told).toMatchObject({
      message: 'Driver did not respond - select another driver',
      trip_id: tripId,
      status: 'pending',
      available_drivers: expect.arrayContaining([expect.objectContaining({ id: second.id })]) as Json[],
    })
    expect(keysOf(told)).toEqual(['available_drivers', 'message', 'status', 'trip_id'])
    expect(Date.now() - askedAt).toBeGreaterThan((OFFER_SECONDS - 0.7) * 1000)
    expect(await response.next()).toEqual({ type: 'offer_expired', trip_id: tripId })
    expect(await request.drained()).toEqual([])
  })

  it('[CT6] §3.5 rejected: told at once, the trip stays pending, no time-out message afterwards (C-25)', async () => {
    const [pair, second] = await Promise.all([addPair(server), joinDriver(server)])
    await goOnline(server, second, pair.at)
    const { request, response, tripId } = await ask(server, pair)
    const askedAt = Date.now()
    response.send({ trip_id: tripId, driver_response_status: 'rejected' })
    expect(await request.next()).toMatchObject({
      type: 'trip_status_update',
      status: 'rejected',
      trip_id: tripId,
      message: 'Driver rejected your trip - select another driver',
      available_drivers: expect.arrayContaining([expect.objectContaining({ id: second.id })]) as Json[],
    })
    expect(Date.now() - askedAt).toBeLessThan(OFFER_SECONDS * 1000)
    expect((await server.get(`/trips/${tripId}/status/`, pair.user.access)).body).toEqual({
      trip_status: 'pending',
    })
    await new Promise((done) => setTimeout(done, OFFER_SECONDS * 1000 + 500))
    expect(await request.drained()).toEqual([])
  })

  it('[CT6] §3.5 an outcome is not told to a request socket that did not act on the trip', async () => {
    const pair = await addPair(server)
    const { response, tripId, request } = await ask(server, pair)
    const fresh = await server.socket('/ws/trips/user/request/', pair.user.access)
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    await request.find({ status: 'accepted' })
    expect(await fresh.drained()).toEqual([])
  })
})
