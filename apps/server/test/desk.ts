import { expect } from 'vitest'
import type { CustomerId, DriverId } from '../src/kernel/index.ts'
import type { LiveServer } from './live-server.ts'
import { JOHANNESBURG, SANDTON } from './people.ts'

export const CREATE = {
  action: 'create_trip',
  vehicle_type: 'Bakkie',
  pickup: '1 Commissioner Street',
  destination: '5 Rivonia Road',
  pickup_lat: JOHANNESBURG.latitude,
  pickup_lon: JOHANNESBURG.longitude,
  dest_lat: SANDTON.latitude,
  dest_lon: SANDTON.longitude,
  load_description: 'two sofas',
}

export type Pair = { customer: CustomerId; driver: DriverId; customerToken: string; driverToken: string }

/** A customer and an approved driver who is not online yet, both signed in. */
export async function addPair(server: LiveServer): Promise<Pair> {
  const customer = await server.addCustomer()
  const driver = await server.addDriver({ at: null })
  return {
    customer,
    driver,
    customerToken: await server.signIn(customer),
    driverToken: await server.signIn(driver),
  }
}

/** The driver at work and the customer at his desk. */
export async function meet(server: LiveServer, { driver, customerToken, driverToken }: Pair) {
  const location = await server.connect('/ws/driver/location/', driverToken)
  location.send({ ...JOHANNESBURG })
  await location.next()
  const response = await server.connect('/ws/trips/driver/response/', driverToken)
  expect(await response.next()).toMatchObject({ status: 'connected', driver_id: driver })
  const request = await server.connect('/ws/trips/user/request/', customerToken)
  return { location, response, request }
}

/** The driver thinks about the customer's trip. */
export async function ask(server: LiveServer, pair: Pair) {
  const desk = await meet(server, pair)
  desk.request.send(CREATE)
  const created = await desk.request.next()
  const tripId = created['trip_id'] as string
  await server.request('POST', '/payment/', {
    token: pair.customerToken,
    body: { trip_id: tripId, payment_method: 'cash', currency: 'ZAR', location: 'ZAR' },
  })
  desk.request.send({ action: 'confirm_driver', trip_id: tripId, driver_id: pair.driver })
  expect(await desk.request.next()).toMatchObject({
    message: 'Awaiting driver response',
    trip_id: tripId,
    status: 'pending',
  })
  const offered = await desk.response.next()
  return { ...desk, tripId, created, offered }
}

/** The driver has taken the customer's trip. */
export async function accept(server: LiveServer, pair: Pair) {
  const desk = await ask(server, pair)
  desk.response.send({ trip_id: desk.tripId, driver_response_status: 'accepted' })
  await desk.response.find({ type: 'trip_accepted_confirmation' })
  await desk.request.find({ type: 'trip_status_update', status: 'accepted' })
  return desk
}
