import type { operations } from './api-types.ts'
import { answerOf, keyed, type Http } from './http.ts'
import type {
  CallOptions,
  CaseResolution,
  CreatingOptions,
  Documents,
  MoneyCase,
  MoneyCases,
  NewRefund,
  Refund,
  Statement,
} from './types.ts'

/** Open cases unless told, at most 100 a page, 20 unless told. */
export type CaseFilter = NonNullable<operations['listCases']['parameters']['query']>

/** Instants in ISO 8601; `to` is exclusive. */
export type StatementSpan = operations['getStatements']['parameters']['query']

/** What operators do. All amounts are in minor units. */
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

  /** One page of the matters of money that wait for a person; `nextCursor` leads to the next, null ends it. */
  async cases(filter: CaseFilter = {}, options: CallOptions = {}): Promise<MoneyCases> {
    return answerOf(this.#http.GET('/v1/cases', { params: { query: filter }, ...options }))
  }

  /**
   * Settles a case; for cash `cashMinor` says what was really handed over, and the books follow. Not sent again once the server may
   * have it: look at the case then. `not-found`, `already-resolved`, `not-cash`.
   */
  async resolveCase(
    caseId: string,
    resolution: CaseResolution,
    options: CallOptions = {},
  ): Promise<MoneyCase> {
    const params = { path: { caseId } }
    return answerOf(
      this.#http.POST('/v1/cases/{caseId}/resolution', { params, body: resolution, ...options }),
    )
  }

  /** Gives money back to where it came from; what was paid in cash becomes credit. `not-found`, `refund-refused`. */
  async refund(paymentId: string, refund: NewRefund, { key, signal }: CreatingOptions = {}): Promise<Refund> {
    return answerOf(
      this.#http.POST('/v1/payments/{paymentId}/refunds', {
        params: { path: { paymentId }, header: keyed(key) },
        body: refund,
        ...(signal && { signal }),
      }),
    )
  }

  /** What came of the fares of completed trips, per market. `invalid-request`. */
  async statements(span: StatementSpan, options: CallOptions = {}): Promise<Statement[]> {
    return (await answerOf(this.#http.GET('/v1/statements', { params: { query: span }, ...options })))
      .statements
  }
}
