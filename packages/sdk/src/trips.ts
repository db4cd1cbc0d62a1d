import type { components, operations } from './api-types.ts'
import { awaitPayment } from './await-payment.ts'
import { answerOf, ASK_FOR_PDF, keyed, type Http } from './http.ts'
import type { Live } from './live/live.ts'
import type {
  CallOptions,
  CreatingOptions,
  DriverPosition,
  NearbyDriver,
  NewTrip,
  Offer,
  Payment,
  PaymentMethod,
  Receipt,
  Trip,
  TripDetails,
  TripStatus,
  TripTrail,
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
  readonly #live: Live

  constructor(http: Http, live: Live) {
    this.#http = http
    this.#live = live
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

  /** Where the driver of an own trip was, and how far that is; the last ten seconds may be missing. `not-found`. */
  async trail(tripId: string, options: CallOptions = {}): Promise<TripTrail> {
    const params = { path: { tripId } }
    return answerOf(this.#http.GET('/v1/trips/{tripId}/trail', { params, ...options }))
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

  /**
   * How a trip that still waits will be paid. But for cash the answer's `link` is the page to pay on, unless the customer's credit
   * pays all; {@link Trips.awaitPayment} then tells what became of it. The same method again goes on with the same payment, another
   * one replaces it. `already-paid`, `trip-not-pending`, `offer-pending`, `payment-unavailable` (not set up here),
   * `payment-refused`, `gateway-unavailable`.
   */
  async pay(tripId: string, method: PaymentMethod, { key, signal }: CreatingOptions = {}): Promise<Payment> {
    return answerOf(
      this.#http.POST('/v1/trips/{tripId}/payment', {
        params: { path: { tripId }, header: keyed(key) },
        body: { method },
        ...(signal && { signal }),
      }),
    )
  }

  /** Cash for a trip that still waits: {@link Trips.pay} without a page. `already-paid`, `trip-not-pending`, `offer-pending`. */
  async payInCash(tripId: string, options: CreatingOptions = {}): Promise<Payment> {
    return this.pay(tripId, 'cash', options)
  }

  /** The payment as it is now; the payment service is asked when that may have changed. `payment-missing`, `gateway-unavailable`. */
  async checkPayment(tripId: string, options: CallOptions = {}): Promise<Payment> {
    const params = { path: { tripId } }
    return answerOf(this.#http.POST('/v1/trips/{tripId}/payment/check', { params, ...options }))
  }

  /**
   * The payment once it is decided: `success`, or `failed` (the customer may try again), `underpaid`, or on its way back. Hears of it
   * by {@link Live} and asks besides, ever less often up to every 15 s, so it needs no connection. A page that nobody pays stays open
   * for a day: pass a signal, whose reason it throws. `payment-missing`.
   */
  async awaitPayment(tripId: string, { signal }: CallOptions = {}): Promise<Payment> {
    return awaitPayment(tripId, {
      check: (options) => this.checkPayment(tripId, options),
      live: this.#live,
      signal,
    })
  }

  /**
   * The cash that the customer handed over, in minor units: once, as soon as a driver has taken the trip, and also long after it. Where
   * the driver says otherwise a person looks into it. With `live` on it waits for a connection, for a week at most. `cash-not-due`, `not-cash`, `cash-already-stated`, `payment-missing`.
   */
  async confirmCash(tripId: string, paidMinor: number, options: CallOptions = {}): Promise<Payment> {
    return this.#live.command('confirmCash', { params: { tripId }, body: { paidMinor } }, options)
  }

  /** What a completed trip cost and how it was paid, in minor units. `not-found` also before it is completed. */
  async receipt(tripId: string, options: CallOptions = {}): Promise<Receipt> {
    return answerOf(
      this.#http.GET('/v1/trips/{tripId}/receipt', { params: { path: { tripId } }, ...options }),
    )
  }

  /** The same as a PDF of one page, to be kept or shown. `not-found` also before the trip is completed. */
  async receiptPdf(tripId: string, options: CallOptions = {}): Promise<Blob> {
    const params = { path: { tripId } }
    return answerOf(this.#http.GET('/v1/trips/{tripId}/receipt.pdf', { params, ...ASK_FOR_PDF, ...options }))
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

  /**
   * By either side while nothing is loaded; a repeat changes nothing. With `live` on it waits for a connection, for an hour at most.
   * `illegal-transition`.
   */
  async cancel(tripId: string, reason?: string, options: CallOptions = {}): Promise<Trip> {
    const body = reason === undefined ? {} : { reason }
    return this.#live.command('cancelTrip', { params: { tripId }, body }, options)
  }
}
