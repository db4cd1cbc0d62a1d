import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, addPair, ask, CREATE, type Pair } from '../../../test/desk.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'

let server: LiveServer
let pair: Pair
beforeAll(async () => (server = await startLiveServer({ offerTimeoutSeconds: 2 })))
beforeEach(async () => (pair = await addPair(server)))
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

describe('refusals in the handshake', () => {
  it('[CW58] are HTTP 403, whatever their reason', async () => {
    const { tripId } = await accept(server, pair)
    const other = await server.signIn(await server.addCustomer())
    const otherDriver = await server.signIn(await server.addDriver())
    const refused: [string, string | undefined][] = [
      ['/ws/trips/user/request/', undefined],
      ['/ws/trips/user/request/', 'nonsense'],
      ['/ws/trips/user/request/', pair.driverToken],
      [`/ws/trips/user/request/?token=${pair.customerToken}`, undefined],
      ['/ws/driver/location/', pair.customerToken],
      ['/ws/trips/driver/response/', pair.customerToken],
      [`/ws/trips/driver/location/${pair.customer}/`, pair.driverToken],
      [`/ws/trips/user/status/${tripId}/`, other],
      ['/ws/trips/user/status/nonsense/', pair.customerToken],
      [`/ws/trips/driver/status/update/${tripId}/`, otherDriver],
      [`/ws/user/driver/${pair.customer}/location/`, pair.customerToken],
      ['/ws/user/driver/1/location/', pair.customerToken],
    ]
    for (const [path, token] of refused)
      await expect(server.connect(path, token), path).rejects.toThrow('HTTP 403')
  })

  it('[CW59] an unknown socket is HTTP 404', async () => {
    await expect(server.connect('/ws/nowhere/', pair.customerToken)).rejects.toThrow('HTTP 404')
    await expect(server.connect('/healthz', pair.customerToken)).rejects.toThrow('HTTP 404')
  })

  it('[CW60] an account has at most so many sockets', async () => {
    const open = await Promise.all(
      Array.from({ length: 20 }, () => server.connect('/ws/trips/user/', pair.customerToken)),
    )
    await expect(server.connect('/ws/trips/user/', pair.customerToken)).rejects.toThrow('HTTP 403')
    open[0]?.close()
    await expect
      .poll(() =>
        server.connect('/ws/trips/user/', pair.customerToken).then(
          () => 'open',
          () => 'refused',
        ),
      )
      .toBe('open')
  })
})

describe('many handshakes side by side', () => {
  it('[CW60] leave no more sockets open than allowed', async () => {
    const { tripId } = await accept(server, pair)
    const open = await Promise.all(
      Array.from({ length: 60 }, () =>
        server.connect(`/ws/trips/user/status/${tripId}/`, pair.customerToken).catch(() => undefined),
      ),
    )
    // The customer's request socket is one of the twenty.
    await expect.poll(() => open.filter((socket) => socket?.isOpen()).length).toBe(19)
  })
})

describe('a database that fails for a moment', () => {
  it('[CW67] closes the socket that missed something, so that its client comes back for the state', async () => {
    const rename = (from: string, to: string) =>
      sql.raw(`alter table ${from} rename to ${to}`).execute(server.db.single)
    await rename('stream', 'stream_away')
    const socket = await server.connect('/ws/trips/user/request/', pair.customerToken)
    expect(await socket.closed()).toBe(1013)
    await rename('stream_away', 'stream')
    expect(server.errors.splice(0).join()).toContain('a socket task failed')
    await ask(server, pair)
  })
})

describe('malformed input', () => {
  const FRAMES: (string | Buffer)[] = [
    'nonsense',
    '[1,2]',
    '17',
    '"text"',
    'null',
    'true',
    '',
    '{"a":NaN}',
    Buffer.from([0xff, 0xfe]),
    '['.repeat(15_000),
  ]
  const OBJECTS = [
    '{}',
    '{"__proto__":{"action":"create_trip"}}',
    '{"action":{"$gt":""}}',
    '{"action":"create_trip","pickup_lat":1e309}',
    '{"action":"confirm_driver","trip_id":9007199254740993,"driver_id":"\\ud800"}',
    '{"trip_id":9223372036854775807,"driver_response_status":"accepted"}',
    '{"trip_status":["completed"]}',
    `{"action":${'['.repeat(7_900)}${']'.repeat(7_900)}}`,
    `{"trip_id":"x","driver_response_status":${'['.repeat(7_900)}${']'.repeat(7_900)}}`,
    `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    '{"action":"create_trip","vehicle_type":"Bakkie","pickup":"a\\u0000b","destination":"abc","pickup_lat":-26,"pickup_lon":28,"dest_lat":-26,"dest_lon":28.1}',
  ]

  it('[CW61] is answered with an error and survived, on every socket', async () => {
    const { tripId, location, response, request } = await accept(server, pair)
    const drive = await server.connect(`/ws/trips/driver/status/update/${tripId}/`, pair.driverToken)
    await drive.next()
    for (const socket of [location, response, request, drive]) {
      for (const frame of FRAMES) {
        socket.sendRaw(frame)
        expect(await socket.next()).toEqual({ error: 'Invalid JSON format' })
      }
      for (const text of OBJECTS) {
        socket.sendRaw(text)
        expect(await socket.next()).toHaveProperty('error')
      }
      socket.sendRaw('ping')
      expect(await socket.drained()).toEqual([])
      expect(socket.isOpen()).toBe(true)
    }
  })

  it('[CW62] a frame over 16 KB closes 1009', async () => {
    const request = await server.connect('/ws/trips/user/', pair.customerToken)
    request.sendRaw(`{"action":"${'x'.repeat(17_000)}"}`)
    expect(await request.closed()).toBe(1009)
  })

  it('[CW63] every refused step says why in the original words', async () => {
    const { request, response, tripId } = await ask(server, pair)
    const errors: [typeof request, object, string][] = [
      [request, { action: 'fly' }, 'Unknown action: fly'],
      [request, { ...CREATE, vehicle_type: 'Rocket' }, 'Failed to create trip'],
      [request, { ...CREATE, pickup: 'x' }, 'Failed to create trip'],
      [request, { action: 'confirm_driver', trip_id: 'x', driver_id: 'y' }, 'Failed to confirm driver'],
      [
        request,
        { action: 'confirm_driver', trip_id: pair.customer, driver_id: pair.driver },
        'Invalid trip or driver',
      ],
      [
        request,
        { action: 'confirm_driver', trip_id: tripId, driver_id: pair.customer },
        'Invalid trip or driver',
      ],
      [response, { driver_response_status: 'accepted' }, 'trip_id is required'],
      [response, { trip_id: 'x', driver_response_status: 'accepted' }, 'Trip not found'],
      [response, { trip_id: pair.customer, driver_response_status: 'accepted' }, 'Trip not found'],
      [response, { trip_id: tripId, driver_response_status: 'maybe' }, 'Unknown response status: maybe'],
    ]
    for (const [socket, message, error] of errors) {
      socket.send(message)
      expect(await socket.next()).toMatchObject({ error })
    }
    const second = await server.addDriver()
    request.send({ action: 'confirm_driver', trip_id: tripId, driver_id: second })
    expect(await request.next()).toEqual({ error: 'Another driver is still deciding' })
    request.send(CREATE)
    const unpaid = await request.find({
      status: 'pending',
      message: 'Trip created successfully - select a driver',
    })
    request.send({ action: 'confirm_driver', trip_id: unpaid['trip_id'], driver_id: second })
    expect(await request.next()).toEqual({
      error: 'Payment not found. Please complete payment before requesting a driver.',
    })
  })
})
