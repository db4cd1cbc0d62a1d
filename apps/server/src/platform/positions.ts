import type { VehicleClass } from '@toota/contract'
import type { CustomerId, DriverId, Fix, Point } from '../kernel/index.ts'

export type { Fix } from '../kernel/index.ts'

/**
 * What the rest of the system needs to know of an online driver, derived from the database and
 * refreshed by whoever changes it. `engagedWith` is the customer of the open offer or active trip.
 */
export type Listing = {
  readonly vehicleClass: VehicleClass
  readonly isApproved: boolean
  readonly engagedWith: CustomerId | null
}

export type NearbyDriver = { readonly driverId: DriverId; readonly fix: Fix; readonly distanceMeters: number }

/**
 * Last positions and presence of drivers, in the memory of every node; several nodes tell each other over Redis.
 * Rebuilt from the next fixes after a restart, therefore never written to the database.
 */
export type Positions = {
  /** Keeps the fix and tells the driver's followers, in the order of the calls. */
  report(driverId: DriverId, fix: Fix): void
  lastFix(driverId: DriverId): Fix | undefined
  /** Sets what the driver is listed as; a driver without a listing is never found. */
  list(driverId: DriverId, listing: Listing): void
  listing(driverId: DriverId): Listing | undefined
  /** What he is listed as is not known here any more: he is found by nobody until somebody lists him again. */
  unlist(driverId: DriverId): void
  /** The last fix came to another node. */
  isElsewhere(driverId: DriverId): boolean
  /** Whoever has not been seen here has been seen nowhere: false while other nodes cannot be heard, and shortly after. */
  seesAll(): boolean
  /** Seen at most 60 s (the kernel's `ONLINE_SECONDS`) before `now` (ms since 1970). */
  isOnline(driverId: DriverId, now: number): boolean
  /** Approved, not engaged, and online at `now`. */
  isAvailable(driverId: DriverId, now: number): boolean
  /** Available drivers of these classes (all when empty) within `radiusMeters`, nearest first. */
  nearest(query: NearestQuery): NearbyDriver[]
  /** Available drivers of these classes (all when empty), newest fix first. */
  newest(query: {
    classes: readonly VehicleClass[]
    limit: number
    now: number
  }): { driverId: DriverId; fix: Fix }[]
  /** Calls `listener` with each new fix of the driver until the returned function is called. */
  follow(driverId: DriverId, listener: (fix: Fix) => void): () => void
  isFollowed(driverId: DriverId): boolean
  /**
   * Calls `listener` once, when next an available driver in or near the area moves, comes or goes; silence is no such
   * change. The returned function gives up.
   */
  onNextChange(area: Area, listener: () => void): () => void
  /** Forgets drivers not seen since `before` (ms since 1970); returns how many. */
  prune(before: number): number
}

export type Area = { readonly center: Point; readonly radiusMeters: number }

export type NearestQuery = Area & {
  readonly limit: number
  readonly classes: readonly VehicleClass[]
  /** Milliseconds since 1970. */
  readonly now: number
}
