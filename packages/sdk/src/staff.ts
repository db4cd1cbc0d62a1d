import { answerOf, type Http } from './http.ts'
import type { CallOptions, Documents } from './types.ts'

/** What operators do. */
export class Staff {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** Addresses of a driver's documents; they work for five minutes. `not-found`. */
  async documentsOf(driverId: string, options: CallOptions = {}): Promise<Documents> {
    const params = { path: { driverId } }
    return answerOf(this.#http.GET('/v1/drivers/{driverId}/documents', { params, ...options }))
  }

  /** Lets a driver work. `not-found`. */
  async approve(driverId: string, options: CallOptions = {}): Promise<void> {
    await this.#http.POST('/v1/drivers/{driverId}/approval', { params: { path: { driverId } }, ...options })
  }
}
