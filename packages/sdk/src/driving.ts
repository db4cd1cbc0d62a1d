import type { operations } from './api-types.ts'
import { answerOf, type Http } from './http.ts'
import type { Live } from './live/live.ts'
import { TootaError } from './problem.ts'
import type { Session } from './session.ts'
import type {
  Application,
  ApplicationForm,
  CallOptions,
  CashReceipt,
  Documents,
  OpenOffer,
  Payment,
  Point,
  Trip,
  TripDetails,
} from './types.ts'

/** What a driver says about his trip, in this order; steps may be left out. */
export type DrivenStatus = operations['reportStatus']['requestBody']['content']['application/json']['status']

/** `expiresAt` of the offer says until when the answer is worth sending; half a minute where it is not given. */
type AnsweredOffer = { readonly id: string; readonly expiresAt?: string }

/** A driver's work. */
export class Driving {
  readonly #http: Http
  readonly #session: Session
  readonly #live: Live

  constructor(http: Http, session: Session, live: Live) {
    this.#http = http
    this.#session = session
    this.#live = live
  }

  /** Who the driver is and what he drives, as he said it last. */
  async application(options: CallOptions = {}): Promise<Application> {
    return answerOf(this.#http.GET('/v1/me/application', { ...options }))
  }

  /**
   * Applies, or changes the application; pictures are uploaded before, by `account.uploadPicture`, and named here.
   * `pictures-missing`, `phone-taken`, `registration-taken`.
   */
  async apply(form: ApplicationForm, options: CallOptions = {}): Promise<Application> {
    return answerOf(this.#http.PUT('/v1/me/application', { body: form, ...options }))
  }

  /** Addresses of the own documents; they work for five minutes. */
  async documents(options: CallOptions = {}): Promise<Documents> {
    return answerOf(this.#http.GET('/v1/me/documents', { ...options }))
  }

  /** For phones without a socket; `live.reportPosition` is the better way. */
  async reportPosition(point: Point, options: CallOptions = {}): Promise<void> {
    await this.#http.PUT('/v1/me/position', { body: point, ...options })
  }

  /** The offers that wait for an answer: one at most. */
  async openOffers(options: CallOptions = {}): Promise<OpenOffer[]> {
    return (await answerOf(this.#http.GET('/v1/offers', { ...options }))).offers
  }

  /**
   * Takes the trip. Safe to repeat: an acceptance whose answer was lost is found on the trip. Where it finds no connection before the
   * offer ends, it is not sent any more. `offer-closed`, `driver-busy`.
   */
  async accept(offer: AnsweredOffer & { readonly tripId: string }, options: CallOptions = {}): Promise<Trip> {
    try {
      return await this.#live.command('acceptOffer', ...this.#answer(offer, options))
    } catch (error) {
      if (!(error instanceof TootaError) || error.code !== 'offer-closed') throw error
      const details = await this.#trip(offer.tripId, options).catch(() => undefined)
      const isMine = details?.driverId === this.#session.identity?.accountId && details?.status === 'accepted'
      if (details && isMine) return details
      throw error
    }
  }

  /** Leaves the trip to another driver. `offer-closed` also when an earlier rejection got through. */
  async reject(offer: AnsweredOffer, options: CallOptions = {}): Promise<void> {
    await this.#live.command('rejectOffer', ...this.#answer(offer, options))
  }

  /**
   * Where the own trip stands; `loaded` or later says that the cash due was received. With `live` on it waits for a connection, for a
   * day at most and also over a restart of the program. `illegal-transition`.
   */
  async reportStatus(tripId: string, status: DrivenStatus, options: CallOptions = {}): Promise<Trip> {
    return this.#live.command('reportStatus', { params: { tripId }, body: { status } }, options)
  }

  /**
   * The cash that was handed over, in minor units, during the trip or after it: what was due unless told. Counted once, and too much
   * is the customer's credit. With the customer's `code` it counts as confirmed; five tries. With `live` on it waits for a connection,
   * for a week at most. `cash-already-stated`, `wrong-code`.
   */
  async receiveCash(tripId: string, receipt: CashReceipt = {}, options: CallOptions = {}): Promise<Payment> {
    return this.#live.command('receiveCash', { params: { tripId }, body: receipt }, options)
  }

  #answer({ id, expiresAt }: AnsweredOffer, { signal }: CallOptions) {
    const withinMs =
      expiresAt === undefined ? {} : { withinMs: Date.parse(expiresAt) - this.#live.serverNow() }
    return [{ params: { offerId: id } }, { signal, ...withinMs }] as const
  }

  #trip(tripId: string, options: CallOptions): Promise<TripDetails> {
    return answerOf(this.#http.GET('/v1/trips/{tripId}', { params: { path: { tripId } }, ...options }))
  }
}
