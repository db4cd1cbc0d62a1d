import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, addPair, ask, CREATE, type Pair } from '../../../test/desk.ts'
import { expireQuotes } from '../../features/trips/index.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { JOHANNESBURG, SANDTON } from '../../../test/people.ts'

let server: LiveServer
let pair: Pair
beforeAll(async () => (server = await startLiveServer({ offerTimeoutSeconds: 2 })))
beforeEach(async () => (pair = await addPair(server)))
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

describe('the main job', () => {
  it('[CW50] quotes, offers, accepts, drives, collects cash and completes, in the original words', async () => {
    const { created, offered, request, response, tripId } = await ask(server, pair)
    expect(created).toMatchObject({
      message: 'Trip created successfully - select a driver',
      status: 'pending',
      vehicle_type: 'Bakkie',
      pickup: CREATE.pickup,
      user_info: { id: pair.customer, name: 'Thandi Nkosi' },
    })
    expect(created['estimated_fare']).toBeTypeOf('number')
    expect(created['distance_km']).toBeGreaterThan(10)
    expect((created['available_drivers'] as { id: string }[]).map((each) => each.id)).toContain(pair.driver)
    expect(offered).toMatchObject({
      type: 'new_trip_request',
      trip_details: {
        trip_id: tripId,
        estimated_fare: created['estimated_fare'],
        user_info: {
          id: pair.customer,
          name: 'Thandi Nkosi',
          phone: expect.stringMatching(/^\+27/) as string,
        },
        payment_info: {
          payment_method: 'cash',
          payment_status: 'pending',
          amount: created['estimated_fare'],
          currency: 'ZAR',
        },
      },
    })

    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await response.next()).toMatchObject({
      trip_id: tripId,
      message: `Trip ${tripId} accepted`,
      user_id: pair.customer,
      first_name: 'Thandi',
      email: expect.stringContaining('@') as string,
    })
    expect(await request.next()).toMatchObject({
      type: 'trip_status_update',
      status: 'accepted',
      driver_info: { id: pair.driver, phone: expect.stringMatching(/^\+27/) as string },
      trip_details: {
        id: tripId,
        pickup_long: JOHANNESBURG.longitude,
        dest_long: SANDTON.longitude,
        status: 'accepted',
      },
    })

    const drive = await server.connect(`/ws/trips/driver/status/update/${tripId}/`, pair.driverToken)
    const watch = await server.connect(`/ws/trips/user/status/${tripId}/`, pair.customerToken)
    for (const socket of [drive, watch])
      expect(await socket.next()).toEqual({ trip_id: tripId, trip_status: 'accepted' })
    drive.send({ trip_status: 'arrived at pickup' })
    expect(await drive.next()).toMatchObject({ message: 'You must collect payment from user before pickup' })
    expect(await watch.next()).toMatchObject({
      payment_status: 'arrived at pickup',
      message: 'You must make payment before trip starts',
    })
    drive.send({ payment_status: 'received' })
    expect(await drive.next()).toMatchObject({ payment_status: 'received', trip_id: tripId })
    for (const [sent, heard] of [
      ['picked up', 'picked up'],
      ['in progress', 'in_progress'],
      ['arrived at destination', 'arrived at destination'],
      ['completed', 'completed'],
    ]) {
      drive.send({ trip_status: sent })
      expect(await drive.next()).toEqual({ trip_id: tripId, trip_status: heard })
      expect(await watch.find({ trip_status: heard })).toEqual({ trip_id: tripId, trip_status: heard })
    }
    const search = await server.request('POST', '/trip/find-driver/', {
      token: pair.customerToken,
      body: { vehicle_type: ['Bakkie'] },
    })
    expect((search.body['drivers'] as { id: string }[]).map((each) => each.id)).toContain(pair.driver)
  })

  it('[CW51] a rejected customer is told at once and hears no time-out afterwards', async () => {
    const { request, response, tripId } = await ask(server, pair)
    response.send({ trip_id: tripId, trip_response_status: 'rejected' })
    expect(await request.next()).toMatchObject({
      type: 'trip_status_update',
      status: 'rejected',
      trip_id: tripId,
    })
    expect(await response.next()).toEqual({ message: `Trip ${tripId} rejected`, trip_id: tripId })
    request.send({ action: 'confirm_driver', trip_id: tripId, driver_id: pair.driver })
    expect(await request.next()).toMatchObject({ message: 'Awaiting driver response' })
    expect(await request.next()).toMatchObject({
      message: 'Driver did not respond - select another driver',
      status: 'pending',
    })
    expect(await request.drained()).toEqual([])
    expect(await response.find({ type: 'offer_expired' })).toEqual({ type: 'offer_expired', trip_id: tripId })
  })

  it('[CW52] the customer cancels while waiting and the driver is told', async () => {
    const { request, response, tripId } = await ask(server, pair)
    const { status } = await server.request('POST', `/trips/${tripId}/status/`, {
      token: pair.customerToken,
      body: { status: 'cancelled' },
    })
    expect(status).toBe(200)
    expect(await response.next()).toEqual({
      type: 'trip_cancelled',
      user_id: pair.customer,
      trip_id: tripId,
      status: 'cancelled',
    })
    expect(await request.next()).toMatchObject({ trip_id: tripId, status: 'cancelled' })
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await response.next()).toEqual({ error: 'This trip is no longer available' })
  })

  it('[CW53] the driver is available to nobody while he is asked, and again once he is free', async () => {
    const found = async () => {
      const { body } = await server.request(
        'GET',
        `/trips/find-driver?vehicle_type=bakkie&pickup_lat=-26.2&pickup_lon=28.05`,
        { token: pair.customerToken },
      )
      return ((body['drivers'] ?? []) as { id: string }[]).some((each) => each.id === pair.driver)
    }
    const { response, tripId } = await ask(server, pair)
    expect(await found()).toBe(false)
    response.send({ trip_id: tripId, driver_response_status: 'rejected' })
    await response.next()
    await expect.poll(found).toBe(true)
  })
})

describe('saying it again', () => {
  it('[CW68] is answered: cash, status, cancel', async () => {
    const { tripId, request } = await accept(server, pair)
    const drive = await server.connect(`/ws/trips/driver/status/${tripId}/`, pair.driverToken)
    await drive.next()
    for (let n = 0; n < 2; n++) {
      drive.send({ payment_status: 'received' })
      expect(await drive.next()).toMatchObject({ payment_status: 'received', trip_id: tripId })
      drive.send({ trip_status: 'on the way' })
      expect(await drive.next()).toEqual({ trip_id: tripId, trip_status: 'on the way' })
    }
    for (let n = 0; n < 2; n++) {
      request.send({ action: 'cancel_trip', trip_id: tripId })
      expect(await request.next()).toMatchObject({ trip_id: tripId, status: 'cancelled' })
    }
    drive.send({ trip_status: 'cancelled' })
    expect(await drive.find({ trip_status: 'cancelled' })).toBeDefined()
  })

  it('[TR5] [CW68] a lapsed quote is cancelled already', async () => {
    const trip = await server.requestTrip(pair.customer)
    await sql`update trip set quote_expires_at = clock_timestamp() where id = ${trip.id}`.execute(
      server.db.single,
    )
    await expireQuotes(server.platform)
    const cancel = { token: pair.customerToken, body: { status: 'cancelled' } }
    expect(await server.request('POST', `/trips/${trip.id}/status/`, cancel)).toMatchObject({ status: 200 })
    expect(
      (await server.request('GET', `/trips/${trip.id}/status/`, { token: pair.customerToken })).body,
    ).toEqual({
      trip_status: 'cancelled',
    })
  })
})

describe('the first words', () => {
  it('[CW69] are a ping, on the driver response socket after the welcome', async () => {
    const { tripId } = await accept(server, pair)
    const ping = { type: 'ping' }
    const response = await server.connect('/ws/trips/driver/response/', pair.driverToken)
    expect(await response.first(2)).toEqual([
      { message: 'Connection established', status: 'connected', driver_id: pair.driver },
      ping,
    ])
    for (const [path, token] of [
      ['/ws/driver/location/', pair.driverToken],
      [`/ws/trips/driver/status/${tripId}/`, pair.driverToken],
      ['/ws/trips/user/request/', pair.customerToken],
      [`/ws/trips/user/status/${tripId}/`, pair.customerToken],
      [`/ws/user/driver/${pair.driver}/location/`, pair.customerToken],
    ] as const) {
      const socket = await server.connect(path, token)
      expect(await socket.first(1), path).toEqual([ping])
    }
  })
})

describe('reconnecting', () => {
  it('[CW54] an open offer comes again, once per connection', async () => {
    const { tripId } = await ask(server, pair)
    const again = await server.connect('/ws/trips/driver/', pair.driverToken)
    expect(await again.next()).toMatchObject({ status: 'connected' })
    expect(await again.next()).toMatchObject({ type: 'new_trip_request', trip_details: { trip_id: tripId } })
    expect(await again.drained()).toEqual([])
    again.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await again.next()).toMatchObject({ type: 'trip_accepted_confirmation' })
  })

  it('[CW55] a fresh request socket says nothing unasked', async () => {
    const { response, tripId } = await ask(server, pair)
    const fresh = await server.connect('/ws/trips/user/', pair.customerToken)
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    await response.next()
    expect(await fresh.drained()).toEqual([])
  })

  it('[CW56] several sockets of one account each get their messages', async () => {
    const { response, tripId } = await accept(server, pair)
    const [first, second] = await Promise.all([
      server.connect(`/ws/trips/user/status/${tripId}`, pair.customerToken),
      server.connect(`/ws/trips/user/status/${tripId}/`, pair.customerToken),
    ])
    await Promise.all([first.next(), second.next()])
    const drive = await server.connect(`/ws/trips/driver/status/${tripId}/`, pair.driverToken)
    drive.send({ trip_status: 'ON THE WAY' })
    for (const socket of [first, second])
      expect(await socket.next()).toEqual({ trip_id: tripId, trip_status: 'on the way' })
    expect(response.isOpen()).toBe(true)
  })
})
