import type { AccountId } from '../kernel/index.ts'
import type { Tx } from './database/index.ts'

/** What one account is told: state, not instructions. `kind` and `data` are the feature's own. */
export type NewsItem = { readonly accountId: AccountId; readonly kind: string; readonly data: unknown }

/** A told item at its place in the account's stream: seq is 1..n without gaps, in commit order. */
export type News = NewsItem & { readonly seq: number; readonly at: Date }

export type NewsDesk = {
  /** Writes the items with the change they tell of; listeners hear them after COMMIT. Call it once, last, in a transaction. */
  append(tx: Tx, items: readonly NewsItem[]): Promise<void>
  /**
   * Listens to one account's stream from now on. Resolves once nothing committed later can be missed; each item
   * comes exactly once, in order, also when another process wrote it (found by polling within 2 s).
   */
  listen(accountId: AccountId, listener: (news: News) => void): Promise<() => void>
  /** Which numbering this is; with another one, the numbers of before mean nothing. */
  epoch(): Promise<string>
  /** The last number of an account's stream; 0 before anything was told. */
  position(accountId: AccountId): Promise<number>
  /** What was told after `seq`, oldest first, at most `limit`. */
  since(accountId: AccountId, seq: number, limit: number): Promise<News[]>
}
