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
  /** The last number of an account's stream; 0 before anything was told. */
  position(accountId: AccountId): Promise<number>
  /** What was told after `seq`, oldest first, at most `limit`. */
  since(accountId: AccountId, seq: number, limit: number): Promise<News[]>
}

/** What the desk finds out while it looks for more: which numbering this is, and whether the database answers at all. */
export type DeskReport = { readonly isDatabaseAway: boolean; readonly epoch: string | undefined }

/** What whoever keeps many streams open asks of the desk. */
export type StreamDesk = {
  /** Calls `listener` with each look at the database (every 2 s). */
  onReport(listener: (report: DeskReport) => void): void
  /** The last item of a stream that this process knows of; undefined where nobody here listens to it. */
  endOf(accountId: AccountId): number | undefined
}
