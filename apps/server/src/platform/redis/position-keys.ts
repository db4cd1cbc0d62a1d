import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'

/** All keys of a market are in one slot, so that one pipeline or script may touch them all. */
const key = (market: string, name: string): string => `toota:{${market.toLowerCase()}}:${name}`

/** Batches of fixes, for the other nodes' memories. */
export const fixesChannel = (market: string): string => key(market, 'fixes')
/** Hash: each driver's last fix and listing, for a node that starts. */
export const driversKey = (market: string): string => key(market, 'drivers')
/** Sorted set: when each was last seen, in milliseconds since 1970. */
export const seenKey = (market: string): string => key(market, 'seen')
/** GEO: the available drivers of a vehicle class. */
export const geoKey = (market: string, vehicleClass: VehicleClass): string =>
  key(market, `geo:${vehicleClass}`)

export const geoKeys = (market: string): string[] =>
  VEHICLE_CLASSES.map((vehicleClass) => geoKey(market, vehicleClass))
