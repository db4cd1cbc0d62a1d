import type { Actor, Market, TripConcern, TripStatus, VehicleClass } from '@toota/contract'
import {
  Refusal,
  type CustomerId,
  type DriverId,
  type Money,
  type Point,
  type TripId,
} from '../../../kernel/index.ts'

export type Place = Point & { readonly address: string }

/** A trip from quote to delivery. Fare, currency and tariff are fixed when it is requested. */
export type Trip = {
  readonly id: TripId
  readonly customerId: CustomerId
  readonly driverId: DriverId | null
  readonly market: Market
  readonly vehicleClass: VehicleClass
  readonly pickup: Place
  readonly destination: Place
  readonly loadDescription: string
  readonly distanceMeters: number
  readonly durationSeconds: number
  readonly isRouteEstimated: boolean
  readonly tariffId: number
  readonly fare: Money
  readonly status: TripStatus
  /** Grows by one with each change of status. */
  readonly version: number
  /** What worries us about the driver under way; no part of the version. */
  readonly concern: { readonly kind: TripConcern; readonly noticedAt: Date } | null
  readonly createdAt: Date
}

/** A quote lapses this long after its creation or its last offer. */
export const QUOTE_LIFETIME_MINUTES = 30
/** A customer keeps this many quotes; the oldest lapses first. */
export const MAX_QUOTES = 50

/** A driver is on the way or at work. */
export const ACTIVE_STATUSES: readonly TripStatus[] = [
  'accepted',
  'en_route',
  'arrived_pickup',
  'loaded',
  'in_transit',
  'arrived_dest',
]

/** The driver is free again once the trip is completed or cancelled. */
export const isActive = (status: TripStatus): boolean => ACTIVE_STATUSES.includes(status)

type Moves = Partial<Record<TripStatus, readonly TripStatus[]>>

/** Who may take a trip from where to where. The table `trip_transition` says the same to the database. */
export const TRANSITIONS: Readonly<Record<Actor, Moves>> = {
  customer: {
    pending: ['cancelled'],
    accepted: ['cancelled', 'pending'],
    en_route: ['cancelled', 'pending'],
    arrived_pickup: ['cancelled'],
  },
  driver: {
    pending: ['accepted'],
    accepted: ['en_route', 'arrived_pickup', 'cancelled'],
    en_route: ['arrived_pickup', 'cancelled'],
    arrived_pickup: ['loaded', 'in_transit', 'cancelled'],
    loaded: ['in_transit', 'completed'],
    in_transit: ['arrived_dest', 'completed'],
    arrived_dest: ['completed'],
  },
  staff: {
    pending: ['cancelled'],
    accepted: ['cancelled'],
    en_route: ['cancelled'],
    arrived_pickup: ['cancelled'],
    loaded: ['cancelled'],
    in_transit: ['cancelled'],
    arrived_dest: ['cancelled'],
  },
  system: { pending: ['expired'], accepted: ['pending'], en_route: ['pending'] },
}

/** Refuses `illegal-transition` with both statuses when `actor` may not take the trip there. */
export function requireTransition(trip: Pick<Trip, 'status'>, to: TripStatus, actor: Actor): void {
  if (TRANSITIONS[actor][trip.status]?.includes(to)) return
  throw new Refusal('illegal-transition', { from: trip.status, to })
}

/** From here on the load is on the truck: the fare is due and nobody but staff can cancel. */
export const isLoaded = (status: TripStatus): boolean =>
  status === 'loaded' || status === 'in_transit' || status === 'arrived_dest' || status === 'completed'
