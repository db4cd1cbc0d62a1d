import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, ask } from './kit/desk.ts'
import { refusal, refused, whole } from './kit/http.ts'
import { goOnline, joinDriver, joinUser, newPlace, NOBODY, type Point } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const query = ({ latitude, longitude }: Point): string => `?pickup_lat=${latitude}&pickup_lon=${longitude}`
const body = ({ latitude, longitude }: Point): Json => ({ pickup_lat: latitude, pickup_lon: longitude })
const NO_TOKEN = refused(401, { detail: 'Authentication credentials were not provided.' })

describe.concurrent('§2.2 /trip/find-driver/', () => {
  it('[CT3] §2.2 find-driver: GET and POST (C-7), both prefixes, the older alias, slash or not', async () => {
    const at = newPlace()
    const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    await goOnline(server, driver, at)
    const paths = ['/trip/find-driver/', '/trips/find-driver/', '/trips/find-driver', '/trips/drivers/find/']
    for (const path of paths)
      for (const answer of [
        await server.get(path + query(at), user.access),
        await server.post(path, { ...body(at), vehicle_type: ['Bakkie'] }, user.access),
      ])
        expect(whole(answer), path).toEqual({
          status: 200,
          body: {
            message: 'Available drivers found',
            drivers: [
              {
                id: driver.id,
                name: 'Sipho Dlamini',
                first_name: 'Sipho',
                last_name: 'Dlamini',
                email: null,
                phone: null,
                vehicle_type: 'Bakkie',
                rating: 0,
                profile_pic: expect.stringMatching(/^(https?:\/\/|\/)/) as string,
                car_image: expect.stringMatching(/^(https?:\/\/|\/)/) as string,
                latitude: at.latitude,
                longitude: at.longitude,
                is_available: true,
                distance: 0,
              },
            ],
          },
        })
  })

  it('[CT3] §2.2 find-driver: nobody near is a message and no list', async () => {
    const user = await joinUser(server)
    for (const answer of [
      await server.get(`/trip/find-driver/${query(newPlace())}`, user.access),
      await server.post('/trip/find-driver/', body(newPlace()), user.access),
    ])
      expect(whole(answer)).toEqual({ status: 200, body: { message: 'No available drivers nearby' } })
  })

  it('[CT3] §2.2 find-driver: within 50 km, nearest first, each once, no far-away fallback (C-9)', async () => {
    const at = newPlace()
    const [user, ...drivers] = await Promise.all([
      joinUser(server),
      ...[1, 2, 3].map(() => joinDriver(server)),
    ])
    // 40, 1 and 55 kilometres to the north.
    for (const [index, degrees] of [0.36, 0.009, 0.495].entries())
      await goOnline(server, drivers[index]!, { ...at, latitude: at.latitude + degrees })
    const found = (await server.get(`/trip/find-driver/${query(at)}`, user.access)).body['drivers'] as Json[]
    expect(found.map(({ id, distance }) => [id, distance])).toEqual([
      [drivers[1]!.id, 1],
      [drivers[0]!.id, 40.03],
    ])
  })

  it('[CT3] §2.2 find-driver: the vehicle types asked for, repeatable', async () => {
    const at = newPlace()
    const [user, bakkie, truck] = await Promise.all([
      joinUser(server),
      joinDriver(server),
      joinDriver(server, { vehicle_type: '4 ton Truck' }),
    ])
    for (const driver of [bakkie, truck]) await goOnline(server, driver, at)
    const idsFor = async (words: string) => {
      const { body } = await server.get(`/trip/find-driver/${query(at)}${words}`, user.access)
      return ((body['drivers'] ?? []) as Json[]).map(({ id }) => id).sort()
    }
    expect(await idsFor('&vehicle_type=Bakkie')).toEqual([bakkie.id])
    expect(await idsFor('&vehicle_type=4%20ton%20Truck')).toEqual([truck.id])
    expect(await idsFor('&vehicle_type=Bakkie&vehicle_type=4%20ton%20Truck')).toEqual(
      [bakkie.id, truck.id].sort(),
    )
    expect(await idsFor('&vehicle_type=Motorbike')).toEqual([])
    expect(await idsFor('')).toEqual([bakkie.id, truck.id].sort())
  })

  it('[CT3] Decided: without coordinates the newest fixes, distance null', async () => {
    const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    await goOnline(server, driver, newPlace())
    const { body } = await server.get('/trip/find-driver/', user.access)
    expect(body['message']).toBe('Available drivers found')
    const found = body['drivers'] as Json[]
    expect(found.find(({ id }) => id === driver.id)).toMatchObject({ distance: null })
    for (const each of found) expect(each['distance']).toBeNull()
  })

  it('[CT3] §2.2 find-driver: 400 for bad numbers and vehicles, 401 for nobody', async () => {
    const user = await joinUser(server)
    for (const [search, details] of [
      [{ pickup_lat: 'north', pickup_lon: 28 }, { pickup_lat: ['A valid number is required.'] }],
      [{ vehicle_type: ['Van'] }, { vehicle_type: ['"Van" is not a valid choice.'] }],
    ] as const)
      expect(refusal(await server.post('/trip/find-driver/', search, user.access))).toEqual(
        refused(400, { error: 'Invalid input data', details }),
      )
    expect(
      refusal(await server.get('/trip/find-driver/?pickup_lat=north&pickup_lon=28', user.access)),
    ).toEqual(
      refused(400, {
        error: 'Invalid input data',
        details: { pickup_lat: ['A valid number is required.'] },
      }),
    )
    expect(refusal(await server.get('/trip/find-driver/'))).toEqual(NO_TOKEN)
  })
})

describe.concurrent('§2.2 /trips/<trip_id>/status/', () => {
  const NOT_FOUND = refused(404, { error: 'Trip not found.' })
  const UPDATED = { status: 200, body: { message: 'trip updated successfully' } }

  it('[CT3] §2.2 status: GET, and POST without a status, are the check; both prefixes, slash or not', async () => {
    const pair = await addPair(server)
    const { tripId } = await accept(server, pair)
    for (const { access } of [pair.user, pair.driver])
      for (const path of [`/trips/${tripId}/status/`, `/trip/${tripId}/status/`, `/trips/${tripId}/status`])
        for (const answer of [
          await server.get(path, access),
          await server.call('POST', path, { token: access }),
          await server.post(path, {}, access),
          await server.post(path, { trip_id: tripId }, access),
        ])
          expect(whole(answer)).toEqual({ status: 200, body: { trip_status: 'accepted' } })
  })

  it('[CT3] §2.2 status: POST updates by status or trip_status; JSON and urlencoded', async () => {
    const pair = await addPair(server)
    const { tripId } = await accept(server, pair)
    const path = `/trips/${tripId}/status/`
    const token = pair.driver.access
    expect(whole(await server.post(path, { status: 'arrived at pickup' }, token))).toEqual(UPDATED)
    expect(whole(await server.post(path, { trip_status: 'picked up' }, token))).toEqual(UPDATED)
    expect(whole(await server.call('POST', path, { token, form: { status: 'in progress' } }))).toEqual(
      UPDATED,
    )
    expect((await server.get(path, pair.user.access)).body).toEqual({ trip_status: 'in_progress' })
    expect(refusal(await server.post(path, { status: 'accepted' }, token))).toEqual(
      refused(400, { error: 'Cannot change status from in_progress to accepted' }),
    )
    expect(whole(await server.post(path, { status: 'completed' }, token))).toEqual(UPDATED)
    expect(refusal(await server.post(path, { status: 'cancelled' }, token))).toEqual(
      refused(400, { error: 'Cannot change status from completed to cancelled' }),
    )
  })

  it('[CT3] §2.2 status: the passenger may only cancel; the driver is told', async () => {
    const pair = await addPair(server)
    const { tripId, response } = await ask(server, pair)
    const path = `/trip/${tripId}/status/`
    for (const status of ['in_progress', 'completed', 'accepted'])
      expect((await server.post(path, { status }, pair.user.access)).status).toBe(403)
    expect((await server.get(path, pair.user.access)).body).toEqual({ trip_status: 'pending' })
    expect(whole(await server.post(path, { status: 'cancelled' }, pair.user.access))).toEqual(UPDATED)
    expect(await response.next()).toEqual({
      type: 'trip_cancelled',
      user_id: pair.user.id,
      trip_id: tripId,
      status: 'cancelled',
    })
  })

  it('[CT3] §2.2 status: an unknown word is 400 with details', async () => {
    const pair = await addPair(server)
    const { tripId } = await accept(server, pair)
    expect(
      refusal(await server.post(`/trips/${tripId}/status/`, { status: 'flying' }, pair.driver.access)),
    ).toEqual(
      refused(400, {
        error: 'Invalid input data',
        details: { status: ['"flying" is not a valid choice.'] },
      }),
    )
  })

  it('[CT3] §2.2 status: unknown, malformed and somebody else\'s trip are 404 "Trip not found.", nobody 401', async () => {
    const pair = await addPair(server)
    const [{ tripId }, stranger, rival] = await Promise.all([
      accept(server, pair),
      joinUser(server),
      joinDriver(server),
    ])
    for (const { access } of [stranger, rival])
      for (const id of [tripId, NOBODY, '1', 'nonsense', '%00']) {
        expect(refusal(await server.get(`/trips/${id}/status/`, access)), id).toEqual(NOT_FOUND)
        expect(refusal(await server.post(`/trips/${id}/status/`, {}, access))).toEqual(NOT_FOUND)
        expect(refusal(await server.post(`/trips/${id}/status/`, { status: 'cancelled' }, access))).toEqual(
          NOT_FOUND,
        )
      }
    expect(refusal(await server.get(`/trips/${tripId}/status/`))).toEqual(NO_TOKEN)
    expect((await server.get(`/trips/${tripId}/status/`, pair.user.access)).body).toEqual({
      trip_status: 'accepted',
    })
  })
})
