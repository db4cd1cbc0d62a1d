import { z } from 'zod'
import type { TripRequest } from '../../features/trips/index.ts'
import { isPlausible, type Point } from '../../kernel/index.ts'
import { number, parseBody, text, TEXTS } from '../rest/bodies.ts'
import { InvalidBody } from '../rest/errors.ts'
import { parseVehicle } from '../spelling.ts'
import type { Message } from './routes.ts'

export const LOAD_LIMIT = 2_000

/** The fields of a `create_trip` message. */
export const CreateTrip = z.object({
  vehicle_type: text(),
  pickup: text({ min: 3, max: 255 }),
  destination: text({ min: 3, max: 255 }),
  pickup_lat: number(),
  pickup_lon: number(),
  dest_lat: number(),
  dest_lon: number(),
  load_description: text({ max: LOAD_LIMIT, allowBlank: true }).nullish(),
})

/** The trip that a `create_trip` message asks for. Throws {@link InvalidBody} with what is wrong, field by field. */
export function readTripRequest(message: Message): TripRequest {
  const { pickup, destination, load_description, ...rest } = parseBody(CreateTrip, message)
  const vehicleClass = parseVehicle(rest.vehicle_type)
  if (!vehicleClass) throw new InvalidBody({ vehicle_type: [TEXTS.choice(rest.vehicle_type.slice(0, 50))] })
  return {
    pickup: { ...plausible('pickup_lat', rest.pickup_lat, rest.pickup_lon), address: pickup },
    destination: { ...plausible('dest_lat', rest.dest_lat, rest.dest_lon), address: destination },
    vehicleClass,
    loadDescription: load_description ?? '',
  }
}

function plausible(field: string, latitude: number, longitude: number): Point {
  if (isPlausible({ latitude, longitude })) return { latitude, longitude }
  throw new InvalidBody({ [field]: ['Invalid coordinates'] })
}
