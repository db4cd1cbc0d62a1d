import type { components, operations } from './api-types.ts'
import { answerOf, type Http } from './http.ts'
import type {
  CallOptions,
  CreatingOptions,
  DriverPosition,
  NearbyDriver,
  NewTrip,
  Offer,
  Payment,
  Trip,
  TripDetails,
  TripStatus,
} from './types.ts'

/** Available drivers around a point (WGS 84 degrees), of one class, several or any. */
export type DriverSearch = operations['findDrivers']['parameters']['query']

/** At most 100 trips a page, 20 unless told. */
export type TripPage = {
  readonly limit?: number
  readonly cursor?: string
  readonly status?: TripStatus
}

export type Page = components['schemas']['Trips']

/** A customer's trips. Calls that create something carry an Idempotency-Key, so a lost answer makes no second trip. */
export class Trips {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** Asks for a price; the trip waits half an hour for a driver. `too-many-open-trips`. */
  async request(trip: NewTrip, { key, signal }: CreatingOptions = {}): Promise<Trip> {
    const params = { header: keyed(key) }
    return answerOf(this.#http.POST('/v1/trips', { params, body: trip, ...(signal && { signal }) }))
  }

  /** An own trip, with its people, its payment and the offer that is open. `not-found`. */
  async get(tripId: string, options: CallOptions = {}): Promise<TripDetails> {
    return answerOf(this.#http.GET('/v1/trips/{tripId}', { params: { path: { tripId } }, ...options }))
  }

  /** One page of the own trips, newest first; `nextCursor` leads to the next, null ends it. */
  async list(page: TripPage = {}, options: CallOptions = {}): Promise<Page> {
    return answerOf(this.#http.GET('/v1/trips', { params: { query: page }, ...options }))
  }

  /** The own trips, newest first, read page by page as they are asked for. */
  async *history(
    filter: Omit<TripPage, 'cursor'> = {},
    options: CallOptions = {},
  ): AsyncGenerator<Trip, void, undefined> {
    let cursor: string | null | undefined
    do {
      const page = await this.list({ ...filter, ...(cursor && { cursor }) }, options)
      yield* page.trips
      cursor = page.nextCursor
    } while (cursor)
  }

  /** Cash for a trip that still waits. `already-paid`, `trip-not-pending`. */
  async payInCash(tripId: string, { key, signal }: CreatingOptions = {}): Promise<Payment> {
    return answerOf(
      this.#http.POST('/v1/trips/{tripId}/payment', {
        params: { path: { tripId }, header: keyed(key) },
        body: { method: 'cash' },
        ...(signal && { signal }),
      }),
    )
  }

  /** Nearest first, within 50 km, at most 20; distances in metres, places to about a kilometre. */
  async findDrivers(search: DriverSearch, options: CallOptions = {}): Promise<NearbyDriver[]> {
    return (await answerOf(this.#http.GET('/v1/drivers', { params: { query: search }, ...options }))).drivers
  }

  /**
   * Holds the trip out to one driver until `expiresAt`. `driver-unavailable`, `driver-busy`, `offer-pending`,
   * `payment-missing`.
   */
  async offer(tripId: string, driverId: string, { key, signal }: CreatingOptions = {}): Promise<Offer> {
    return answerOf(
      this.#http.POST('/v1/trips/{tripId}/offers', {
        params: { path: { tripId }, header: keyed(key) },
        body: { driverId },
        ...(signal && { signal }),
      }),
    )
  }

  /** Where the driver of an own active trip is; `live.watch` tells it as it changes. `not-found`. */
  async locateDriver(driverId: string, options: CallOptions = {}): Promise<DriverPosition> {
    const params = { path: { driverId } }
    return answerOf(this.#http.GET('/v1/drivers/{driverId}/position', { params, ...options }))
  }

  /** By either side while nothing is loaded; a repeat changes nothing. `illegal-transition`. */
  async cancel(tripId: string, reason?: string, options: CallOptions = {}): Promise<Trip> {
    const params = { path: { tripId } }
    const body = reason === undefined ? {} : { reason }
    return answerOf(this.#http.POST('/v1/trips/{tripId}/cancellation', { params, body, ...options }))
  }
}

const keyed = (key: string | undefined) => ({ 'Idempotency-Key': key ?? crypto.randomUUID() })
