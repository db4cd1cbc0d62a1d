import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { addPair, ask, createTrip, payCash, report, wish } from './kit/desk.ts'
import { goOnline, joinDriver, joinUser, newPlace, PASSWORD, UUID } from './kit/people.ts'
import { startServer, type Json, type Server, type TestSocket } from './kit/server.ts'

/** The scripts and pages of the original's `test/` folder, step by step; see §5. */
let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

/** A page opened from a file or another port. */
const fromPage = (path: string, body: unknown, token?: string, origin = 'null') =>
  fetch(server.base + path, {
    method: 'POST',
    headers: {
      origin,
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })

/** As the scripts do: whatever is of type ping is skipped, the next message is the answer. */
const firstMessage = (socket: TestSocket): Promise<Json> => socket.next()

describe.concurrent('the HTML pages', () => {
  it('[CT8] T:login.html: access, readable by a page of another origin', async () => {
    const { email } = await joinUser(server)
    for (const origin of ['null', 'http://127.0.0.1:5500']) {
      const response = await fromPage('/auth/login/user/', { email, password: PASSWORD }, undefined, origin)
      expect(response.ok).toBe(true)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(((await response.json()) as Json)['access']).toMatch(/^ey/)
    }
  })

  it('[CT8] T:payment.html: currency "ZAR" and location "ZAR"; the exact cash text, `error` for the others', async () => {
    const user = await joinUser(server)
    const request = await server.socket('/ws/trips/user/request/', user.access)
    const { trip_id } = await createTrip(request, newPlace())
    const pay = (payment_method: string) =>
      fromPage('/payment/', { trip_id, payment_method, currency: 'ZAR', location: 'ZAR' }, user.access)
    const cash = await pay('cash')
    expect(cash.ok).toBe(true)
    expect(((await cash.json()) as Json)['message']).toBe(
      'Cash payment selected. Driver will confirm receipt.',
    )
    const card = await pay('card')
    expect(card.ok).toBe(false)
    expect(((await card.json()) as Json)['error']).toBe('Payment service unavailable')
  })

  it('[CT8] TW: the authentication message on an authenticated socket (C-19)', async () => {
    const { user, driver } = await addPair(server)
    for (const [path, { access }] of [
      ['/ws/trips/user/request/', user],
      [`/ws/trips/user/request/${driver.id}/`, user],
      ['/ws/driver/location/', driver],
      [`/ws/trips/driver/response/${driver.id}/`, driver],
      [`/ws/trips/user/location/${driver.id}/`, user],
      ['/ws/trips/drivers/all/', user],
    ] as const) {
      const socket = await server.socket(path, access)
      socket.send({ type: 'authentication', token: access })
      expect(await socket.find({ type: 'authentication_response' }), path).toMatchObject({
        type: 'authentication_response',
        status: 'success',
      })
      socket.close()
    }
  })

  it('[CT8] TW: four sockets with <driver_id>/ appended, surge in create_trip, trip_response_status', async () => {
    const { user, driver, at } = await addPair(server)
    const location = await server.socket(`/ws/trips/driver/location/${driver.id}/`, driver.access)
    location.send(at)
    await location.next()
    const follower = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    expect(await follower.next()).toMatchObject(at)
    const response = await server.socket(`/ws/trips/driver/response/${driver.id}/`, driver.access)
    await response.next()
    const request = await server.socket(`/ws/trips/user/request/${driver.id}/`, user.access)
    request.send(wish(at, { surge: false }))
    const created = await request.next()
    expect(created).toMatchObject({ status: 'pending', available_drivers: [{ id: driver.id }] })
    const trip_id = String(created['trip_id'])
    await payCash(server, user, trip_id)
    request.send({ action: 'confirm_driver', trip_id, driver_id: driver.id })
    await request.next()
    await response.find({ type: 'new_trip_request' })
    response.send({ trip_id, trip_response_status: 'accepted' })
    expect(await request.next()).toMatchObject({ status: 'accepted', trip_id })
    const status = await server.socket(`/ws/trips/driver/status/update/${trip_id}/`, driver.access)
    await status.next()
    await report(status, 'arrived at pickup')
    for (const [said, word] of [
      ['picked up', 'picked up'],
      ['in progress', 'in_progress'],
    ]) {
      status.send({ trip_status: said })
      await status.find({ trip_status: word })
    }
  })
})

describe.concurrent('the Python scripts', () => {
  it('[CT8] T:make_payment.py: amount, NGN, card_details and no location', async () => {
    const user = await joinUser(server)
    const request = await server.socket('/ws/trips/user/request/', user.access)
    const { trip_id } = await createTrip(request, newPlace())
    const body = {
      trip_id,
      amount: 5000,
      currency: 'NGN',
      payment_method: 'card',
      card_details: { card_number: '4187427415564246', cvv: '828', expiry_month: '09', expiry_year: '32' },
    }
    const card = await server.post('/trips/payment/', body, user.access)
    expect([card.status, card.body['error']]).toEqual([503, 'Payment service unavailable'])
    const cash = await server.post('/trips/payment/', { ...body, payment_method: 'cash' }, user.access)
    expect([cash.status, cash.body['message']]).toEqual([
      200,
      'Cash payment selected. Driver will confirm receipt.',
    ])
  })

  it('[CT8] T:passenger_request.py: skips pings, the first message is the answer; text pings in between', async () => {
    const user = await joinUser(server)
    const socket = await server.socket('/ws/trips/user/request/', user.access)
    socket.sendRaw('ping')
    socket.sendRaw(' ping\n')
    socket.send(wish(newPlace()))
    socket.sendRaw('ping')
    expect(await firstMessage(socket)).toMatchObject({
      trip_id: expect.stringMatching(UUID) as string,
      status: 'pending',
    })
    expect(await socket.drained()).toEqual([])
  })

  it('[CT8] T:passenger_request_after_payment.py: a fresh connection confirms the driver and hears the outcome', async () => {
    const { user, driver, at } = await addPair(server)
    await goOnline(server, driver, at)
    const response = await server.socket('/ws/trips/driver/response/', driver.access)
    await response.next()
    const first = await server.socket('/ws/trips/user/request/', user.access)
    const trip_id = String((await createTrip(first, at))['trip_id'])
    first.close()
    await payCash(server, user, trip_id)
    const second = await server.socket('/ws/trips/user/request/', user.access)
    second.send({ action: 'confirm_driver', trip_id, driver_id: driver.id })
    expect(await firstMessage(second)).toMatchObject({ message: 'Awaiting driver response' })
    await response.find({ type: 'new_trip_request' })
    response.send({ trip_id, driver_response_status: 'accepted' })
    expect(await second.next()).toMatchObject({ type: 'trip_status_update', status: 'accepted' })
  })

  it('[CT8] T:driver_response.py: every key it prints of trip_details', async () => {
    const { offered } = await ask(server, await addPair(server))
    const details = offered['trip_details'] as Json
    for (const key of [
      'trip_id',
      'pickup',
      'destination',
      'distance_km',
      'estimated_time',
      'vehicle_type',
      'load_description',
    ])
      expect(details[key], key).not.toBeUndefined()
    const user = details['user_info'] as Json
    expect([user['name'], user['phone']]).toEqual([
      'Thandi Nkosi',
      expect.stringMatching(/^\+27\d{9}$/) as string,
    ])
    expect((details['payment_info'] as Json)['amount']).toBe(details['estimated_fare'])
  })

  it('[CT8] T:driver_location.py: never reads, and its positions arrive all the same', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const at = newPlace()
    const mute = new WebSocket(`${server.base.replace('http', 'ws')}/ws/trips/driver/location/`, {
      headers: { authorization: `Bearer ${driver.access}` },
    })
    await new Promise((opened) => mute.once('open', opened))
    mute.pause()
    mute.send(JSON.stringify(at))
    const follower = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    for (let step = 1; step <= 8; step++) {
      const next = { ...at, latitude: at.latitude + step * 0.001 }
      mute.send(JSON.stringify(next))
      expect(await follower.find(next)).toMatchObject({ driver_id: driver.id })
      await new Promise((done) => setTimeout(done, 250))
    }
    expect(mute.readyState).toBe(WebSocket.OPEN)
    mute.terminate()
  })

  it('[CT8] T:user_get_driver_location.py: a follower only listens', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const at = newPlace()
    await goOnline(server, driver, at)
    const follower = await server.socket(`/ws/trips/user/location/${driver.id}/`, user.access)
    expect(await follower.next()).toMatchObject({ ...at, driver_details: { id: driver.id } })
  })

  it('[CT8] T:get_available_drivers.py: its assertions', async () => {
    const [driver, user] = await Promise.all([joinDriver(server), joinUser(server)])
    const at = newPlace()
    await goOnline(server, driver, at)
    const socket = await server.socket('/ws/trips/drivers/all/', user.access)
    socket.send({ user_latitude: at.latitude, user_longitude: at.longitude })
    const data = await firstMessage(socket)
    expect(data['type']).toBe('nearest_drivers')
    const drivers = data['nearest_drivers'] as [Json, Json][]
    expect(drivers.length).toBeGreaterThan(0)
    for (const [found, route] of drivers) {
      expect(Object.keys(found)).toContain('id')
      expect(Object.keys(route)).toEqual(expect.arrayContaining(['distance', 'duration']))
    }
  })

  it('[CT8] D@47ed2f96 test/*.py: the per-driver scripts read status, user_id and trip_info', async () => {
    const { user, driver, at } = await addPair(server)
    await goOnline(server, driver, at)
    const response = await server.socket(`/ws/trips/driver/response/${driver.id}/`, driver.access)
    const request = await server.socket(`/ws/trips/user/request/${driver.id}/`, user.access)
    const trip_info = {
      pickup_lat: at.latitude,
      destination_lat: at.latitude + 0.09,
      pickup: 'Park Station',
      destination: 'Sandton City',
      load_description: 'a fridge',
    }
    request.send({ user_id: user.id, trip_info })
    const heard = await response.find({ user_id: user.id })
    expect(heard['trip_info']).toMatchObject({
      pickup: 'Park Station',
      destination: 'Sandton City',
      load_description: 'a fridge',
    })
    response.send({
      user_id: heard['user_id'],
      trip_response_status: 'accepted',
      trip_info: heard['trip_info'],
    })
    expect(await firstMessage(request)).toMatchObject({ status: 'accepted' })
  })
})
