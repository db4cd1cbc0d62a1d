import { VEHICLE_CLASSES } from '@toota/contract'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import type { Fix, Listing } from '../positions.ts'

/** A driver as nodes tell each other of him. */
export type SharedDriver = {
  readonly driverId: DriverId
  readonly fix: Fix
  readonly listing: Listing | undefined
}

type Fields = [
  driverId: DriverId,
  latitude: number,
  longitude: number,
  at: number,
  /** What else is in the fix. */
  rest: Partial<Fix>,
  /** Where the class is in the contract; -1 without a listing. */
  vehicleClass: number,
  isApproved: 0 | 1,
  engagedWith: CustomerId | 0,
]

/** As JSON without names: it is written and read for every fix at every node. */
export function encodeDriver({ driverId, fix, listing }: SharedDriver): string {
  const { latitude, longitude, at, ...rest } = fix
  const fields: Fields = [
    driverId,
    latitude,
    longitude,
    at,
    rest,
    listing ? VEHICLE_CLASSES.indexOf(listing.vehicleClass) : -1,
    listing?.isApproved ? 1 : 0,
    listing?.engagedWith ?? 0,
  ]
  return JSON.stringify(fields)
}

export const decodeDriver = (text: string): SharedDriver => driverOf(JSON.parse(text) as Fields)

/** Of texts that are separated by commas. */
export const decodeDrivers = (texts: string): SharedDriver[] =>
  (JSON.parse(`[${texts}]`) as Fields[]).map(driverOf)

function driverOf([
  driverId,
  latitude,
  longitude,
  at,
  rest,
  number,
  approved,
  engagedWith,
]: Fields): SharedDriver {
  const vehicleClass = VEHICLE_CLASSES[number]
  return {
    driverId,
    fix: { latitude, longitude, at, ...rest },
    listing: vehicleClass && {
      vehicleClass,
      isApproved: approved === 1,
      engagedWith: engagedWith === 0 ? null : engagedWith,
    },
  }
}
