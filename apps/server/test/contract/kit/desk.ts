import { expect } from 'vitest'
import { goOnline, joinDriver, joinUser, newPlace, type Person, type Point } from './people.ts'
import type { Json, Server, TestSocket } from './server.ts'

/** What a client asks for: ten kilometres north of where it is, or with changes of its own. */
export const wish = ({ latitude, longitude }: Point, changes: Json = {}): Json => ({
  action: 'create_trip',
  vehicle_type: 'Bakkie',
  pickup: '1 Commissioner Street',
  destination: '5 Rivonia Road',
  pickup_lat: latitude,
  pickup_lon: longitude,
  dest_lat: latitude + 0.09,
  dest_lon: longitude,
  load_description: 'two sofas',
  ...changes,
})

export type Pair = { readonly user: Person; readonly driver: Person; readonly at: Point }
export type Desk = Pair & {
  readonly location: TestSocket
  readonly response: TestSocket
  readonly request: TestSocket
}
export type Trip = Desk & { readonly tripId: string; readonly created: Json }

export async function addPair(server: Server): Promise<Pair> {
  const [user, driver] = await Promise.all([joinUser(server), joinDriver(server)])
  return { user, driver, at: newPlace() }
}

/** The driver online and listening, the customer at his request socket. */
export async function meet(server: Server, { user, driver, at }: Pair): Promise<Desk> {
  const location = await goOnline(server, driver, at)
  const response = await server.socket('/ws/trips/driver/response/', driver.access)
  expect(await response.next()).toMatchObject({ status: 'connected', driver_id: driver.id })
  const request = await server.socket('/ws/trips/user/request/', user.access)
  return { user, driver, at, location, response, request }
}

export async function createTrip(request: TestSocket, at: Point, changes: Json = {}): Promise<Json> {
  request.send(wish(at, changes))
  return request.find({ message: 'Trip created successfully - select a driver' })
}

export const payCash = (server: Server, user: Person, tripId: string) =>
  server.post(
    '/payment/',
    { trip_id: tripId, payment_method: 'cash', currency: 'ZAR', location: 'ZA' },
    user.access,
  )

/** The trip is priced and to be paid in cash; nobody is asked yet. */
export async function quote(server: Server, desk: Desk): Promise<Trip> {
  const created = await createTrip(desk.request, desk.at)
  const tripId = String(created['trip_id'])
  expect((await payCash(server, desk.user, tripId)).status).toBe(200)
  return { ...desk, tripId, created }
}

/** The driver is thinking about the trip. */
export async function ask(server: Server, pair: Pair): Promise<Trip & { offered: Json }> {
  const trip = await quote(server, await meet(server, pair))
  trip.request.send({ action: 'confirm_driver', trip_id: trip.tripId, driver_id: pair.driver.id })
  expect(await trip.request.next()).toMatchObject({ message: 'Awaiting driver response' })
  return { ...trip, offered: await trip.response.find({ type: 'new_trip_request' }) }
}

/** The driver has taken the trip, and both have been told. */
export async function accept(
  server: Server,
  pair: Pair,
): Promise<Trip & { offered: Json; accepted: Json; told: Json }> {
  const trip = await ask(server, pair)
  trip.response.send({ trip_id: trip.tripId, driver_response_status: 'accepted' })
  const told = await trip.response.find({ trip_id: trip.tripId, user_id: trip.user.id })
  const accepted = await trip.request.find({ type: 'trip_status_update', status: 'accepted' })
  return { ...trip, accepted, told }
}

/** The driver's status socket of the trip, past its first word. */
export async function reports(server: Server, { driver, tripId }: Trip): Promise<TestSocket> {
  const status = await server.socket(`/ws/trips/driver/status/update/${tripId}/`, driver.access)
  await status.find({ trip_id: tripId })
  return status
}

/** The customer's, past its first word. */
export async function watches(server: Server, { user, tripId }: Trip): Promise<TestSocket> {
  const status = await server.socket(`/ws/trips/user/status/${tripId}/`, user.access)
  await status.find({ trip_id: tripId })
  return status
}

/** The driver reports one step after the other; with cash due, the pickup is answered by what is owed. */
export async function report(status: TestSocket, ...words: readonly string[]): Promise<void> {
  for (const word of words) {
    status.send({ trip_status: word })
    await status.find(word === 'arrived at pickup' ? { payment_status: word } : { trip_status: word })
  }
}
