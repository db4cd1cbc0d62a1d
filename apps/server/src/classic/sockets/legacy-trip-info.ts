import type { VehicleClass } from '@toota/contract'
import { z } from 'zod'
import type { Trip, TripRequest } from '../../features/trips/index.ts'
import { isPlausible, type Point } from '../../kernel/index.ts'
import { number, parseBody, text } from '../rest/bodies.ts'
import { InvalidBody } from '../rest/errors.ts'
import { LOAD_LIMIT } from './create-trip.ts'

/** What a legacy `trip_info` holds, under the first of its keys' names. */
export const TripInfoForm = z.object({
  pickup: text({ min: 3, max: 255 }),
  destination: text({ min: 3, max: 255 }),
  pickup_lat: number(),
  destination_lat: number(),
  pickup_lon: number().nullish(),
  destination_lon: number().nullish(),
  load_description: text({ max: LOAD_LIMIT, allowBlank: true }).nullish(),
})

/** Other names of the same keys, as they are in the original's newer messages. */
const SPELLINGS = {
  pickup_lon: ['pickup_lon', 'pickup_long', 'pickup_longitude'],
  destination_lat: ['destination_lat', 'dest_lat'],
  destination_lon: ['destination_lon', 'destination_long', 'destination_longitude', 'dest_lon', 'dest_long'],
} as const

export type TripInfo = z.output<typeof TripInfoForm>

/** What a legacy `trip_info` says. Throws {@link InvalidBody} with what is wrong, field by field. */
export function readTripInfo(value: unknown): TripInfo {
  if (typeof value !== 'object' || value === null) return parseBody(TripInfoForm, value)
  const info = value as Readonly<Record<string, unknown>>
  const renamed = Object.entries(SPELLINGS).map(([key, spellings]) => [
    key,
    spellings.map((spelling) => info[spelling]).find((each) => each !== undefined && each !== null),
  ])
  return parseBody(TripInfoForm, { ...info, ...(Object.fromEntries(renamed) as object) })
}

/**
 * The trip that is meant. The form has no longitudes: without one the pickup lies on the meridian of the driver, who was
 * chosen because he is near, and the destination on the pickup's.
 */
export function tripFrom(info: TripInfo, driver: Point, vehicleClass: VehicleClass): TripRequest {
  const pickupLongitude = info.pickup_lon ?? driver.longitude
  const pickup = { latitude: info.pickup_lat, longitude: pickupLongitude }
  const destination = { latitude: info.destination_lat, longitude: info.destination_lon ?? pickupLongitude }
  if (!isPlausible(pickup)) throw new InvalidBody({ pickup_lat: ['Invalid coordinates'] })
  if (!isPlausible(destination)) throw new InvalidBody({ destination_lat: ['Invalid coordinates'] })
  return {
    pickup: { ...pickup, address: info.pickup },
    destination: { ...destination, address: info.destination },
    vehicleClass,
    loadDescription: info.load_description ?? '',
  }
}

/** The trip in the legacy form again, under every key that it may have been asked with. */
export const tripInfoOf = ({ pickup, destination, loadDescription }: Trip) => ({
  pickup_lat: pickup.latitude,
  pickup_lon: pickup.longitude,
  destination_lat: destination.latitude,
  destination_lon: destination.longitude,
  dest_lat: destination.latitude,
  dest_lon: destination.longitude,
  pickup: pickup.address,
  destination: destination.address,
  load_description: loadDescription,
})

/** Whether somebody means this trip: an ask that is repeated, or an answer that names what it answers. */
export function isAbout(trip: Trip, info: TripInfo): boolean {
  const known = tripInfoOf(trip)
  return (
    info.pickup === known.pickup &&
    info.destination === known.destination &&
    info.pickup_lat === known.pickup_lat &&
    info.destination_lat === known.destination_lat &&
    (info.load_description ?? '') === known.load_description
  )
}
