import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPair, CREATE, type Pair } from '../../../test/desk.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { JOHANNESBURG, SANDTON } from '../../../test/people.ts'

const INFO = {
  pickup_lat: JOHANNESBURG.latitude,
  destination_lat: SANDTON.latitude,
  pickup: '1 Commissioner Street',
  destination: '5 Rivonia Road',
  load_description: 'two sofas',
}

let server: LiveServer
let pair: Pair
beforeAll(async () => (server = await startLiveServer({ offerTimeoutSeconds: 4 })))
beforeEach(async () => (pair = await addPair(server)))
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

const requestUrl = () => `/ws/trips/user/request/${pair.driver}/`
const responseUrl = () => `/ws/trips/driver/response/${pair.driver}/`

/** The driver at work and the customer, both at the addresses that name the driver. */
async function meet() {
  const location = await server.connect(`/ws/trips/driver/location/${pair.driver}/`, pair.driverToken)
  location.send({ ...JOHANNESBURG })
  await location.next()
  const response = await server.connect(responseUrl(), pair.driverToken)
  expect(await response.next()).toMatchObject({ status: 'connected', driver_id: pair.driver })
  return { location, response, request: await server.connect(requestUrl(), pair.customerToken) }
}

/** The driver thinks about a legacy request, whose seed example has a number for `user_id`. */
async function ask(info: object = INFO) {
  const desk = await meet()
  desk.request.send({ user_id: 1, trip_info: info })
  const offered = await desk.response.next()
  return { ...desk, offered, tripId: (offered['trip_details'] as { trip_id: string }).trip_id }
}

const tripsOf = async (customer = pair.customer) =>
  (
    await sql<{ id: string; status: string; method: string | null; lon: number; dest_lon: number }>`
      select t.id, t.status, p.method, t.pickup_longitude as lon, t.destination_longitude as dest_lon
      from trip as t left join payment as p on p.trip_id = t.id where t.customer_id = ${customer}
      order by t.created_at`.execute(server.db.single)
  ).rows

describe('the seed’s request to one driver', () => {
  it('[CW76] reaches him as it was sent; his yes tells the customer the trip, which is paid in cash', async () => {
    const { request, response, offered, tripId } = await ask()
    expect(offered).toMatchObject({ type: 'new_trip_request', user_id: pair.customer })
    expect(offered['trip_info']).toMatchObject(INFO)
    expect(await request.drained()).toEqual([])
    response.send({ user_id: pair.customer, trip_response_status: 'accepted', trip_info: INFO })
    expect(await request.next()).toMatchObject({ trip_id: tripId, status: 'accepted' })
    expect(await response.next()).toMatchObject({ user_id: pair.customer, trip_id: tripId })
    expect(await tripsOf()).toMatchObject([{ id: tripId, status: 'accepted', method: 'cash' }])
    const drive = await server.connect(`/ws/trips/driver/status/${tripId}/`, pair.driverToken)
    drive.send({ trip_status: 'arrived at pickup' })
    expect(await drive.find({ payment_status: 'arrived at pickup' })).toBeDefined()
  })

  it('[CW77] his no is told at once, and he may be asked again', async () => {
    const { request, response } = await ask()
    response.send({ user_id: pair.customer, driver_response_status: 'rejected' })
    expect(await request.next()).toMatchObject({ status: 'rejected' })
    request.send({ user_id: pair.customer, trip_info: INFO })
    await response.find({ type: 'new_trip_request' })
    response.send({ user_id: pair.customer, trip_response_status: 'accepted' })
    expect(await request.next()).toMatchObject({ status: 'accepted' })
  })

  it('[CW77] without an answer both are told when the time is over', async () => {
    const { request, response, tripId } = await ask()
    expect(await request.next()).toMatchObject({
      message: 'Driver did not respond - select another driver',
      status: 'pending',
      trip_id: tripId,
    })
    expect(await response.next()).toEqual({ type: 'offer_expired', trip_id: tripId })
    response.send({ user_id: pair.customer, trip_response_status: 'accepted' })
    expect(await response.next()).toEqual({ error: 'This trip is no longer available' })
    expect(await request.drained()).toEqual([])
  })

  it('[CW77] the customer takes it back, before and after the yes', async () => {
    const { request, response, tripId } = await ask()
    const cancel = { user_id: pair.customer, trip_request_status: 'cancelled' }
    const told = { user_id: pair.customer, status: 'cancelled' }
    request.send(cancel)
    expect(await response.next()).toMatchObject({ ...told, trip_id: tripId })
    expect(await request.next()).toMatchObject({ status: 'cancelled' })
    request.send({ user_id: pair.customer, trip_info: INFO })
    await response.find({ type: 'new_trip_request' })
    response.send({ user_id: pair.customer, trip_response_status: 'accepted' })
    await request.find({ status: 'accepted' })
    request.send(cancel)
    expect(await response.find({ type: 'trip_cancelled' })).toMatchObject(told)
    expect(await request.next()).toMatchObject({ status: 'cancelled' })
    request.send(cancel)
    expect(await request.next()).toEqual({ error: 'Trip not found' })
    expect((await tripsOf()).map((trip) => trip.status)).toEqual(['cancelled', 'cancelled'])
  })

  it('[CW78] an answer counts only for the customer and the trip that it names', async () => {
    const { request, response } = await ask()
    const gone = { error: 'This trip is no longer available' }
    for (const [answer, told] of [
      [{ user_id: await server.addCustomer() }, gone],
      [{ user_id: 1 }, gone],
      [{ user_id: pair.customer, trip_info: { ...INFO, pickup: 'elsewhere' } }, gone],
      [{}, { error: 'trip_id is required' }],
      [
        { user_id: pair.customer, trip_response_status: 'maybe' },
        { error: 'Unknown response status: maybe' },
      ],
    ]) {
      response.send({ trip_response_status: 'accepted', ...answer })
      expect(await response.next()).toEqual(told)
    }
    expect(await request.drained()).toEqual([])
  })

  it('[CW78] a request is its sender’s, whatever user_id it names', async () => {
    const stranger = await server.addCustomer()
    const { request, response } = await meet()
    request.send({ user_id: stranger, trip_info: INFO })
    expect(await response.next()).toMatchObject({ user_id: pair.customer })
    expect([await tripsOf(), await tripsOf(stranger)]).toMatchObject([[{ status: 'pending' }], []])
  })
})

describe('coming back', () => {
  it('[CW80] the driver is asked again, in both wordings here and in the newer one at the other address', async () => {
    const { tripId } = await ask()
    const [legacy, other] = await Promise.all([
      server.connect(responseUrl(), pair.driverToken),
      server.connect('/ws/trips/driver/response/', pair.driverToken),
    ])
    const offer = { type: 'new_trip_request', trip_details: { trip_id: tripId } }
    await Promise.all([legacy.next(), other.next()])
    expect(await legacy.next()).toMatchObject({ ...offer, user_id: pair.customer, trip_info: INFO })
    const elsewhere = await other.next()
    expect(elsewhere).toMatchObject(offer)
    expect(elsewhere).not.toHaveProperty('trip_info')
    legacy.send({ user_id: pair.customer, trip_response_status: 'accepted' })
    for (const socket of [legacy, other]) expect(await socket.next()).toMatchObject({ trip_id: tripId })
  })

  it('[CW80] a customer who asks again hears the outcome of the same request, even if it has come', async () => {
    const { request, response, tripId } = await ask()
    request.close()
    const again = await server.connect(requestUrl(), pair.customerToken)
    expect(await again.drained()).toEqual([])
    again.send({ trip_info: INFO })
    expect(await again.drained()).toEqual([])
    response.send({ user_id: pair.customer, trip_response_status: 'accepted' })
    expect(await again.next()).toMatchObject({ trip_id: tripId, status: 'accepted' })
    const late = await server.connect(requestUrl(), pair.customerToken)
    late.send({ trip_info: INFO })
    expect(await late.next()).toMatchObject({ trip_id: tripId, status: 'accepted' })
    expect(await tripsOf()).toHaveLength(1)
  })
})

describe('the newer protocol at the same address', () => {
  it('[CW79] quotes, confirms and cancels, also for another driver than the one in the address', async () => {
    const { request, response } = await meet()
    request.send({ ...CREATE, surge: false })
    const { trip_id } = await request.next()
    await server.request('POST', '/payment/', {
      token: pair.customerToken,
      body: { trip_id, payment_method: 'cash', currency: 'ZAR' },
    })
    request.send({ action: 'confirm_driver', trip_id, driver_id: pair.driver })
    expect(await request.next()).toMatchObject({ message: 'Awaiting driver response' })
    expect(await response.next()).toMatchObject({ type: 'new_trip_request', trip_details: { trip_id } })
    response.send({ trip_id, trip_response_status: 'accepted' })
    expect(await request.next()).toMatchObject({ type: 'trip_status_update', status: 'accepted' })
    request.send({ action: 'cancel_trip', trip_id })
    expect(await request.next()).toMatchObject({ trip_id, status: 'cancelled' })
    for (const unknown of [{ action: 'fly' }, { action: null }, { trip_request_status: 'fly' }, {}]) {
      request.send(unknown)
      expect(await request.next()).toEqual({ error: expect.stringMatching(/^Unknown action: /) as string })
    }
  })
})

describe('what is refused', () => {
  it('[CW75] a driver’s address is open to him, and to customers if a search may show him', async () => {
    const [applicant, unapproved] = [
      await server.addApplicant(),
      await server.addDriver({ isApproved: false }),
    ]
    const refused: [string, string][] = [
      [responseUrl(), await server.signIn(await server.addDriver())],
      [responseUrl(), pair.customerToken],
      [requestUrl(), pair.driverToken],
      ['/ws/trips/user/request/1/', pair.customerToken],
      ...[pair.customer, applicant, unapproved].map((id): [string, string] => [
        `/ws/trips/user/request/${id}/`,
        pair.customerToken,
      ]),
    ]
    for (const [path, token] of refused)
      await expect(server.connect(path, token), path).rejects.toThrow('HTTP 403')
    for (const path of [
      requestUrl().slice(0, -1),
      requestUrl().toUpperCase().replace('/WS/TRIPS/USER/REQUEST', '/ws/trips/user/request'),
    ])
      expect((await server.connect(path, pair.customerToken)).isOpen()).toBe(true)
  })

  it('[CW82] nonsense says what is wrong with it and leaves no trip', async () => {
    const { request } = await meet()
    for (const info of [null, 'x', [], 5, {}, { ...INFO, pickup: 'x' }, { ...INFO, destination_lat: 91 }]) {
      request.send({ trip_info: info })
      expect(await request.next()).toMatchObject({
        error: 'Failed to create trip',
        details: expect.anything() as object,
      })
    }
    expect(await tripsOf()).toEqual([])
  })

  it('[CW82] a driver who is busy or away is not available, and no open quote is left', async () => {
    const away = await server.connect(requestUrl(), pair.customerToken)
    away.send({ trip_info: INFO })
    expect(await away.next()).toEqual({ error: 'Driver is not available' })
    await ask()
    const other = await server.addCustomer()
    const rival = await server.connect(requestUrl(), await server.signIn(other))
    rival.send({ trip_info: INFO })
    expect(await rival.next()).toEqual({ error: 'Driver is not available' })
    expect((await tripsOf(other)).filter((trip) => trip.status === 'pending')).toEqual([])
  })
})

describe('longitudes', () => {
  it('[CW81] are the driver’s, unless they were sent', async () => {
    const { request, response } = await ask()
    expect(await tripsOf()).toMatchObject([{ lon: JOHANNESBURG.longitude, dest_lon: JOHANNESBURG.longitude }])
    response.send({ user_id: pair.customer, trip_response_status: 'rejected' })
    await request.next()
    request.send({ trip_info: { ...INFO, pickup_lon: '28.1', destination_longitude: 28.2 } })
    const told = {
      ...INFO,
      pickup_lon: 28.1,
      destination_lon: 28.2,
      dest_lat: INFO.destination_lat,
      dest_lon: 28.2,
    }
    expect((await response.find({ type: 'new_trip_request' }))['trip_info']).toEqual(told)
    expect((await tripsOf())[1]).toMatchObject({ lon: 28.1, dest_lon: 28.2 })
  })
})
