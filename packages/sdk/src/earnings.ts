import type { operations } from './api-types.ts'
import { answerOf, keyed, type Http } from './http.ts'
import type {
  Balance,
  CallOptions,
  CreatingOptions,
  EarningsPage,
  NewPayout,
  Payout,
  PayoutAccount,
  Payouts,
  SavedPayoutAccount,
  Settlement,
} from './types.ts'

/** At most 100 trips a page, 20 unless told; `from` and, exclusive, `to` are instants in ISO 8601. */
export type EarningsFilter = NonNullable<operations['getEarnings']['parameters']['query']>

/** At most 100 payouts a page, 20 unless told. */
export type PayoutFilter = NonNullable<operations['listPayouts']['parameters']['query']>

/** What a driver's completed trips brought, and how he gets it. All amounts are in minor units. */
export class Earnings {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** One page of the own settlements, newest first, with the totals; `nextCursor` leads to the next, null ends it. */
  async page(filter: EarningsFilter = {}, options: CallOptions = {}): Promise<EarningsPage> {
    return answerOf(this.#http.GET('/v1/me/earnings', { params: { query: filter }, ...options }))
  }

  /** The own settlements, newest first, read page by page as they are asked for. */
  async *all(
    filter: Omit<EarningsFilter, 'cursor'> = {},
    options: CallOptions = {},
  ): AsyncGenerator<Settlement, void, undefined> {
    let cursor: string | null | undefined
    do {
      const page = await this.page({ ...filter, ...(cursor && { cursor }) }, options)
      yield* page.settlements
      cursor = page.nextCursor
    } while (cursor)
  }

  /** Per currency: what can be paid out (`earnedMinor`), what is owed of cash trips (`owedMinor`), and whether cash may still be taken. */
  async balances(options: CallOptions = {}): Promise<Balance[]> {
    return (await answerOf(this.#http.GET('/v1/me/balances', { ...options }))).balances
  }

  /** Where payouts go; null until it was said. */
  async payoutAccount(options: CallOptions = {}): Promise<SavedPayoutAccount | null> {
    return (await answerOf(this.#http.GET('/v1/me/payout-account', { ...options }))).account
  }

  /** Where payouts go from now on; one under way still goes where it was going. `application-missing`. */
  async savePayoutAccount(
    account: PayoutAccount,
    options: CallOptions = {},
  ): Promise<SavedPayoutAccount | null> {
    return (await answerOf(this.#http.PUT('/v1/me/payout-account', { body: account, ...options }))).account
  }

  /**
   * Has earnings paid out; the amount is off the balance at once, and back on it should the payout fail: `payout.changed` tells. The
   * same key never makes a second one. `balance-too-low`, `payout-too-small`, `payout-account-missing`, `payout-under-way`,
   * `payout-unavailable` (not set up for this currency).
   */
  async requestPayout(payout: NewPayout, { key, signal }: CreatingOptions = {}): Promise<Payout> {
    const params = { header: keyed(key) }
    return answerOf(this.#http.POST('/v1/me/payouts', { params, body: payout, ...(signal && { signal }) }))
  }

  /** One page of the own payouts, newest first; `nextCursor` leads to the next, null ends it. */
  async payouts(filter: PayoutFilter = {}, options: CallOptions = {}): Promise<Payouts> {
    return answerOf(this.#http.GET('/v1/me/payouts', { params: { query: filter }, ...options }))
  }
}
