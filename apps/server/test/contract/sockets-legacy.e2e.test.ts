import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPair, wish } from './kit/desk.ts'
import { goOnline, UUID } from './kit/people.ts'
import { OFFER_SECONDS, startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

/** Both at the per-driver addresses, the driver online. */
async function meetOldWay() {
  const pair = await addPair(server)
  await goOnline(server, pair.driver, pair.at)
  const response = await server.socket(`/ws/trips/driver/response/${pair.driver.id}/`, pair.driver.access)
  expect(await response.next()).toEqual({
    message: 'Connection established',
    status: 'connected',
    driver_id: pair.driver.id,
  })
  const request = await server.socket(`/ws/trips/user/request/${pair.driver.id}/`, pair.user.access)
  const tripInfo: Json = {
    pickup_lat: pair.at.latitude,
    destination_lat: pair.at.latitude + 0.09,
    pickup: '1 Commissioner Street',
    destination: '5 Rivonia Road',
    load_description: 'two sofas',
  }
  const asks = (changes: Json = {}) =>
    request.send({ user_id: pair.user.id, trip_info: tripInfo, ...changes })
  return { ...pair, response, request, tripInfo, asks }
}

describe.concurrent('§3.9 per-driver sockets', () => {
  it('[CT6] §3.9 the driver gets user_id and trip_info as sent', async () => {
    const { asks, response, user, tripInfo } = await meetOldWay()
    asks()
    const offered = await response.find({ user_id: user.id })
    expect(offered).toMatchObject({ user_id: user.id, trip_info: tripInfo })
  })

  it('[CT6] §3.9 accepted: the user gets at least trip_id and status; the trip exists', async () => {
    const { asks, response, request, user, tripInfo } = await meetOldWay()
    asks()
    await response.find({ user_id: user.id })
    response.send({ user_id: user.id, trip_response_status: 'accepted', trip_info: tripInfo })
    const accepted = await request.find({ status: 'accepted' })
    expect(accepted).toMatchObject({ trip_id: expect.stringMatching(UUID) as string, status: 'accepted' })
    const tripId = String(accepted['trip_id'])
    expect((await server.get(`/trips/${tripId}/status/`, user.access)).body).toEqual({
      trip_status: 'accepted',
    })
  })

  it('[CT6] §3.9 rejected: the user gets {"status":"rejected"} as the first message', async () => {
    const { asks, response, request, user } = await meetOldWay()
    asks()
    await response.find({ user_id: user.id })
    response.send({ user_id: user.id, trip_response_status: 'rejected' })
    expect(await request.next()).toMatchObject({ status: 'rejected' })
    await new Promise((done) => setTimeout(done, OFFER_SECONDS * 1000 + 500))
    expect(await request.drained()).toEqual([])
  })

  it('[CT6] §3.9 cancelled by the user: the driver gets user_id and status', async () => {
    const { asks, response, request, user } = await meetOldWay()
    asks()
    await response.find({ user_id: user.id })
    request.send({ user_id: user.id, trip_request_status: 'cancelled' })
    expect(await response.next()).toMatchObject({ user_id: user.id, status: 'cancelled' })
  })

  it("[CT6] §3.9 user_id is the caller's own, whatever he sends", async () => {
    const { asks, response, user, driver } = await meetOldWay()
    asks({ user_id: driver.id })
    const heard = response.find({ user_id: user.id })
    expect(await heard).toMatchObject({ user_id: user.id })
  })

  it('[CT6] §3.9 longitudes that come along are passed on too', async () => {
    const { asks, response, user, tripInfo, at } = await meetOldWay()
    const full = {
      ...tripInfo,
      pickup_lon: at.longitude,
      dest_lat: at.latitude + 0.09,
      dest_lon: at.longitude,
    }
    asks({ trip_info: full })
    expect(await response.find({ user_id: user.id })).toMatchObject({ trip_info: full })
  })

  it('[CT6] §3.9 with action present the same addresses speak §3.5', async () => {
    const { request, response, at, user, driver } = await meetOldWay()
    request.send(wish(at))
    const created = await request.next()
    expect(created).toMatchObject({ message: 'Trip created successfully - select a driver' })
    const trip_id = String(created['trip_id'])
    const payment = { trip_id, payment_method: 'cash', currency: 'ZAR' }
    expect((await server.post('/payment/', payment, user.access)).status).toBe(200)
    request.send({ action: 'confirm_driver', trip_id, driver_id: driver.id })
    expect(await request.next()).toMatchObject({ message: 'Awaiting driver response' })
    await response.find({ type: 'new_trip_request' })
    response.send({ trip_id, driver_response_status: 'accepted' })
    expect(await request.next()).toMatchObject({ type: 'trip_status_update', status: 'accepted', trip_id })
  })

  it('[CT6] §3.9 nonsense is answered with an error and the socket stays', async () => {
    const { asks, request, response } = await meetOldWay()
    for (const trip_info of [undefined, null, 'text', {}, { pickup: 7 }]) {
      asks({ trip_info })
      expect(await request.next()).toMatchObject({ error: expect.stringMatching(/./) as string })
    }
    response.send({ user_id: 'nonsense', trip_response_status: 'accepted' })
    expect(await response.next()).toMatchObject({ error: expect.stringMatching(/./) as string })
    expect(request.isOpen() && response.isOpen()).toBe(true)
  })
})
