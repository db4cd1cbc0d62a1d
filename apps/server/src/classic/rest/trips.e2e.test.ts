import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, addPair, ask, meet, type Pair } from '../../../test/desk.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'

let server: LiveServer
let pair: Pair
beforeAll(async () => (server = await startLiveServer()))
beforeEach(async () => (pair = await addPair(server)))
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('/trips/<id>/status/', () => {
  it('[CW64] checks by GET and by POST without a status, at both prefixes', async () => {
    const { tripId } = await accept(server, pair)
    for (const token of [pair.customerToken, pair.driverToken]) {
      for (const [method, path] of [
        ['GET', `/trips/${tripId}/status/`],
        ['GET', `/trip/${tripId}/status`],
        ['POST', `/trip/${tripId}/status/`],
      ] as const) {
        expect(await server.request(method, path, { token })).toEqual({
          status: 200,
          body: { trip_status: 'accepted' },
        })
      }
      const withId = { token, body: { trip_id: tripId } }
      expect((await server.request('POST', `/trips/${tripId}/status/`, withId)).body).toEqual({
        trip_status: 'accepted',
      })
    }
  })

  it('[CW64] takes the updates of the driver', async () => {
    const { tripId, response } = await accept(server, pair)
    const update = (status: string) =>
      server.request('POST', `/trips/${tripId}/status/`, { token: pair.driverToken, body: { status } })
    expect(await update('Arrived at pickup')).toEqual({
      status: 200,
      body: { message: 'trip updated successfully' },
    })
    expect(await update('in progress')).toMatchObject({ status: 200 })
    expect(await update('accepted')).toMatchObject({
      status: 400,
      body: { error: 'Cannot change status from in_progress to accepted' },
    })
    expect(await update('flying')).toMatchObject({
      status: 400,
      body: { error: 'Invalid input data', details: { status: ['"flying" is not a valid choice.'] } },
    })
    expect(await update('completed')).toMatchObject({ status: 200 })
    expect(await response.drained()).toEqual([])
  })

  it('[CW64] lets the customer cancel and nothing else', async () => {
    const { tripId, response } = await ask(server, pair)
    const update = (status: string) =>
      server.request('POST', `/trips/${tripId}/status/`, {
        token: pair.customerToken,
        body: { trip_status: status },
      })
    expect(await update('completed')).toMatchObject({ status: 403 })
    expect(await update('cancelled')).toMatchObject({ status: 200 })
    expect(await update('cancelled')).toMatchObject({ status: 200 })
    expect(await response.find({ type: 'trip_cancelled' })).toMatchObject({ trip_id: tripId })
  })

  it('[TR10] [CW64] does not know other people and other words', async () => {
    const { tripId } = await accept(server, pair)
    const stranger = await server.signIn(await server.addCustomer())
    const other = await server.signIn(await server.addDriver())
    const gone = { status: 404, body: { error: 'Trip not found.', message: 'Trip not found.' } }
    for (const token of [stranger, other]) {
      expect(await server.request('GET', `/trips/${tripId}/status/`, { token })).toEqual(gone)
      for (const status of ['cancelled', 'completed']) {
        expect(await server.request('POST', `/trips/${tripId}/status/`, { token, body: { status } })).toEqual(
          gone,
        )
      }
    }
    for (const id of [NOBODY, '1', 'x%00', '%F0%9F%9A%9A']) {
      expect(await server.request('GET', `/trips/${id}/status/`, { token: stranger })).toEqual(gone)
    }
    expect((await server.request('GET', `/trips/${tripId}/status/`)).status).toBe(401)
  })
})

describe('/trip/find-driver/', () => {
  const WHITELIST = [
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
  ]

  it('[CW65] answers GET and POST with flat, whitelisted drivers', async () => {
    await meet(server, pair)
    const byBody = await server.request('POST', '/trip/find-driver/', {
      token: pair.customerToken,
      body: { pickup_lat: -26.2041, pickup_lon: 28.0573, vehicle_type: ['Bakkie'] },
    })
    const byQuery = await server.request(
      'GET',
      '/trips/find-driver/?pickup_lat=-26.2041&pickup_lon=28.0573&vehicle_type=Bakkie&vehicle_type=Motorbike',
      { token: pair.customerToken },
    )
    expect(byQuery).toEqual(byBody)
    expect(byBody.body['message']).toBe('Available drivers found')
    const drivers = byBody.body['drivers'] as Record<string, unknown>[]
    const own = drivers.find((each) => each['id'] === pair.driver)
    expect(own).toMatchObject({
      distance: 1,
      email: null,
      phone: null,
      is_available: true,
      vehicle_type: 'Bakkie',
    })
    for (const driver of drivers) expect(Object.keys(driver).sort()).toEqual([...WHITELIST].sort())
  })

  it('[CW65] says when nobody is near', async () => {
    expect(
      await server.request('POST', '/trips/find-driver/', {
        token: pair.customerToken,
        body: { pickup_lat: 51.5, pickup_lon: -0.1 },
      }),
    ).toEqual({ status: 200, body: { message: 'No available drivers nearby' } })
  })

  it('[CW65] says what is wrong with its input', async () => {
    const bad: [object, string][] = [
      [{ pickup_lat: 'x', pickup_lon: 1 }, 'pickup_lat'],
      [{ pickup_lat: 9999, pickup_lon: 1 }, 'pickup_lat'],
      [{ pickup_lat: 1 }, 'pickup_lon'],
      [{ vehicle_type: ['Rocket'] }, 'vehicle_type'],
      [{ vehicle_type: { a: 1 } }, 'vehicle_type'],
    ]
    for (const [body, field] of bad) {
      const answer = await server.request('POST', '/trip/find-driver/', { token: pair.customerToken, body })
      expect(answer).toMatchObject({ status: 400, body: { error: 'Invalid input data' } })
      expect(Object.keys(answer.body['details'] as object)).toEqual([field])
    }
    expect((await server.request('GET', '/trip/find-driver/')).status).toBe(401)
  })
})

describe('/payment/', () => {
  const pay = (tripId: string, body: object, path = '/payment/') =>
    server.request('POST', path, {
      token: pair.customerToken,
      body: { trip_id: tripId, payment_method: 'cash', currency: 'ZAR', ...body },
    })
  const CASH = { message: 'Cash payment selected. Driver will confirm receipt.' }

  it('[CW66] chooses cash at every address, with the fields old clients send', async () => {
    const trip = await server.requestTrip(pair.customer)
    for (const path of [
      '/payment/',
      '/payment/initiate/',
      '/api/payment/',
      '/api/payment/initiate',
      '/trips/payment/',
    ]) {
      expect(await pay(trip.id, { location: 'ZAR', amount: 1, card_details: {} }, path)).toEqual({
        status: 200,
        body: CASH,
      })
    }
    const rows = await server.db.single
      .selectFrom('payment')
      .selectAll()
      .where('trip_id', '=', trip.id)
      .execute()
    expect(rows.map((row) => row.amount_minor)).toEqual([trip.fare.amountMinor])
  })

  it('[CW66] other methods are not configured and change nothing', async () => {
    const trip = await server.requestTrip(pair.customer)
    for (const method of ['card', 'mobile_money', 'bank_transfer']) {
      expect(await pay(trip.id, { payment_method: method })).toMatchObject({
        status: 503,
        body: {
          error: 'Payment service unavailable',
          details: `${method} is not configured`,
        },
      })
    }
    const rows = await server.db.single
      .selectFrom('payment')
      .select('method')
      .where('trip_id', '=', trip.id)
      .execute()
    expect(rows).toEqual([{ method: 'cash' }])
  })

  it('[CW66] says what is wrong with its input', async () => {
    const trip = await server.requestTrip(pair.customer)
    const foreign = await server.requestTrip(await server.addCustomer())
    const bad: [string, object, string, string][] = [
      ['x', {}, 'trip_id', 'Must be a valid UUID.'],
      [NOBODY, {}, 'trip_id', 'Invalid trip ID. Trip does not exist.'],
      [foreign.id, {}, 'trip_id', 'Invalid trip ID. Trip does not exist.'],
      [trip.id, { payment_method: 'gold' }, 'payment_method', '"gold" is not a valid choice.'],
      [
        trip.id,
        { currency: 'EUR' },
        'currency',
        "Unsupported currency: EUR. Use one of ['USD', 'NGN', 'KES', 'ZAR', 'GHS']",
      ],
      [trip.id, { location: 'US' }, 'location', '"US" is not a valid choice.'],
      [trip.id, { currency: undefined }, 'currency', 'This field is required.'],
    ]
    for (const [tripId, body, field, text] of bad) {
      const { status, body: answer } = await pay(tripId, body)
      expect([status, answer['error'], answer['details']]).toEqual([
        400,
        'Invalid input data',
        { [field]: [text] },
      ])
    }
    const byDriver = await server.request('POST', '/payment/', {
      token: pair.driverToken,
      body: { trip_id: trip.id },
    })
    expect(byDriver.status).toBe(403)
  })
})
