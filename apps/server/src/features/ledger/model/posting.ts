import type { Currency, GatewayName, Market } from '@toota/contract'
import type { CustomerId, DriverId, TripId } from '../../../kernel/index.ts'

/**
 * Whose money an amount is. `held`: a customer's, for trips that are not completed. `credit`: a customer's, to spend.
 * `receivable`: what a customer owes. `driver`: earned, or owed when negative. `withheld`: a driver's, once his customer has
 * paid what he owes. `clearing`: at a gateway or in the operator's office. `refunds`, `payouts`: on the way out. The others
 * are the operator's, by market.
 */
export type Account =
  | { readonly kind: 'held' | 'credit' | 'receivable'; readonly owner: CustomerId }
  | { readonly kind: 'driver' | 'withheld'; readonly owner: DriverId }
  | { readonly kind: 'clearing' | 'refunds' | 'payouts'; readonly owner: GatewayName | 'office' }
  | { readonly kind: 'fees' | 'commission' | 'tax' | 'opening'; readonly owner: Market }

/** Credits are positive: what is owed to the account's owner grows by them. */
export type Entry = { readonly account: Account; readonly amountMinor: number }

/** One transaction of the ledger, in one currency. Its entries add up to 0. */
export type Posting = {
  readonly kind: string
  /** What is booked: of the same kind and key at most one is ever posted. */
  readonly key: string
  readonly currency: Currency
  readonly tripId?: TripId
  /** Why, where a person decided it. */
  readonly memo?: string
  readonly entries: readonly Entry[]
}

/** The entries that change something, one per account. */
export function compact(entries: readonly Entry[]): Entry[] {
  const sums = new Map<string, Entry>()
  for (const { account, amountMinor } of entries) {
    const key = `${account.kind}:${account.owner}`
    sums.set(key, { account, amountMinor: (sums.get(key)?.amountMinor ?? 0) + amountMinor })
  }
  return [...sums.values()].filter(({ amountMinor }) => amountMinor !== 0)
}

/** The entries that turn what was booked into what should have been. */
export const difference = (booked: readonly Entry[], right: readonly Entry[]): Entry[] =>
  compact([...right, ...booked.map((entry) => ({ ...entry, amountMinor: -entry.amountMinor }))])
