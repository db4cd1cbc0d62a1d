import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, ask, quote, meet } from './kit/desk.ts'
import { joinDriver, NOBODY } from './kit/people.ts'
import { OFFER_SECONDS, startServer, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const GONE = { error: 'This trip is no longer available' }

describe.concurrent('§3.6 driver response', () => {
  it('[CT6] §3.6 new_trip_request: every key of the seed, fare included (C-26)', async () => {
    const pair = await addPair(server)
    const { offered, created, tripId } = await ask(server, pair)
    expect(offered).toEqual({
      type: 'new_trip_request',
      trip_details: {
        trip_id: tripId,
        estimated_fare: created['estimated_fare'],
        distance_km: created['distance_km'],
        estimated_time: created['estimated_time'],
        pickup: '1 Commissioner Street',
        destination: '5 Rivonia Road',
        vehicle_type: 'Bakkie',
        load_description: 'two sofas',
        user_info: { id: pair.user.id, name: 'Thandi Nkosi', phone: pair.user.phone },
        payment_info: {
          payment_method: 'cash',
          payment_status: 'pending',
          amount: created['estimated_fare'],
          currency: 'ZAR',
        },
      },
    })
  })

  it('[CT6] §3.6 the offer arrives at both addresses and at every socket of the driver', async () => {
    const pair = await addPair(server)
    const desk = await quote(server, await meet(server, pair))
    const other = await server.socket('/ws/trips/driver/', pair.driver.access)
    desk.request.send({ action: 'confirm_driver', trip_id: desk.tripId, driver_id: pair.driver.id })
    for (const socket of [desk.response, other])
      expect(await socket.find({ type: 'new_trip_request' })).toMatchObject({
        trip_details: { trip_id: desk.tripId },
      })
  })

  it("[CT6] §3.6 accepted: one message with the seed's five fields, type, trip_id and message (C-27)", async () => {
    const pair = await addPair(server)
    const { told, tripId } = await accept(server, pair)
    expect(told).toEqual({
      type: 'trip_accepted_confirmation',
      message: `Trip ${tripId} accepted`,
      trip_id: tripId,
      user_id: pair.user.id,
      first_name: 'Thandi',
      last_name: 'Nkosi',
      email: pair.user.email,
      phone: pair.user.phone,
    })
  })

  it('[CT6] §3.6 rejected: "Trip <id> rejected"', async () => {
    const pair = await addPair(server)
    const { response, tripId } = await ask(server, pair)
    response.send({ trip_id: tripId, driver_response_status: 'rejected' })
    expect(await response.next()).toEqual({ message: `Trip ${tripId} rejected`, trip_id: tripId })
  })

  it('[CT6] §3.6 the old name trip_response_status works too (C-35)', async () => {
    const pair = await addPair(server)
    const { response, request, tripId } = await ask(server, pair)
    response.send({ trip_id: tripId, trip_response_status: 'accepted' })
    expect(await response.next()).toMatchObject({ message: `Trip ${tripId} accepted` })
    expect(await request.next()).toMatchObject({ status: 'accepted' })
  })

  it('[CT6] §3.6 no trip_id, unknown and malformed trips, another word', async () => {
    const pair = await addPair(server)
    const { response, tripId } = await ask(server, pair)
    const says = async (message: object) => {
      response.send(message)
      return response.next()
    }
    expect(await says({ driver_response_status: 'accepted' })).toEqual({ error: 'trip_id is required' })
    for (const trip_id of [NOBODY, 'nonsense', 7, {}])
      expect(await says({ trip_id, driver_response_status: 'accepted' })).toEqual({
        error: 'Trip not found',
      })
    expect(await says({ trip_id: tripId, driver_response_status: 'maybe' })).toEqual({
      error: 'Unknown response status: maybe',
    })
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await response.next()).toMatchObject({ type: 'trip_accepted_confirmation' })
  })

  it('[CT6] §3.6 not offered to this driver: an error, and the trip does not change hands', async () => {
    const pair = await addPair(server)
    const rival = await joinDriver(server)
    const { tripId, response } = await ask(server, pair)
    const other = await server.socket('/ws/trips/driver/response/', rival.access)
    await other.next()
    for (const word of ['accepted', 'rejected']) {
      other.send({ trip_id: tripId, driver_response_status: word })
      expect(keysOfErrors(await other.next())).toBe(true)
    }
    response.send({ trip_id: tripId, driver_response_status: 'accepted' })
    expect(await response.next()).toMatchObject({ type: 'trip_accepted_confirmation' })
  })

  it('[CT6] Decided: expired, taken and ended offers: "This trip is no longer available"', async () => {
    const [late, taken, ended] = await Promise.all([addPair(server), addPair(server), addPair(server)])
    const answer = async ({ response, tripId }: Awaited<ReturnType<typeof ask>>) => {
      response.send({ trip_id: tripId, driver_response_status: 'accepted' })
      return response.find(GONE)
    }
    const lateTrip = await ask(server, late)
    await lateTrip.response.find({ type: 'offer_expired' })
    expect(await answer(lateTrip)).toEqual(GONE)
    expect(await answer({ ...(await accept(server, taken)) })).toEqual(GONE)
    const endedTrip = await ask(server, ended)
    await server.post(`/trips/${endedTrip.tripId}/status/`, { status: 'cancelled' }, ended.user.access)
    expect(await endedTrip.response.next()).toEqual({
      type: 'trip_cancelled',
      user_id: ended.user.id,
      trip_id: endedTrip.tripId,
      status: 'cancelled',
    })
    expect(await answer(endedTrip)).toEqual(GONE)
  })

  it('[CT6] §3.6 after a reconnect the open offer comes again', async () => {
    const pair = await addPair(server)
    const { response, tripId } = await ask(server, pair)
    response.close()
    const again = await server.socket('/ws/trips/driver/response/', pair.driver.access)
    expect(await again.next()).toMatchObject({ status: 'connected' })
    expect(await again.next()).toMatchObject({
      type: 'new_trip_request',
      trip_details: { trip_id: tripId },
    })
    expect(OFFER_SECONDS).toBeGreaterThan(1)
  })
})

const keysOfErrors = (message: object): boolean =>
  Object.keys(message).join() === 'error' && /./.test(String((message as { error: unknown }).error))
