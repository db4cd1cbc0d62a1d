import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPair, ask, meet, type Pair } from '../../../test/desk.ts'
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

describe('live positions', () => {
  it('[LO5] [CW57] a follower gets the last position at once and then each new one, without contact details', async () => {
    const { location } = await meet(server, pair)
    const follower = await server.connect(`/ws/user/driver/${pair.driver}/location/`, pair.customerToken)
    const expected = {
      ...JOHANNESBURG,
      driver_id: pair.driver,
      driver_details: { id: pair.driver, email: null, phone: null, is_available: true, ...JOHANNESBURG },
    }
    expect(await follower.next()).toMatchObject(expected)
    location.send({ ...SANDTON })
    expect(await follower.next()).toMatchObject({
      ...SANDTON,
      driver_details: { ...SANDTON, name: 'Dumisani Nkosi' },
    })
    expect(await location.next()).toMatchObject({
      driver_details: { email: expect.stringContaining('@') as string },
    })
  })

  it('[CW57] a driver who has not applied yet has all the keys too', async () => {
    const id = await server.addApplicant()
    const location = await server.connect('/ws/trips/driver/location/', await server.signIn(id))
    location.send({ ...SANDTON })
    const { driver_details } = await location.next()
    expect(driver_details).toMatchObject({
      id,
      name: expect.stringContaining('driver-') as string,
      vehicle_type: null,
      is_available: false,
      rating: 0,
      profile_pic: null,
    })
  })

  it('[LO1] latitude 9999 changes nothing for anybody', async () => {
    const { location } = await meet(server, pair)
    const follower = await server.connect(`/ws/trips/user/location/${pair.driver}/`, pair.customerToken)
    await follower.next()
    for (const bad of [
      '{"latitude":9999,"longitude":28}',
      '{"latitude":1e309,"longitude":28}',
      '{"latitude":"x"}',
      '{}',
      '{"latitude":0,"longitude":0}',
      '{"latitude":null,"longitude":null}',
    ]) {
      location.sendRaw(bad)
      expect(await location.next()).toEqual({ error: 'Invalid coordinates' })
    }
    expect(await follower.drained()).toEqual([])
    expect(server.platform.positions.lastFix(pair.driver)).toMatchObject(JOHANNESBURG)
  })

  it('[LO6] nothing is told of a driver who works for somebody else, and he may be followed again afterwards', async () => {
    const { location, tripId, response } = await ask(server, pair)
    const stranger = await server.signIn(await server.addCustomer())
    const [nosy, own] = await Promise.all([
      server.connect(`/ws/user/driver/${pair.driver}/location/`, stranger),
      server.connect(`/ws/user/driver/${pair.driver}/location/`, pair.customerToken),
    ])
    await own.next()
    location.send({ ...SANDTON })
    expect(await own.next()).toMatchObject(SANDTON)
    expect(await nosy.drained()).toEqual([])
    response.send({ trip_id: tripId, driver_response_status: 'rejected' })
    await response.next()
    await expect.poll(() => server.platform.positions.isAvailable(pair.driver, Date.now())).toBe(true)
    location.send({ ...JOHANNESBURG })
    expect(await nosy.next()).toMatchObject(JOHANNESBURG)
  })
})
