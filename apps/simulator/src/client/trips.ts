import { readMessages, readText, type Message } from './reading.ts'
import { callOk, UnexpectedAnswer, type Rest } from './rest.ts'

const statusPath = (tripId: string): string => `/trips/${tripId}/status/`

export async function payCash(rest: Rest, token: string, tripId: string): Promise<void> {
  const json = { trip_id: tripId, payment_method: 'cash', currency: 'ZAR', location: 'ZA' }
  await callOk(rest, 'POST', '/payment/', { token, json, isRepeatable: true })
}

/** The trip's status in the classic spelling. */
export async function checkStatus(rest: Rest, token: string, tripId: string): Promise<string> {
  const body = await callOk(rest, 'GET', statusPath(tripId), { token, isRepeatable: true })
  return readText(body, 'trip_status') ?? 'unknown'
}

/** @returns false when the server says that it is too late */
export async function cancelTrip(rest: Rest, token: string, tripId: string): Promise<boolean> {
  const call = { token, json: { status: 'cancelled' }, isRepeatable: true }
  const answer = await rest.call('POST', statusPath(tripId), call)
  if (answer.status === 200) return true
  if (answer.status === 400 || answer.status === 409) return false
  throw new UnexpectedAnswer('POST', statusPath(tripId), answer)
}

export type Search = { readonly latitude: number; readonly longitude: number; readonly vehicleType: string }

/** Available drivers near a point, nearest first. */
export async function findDrivers(rest: Rest, token: string, search: Search): Promise<Message[]> {
  const json = {
    pickup_lat: search.latitude,
    pickup_lon: search.longitude,
    vehicle_type: [search.vehicleType],
  }
  return readMessages(
    await callOk(rest, 'POST', '/trip/find-driver/', { token, json, isRepeatable: true }),
    'drivers',
  )
}
