import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { JOHANNESBURG, SANDTON } from '../../../test/people.ts'
import type { TestSocket } from '../../../test/test-socket.ts'

const HERE = { user_latitude: JOHANNESBURG.latitude, user_longitude: JOHANNESBURG.longitude }
const NOBODY = { type: 'nearest_drivers', nearest_drivers: [], drivers: [] }

let server: LiveServer
let near: TestSocket
beforeAll(async () => (server = await startLiveServer()))
beforeEach(async () => {
  server.platform.positions.prune(Infinity)
  near = await server.connect('/ws/trips/drivers/all/', await server.signIn(await server.addCustomer()))
})
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

type Listed = { nearest_drivers: [{ id: string }, { distance: number }][] }
const idsIn = (message: object) => (message as Listed).nearest_drivers.map(([driver]) => driver.id)

/** A driver whose phone has just said where he is. */
async function arrive(at = JOHANNESBURG, vehicleClass: 'bakkie' | 'motorbike' = 'bakkie') {
  const id = await server.addDriver({ at: null, vehicleClass })
  const phone = await server.connect('/ws/driver/location/', await server.signIn(id))
  phone.send({ ...at })
  await phone.next()
  return { id, phone }
}

describe('nearest drivers', () => {
  it('[CW84] come as pairs of driver and way, nearest first, without contact details', async () => {
    const [far, close] = [await arrive(SANDTON), await arrive()]
    near.send(HERE)
    const message = await near.next()
    expect(message).toEqual({
      type: 'nearest_drivers',
      nearest_drivers: [
        [
          expect.objectContaining({ id: close.id, vehicle_type: 'Bakkie', phone: null, email: null }),
          { distance: 0.01, distance_km: 0.01, duration: '1 sec' },
        ],
        [
          expect.objectContaining({ id: far.id, ...SANDTON }),
          { distance: 14, distance_km: 14, duration: '24 min' },
        ],
      ],
    })
  })

  it('[CW84] position as text, classes in any spelling, zero as a latitude, nobody under both keys', async () => {
    const rider = await arrive({ latitude: 0, longitude: 32.5 }, 'motorbike')
    await arrive({ latitude: 0.01, longitude: 32.5 })
    const kampala = { user_latitude: 0, user_longitude: '32.5' }
    for (const vehicle_type of [['MotorBike'], 'motorbike', ['motorbike', 'truck_8']]) {
      near.send({ ...kampala, vehicle_type })
      expect(idsIn(await near.next())).toEqual([rider.id])
    }
    for (const nothing of [{}, { vehicle_type: [] }, { vehicle_type: null }]) {
      near.send({ ...kampala, ...nothing })
      expect(idsIn(await near.next())).toHaveLength(2)
    }
    near.send({ ...kampala, vehicle_type: ['8 ton Truck'] })
    expect(await near.next()).toEqual(NOBODY)
  })

  it('[CW84] what cannot be searched is an error message, and the search before it goes on', async () => {
    near.send(HERE)
    expect(await near.next()).toEqual(NOBODY)
    for (const [message, text] of [
      [{}, 'Missing user location.'],
      [{ user_latitude: -26 }, 'Missing user location.'],
      [{ ...HERE, user_longitude: null }, 'Missing user location.'],
      [{ ...HERE, user_latitude: '' }, 'Missing user location.'],
      [{ ...HERE, user_latitude: 'x' }, 'Invalid user location.'],
      [{ ...HERE, user_latitude: 91 }, 'Invalid user location.'],
      [{ ...HERE, user_latitude: [1] }, 'Invalid user location.'],
      [{ ...HERE, vehicle_type: ['Bakkie', 'Van'] }, '"Van" is not a valid choice.'],
      [{ ...HERE, vehicle_type: { a: 1 } }, 'Invalid vehicle type.'],
    ] as const) {
      near.send(message)
      expect(await near.next()).toEqual({ type: 'error', message: text })
    }
    const { id } = await arrive()
    expect(idsIn(await near.next())).toEqual([id])
  })

  it('[CW85] come again when one moves, comes or goes', async () => {
    near.send(HERE)
    await near.next()
    const { id, phone } = await arrive()
    expect(idsIn(await near.next())).toEqual([id])
    phone.send({ ...SANDTON })
    expect(await near.next()).toMatchObject({ nearest_drivers: [[{ id, ...SANDTON }, { distance: 14 }]] })
    const trip = await server.requestTrip(await server.addCustomer())
    await server.offer(trip.customerId, trip.id, id)
    expect(await near.next()).toEqual(NOBODY)
  })

  it('[CW85] at most once a second, not for what stands still or is far away, and only of the latest search', async () => {
    const { phone } = await arrive()
    near.send({ user_latitude: -33.9, user_longitude: 18.4 })
    expect(await near.next()).toEqual(NOBODY)
    near.send(HERE)
    await near.next()
    const start = Date.now()
    for (let n = 1; n <= 20; n++) phone.send({ latitude: JOHANNESBURG.latitude + n / 1000, longitude: 28 })
    const last = { latitude: JOHANNESBURG.latitude + 0.02, longitude: 28 }
    expect(await near.next()).toMatchObject({ nearest_drivers: [[last, {}]] })
    expect(Date.now() - start).toBeGreaterThan(900)
    phone.send(last)
    await arrive({ latitude: -33.9, longitude: 18.4 })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await near.drained()).toEqual([])
  })
})
