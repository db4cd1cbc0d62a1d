import type { AccountId } from '../kernel/index.ts'
import { onCommit, type Database, type Tx } from './database/index.ts'
import type { News, NewsDesk, NewsItem } from './news.ts'
import { insertNews, readNewsAfter, readPosition, readPositions } from './news-table.ts'

/** The open ear for one account: everybody on this node who listens to its stream. */
type Feed = {
  /** The last item told; undefined until the stream's position has been read. */
  seq: number | undefined
  readonly listeners: Set<(news: News) => void>
  /** Resolves when `seq` is known. */
  ready: Promise<void>
  /** Something newer than `seq` is known to be in the table. */
  isBehind: boolean
  isCatchingUp: boolean
}

/**
 * News on one node: the stream table is the data path, a wake-up after COMMIT makes it immediate, and a poll finds
 * what other processes wrote. Several nodes will add a faster wake-up between them, nothing else.
 */
export class PolledNewsDesk implements NewsDesk {
  readonly #db: Database
  readonly #onError: (error: unknown) => void
  readonly #feeds = new Map<AccountId, Feed>()

  constructor(db: Database, onError: (error: unknown) => void) {
    this.#db = db
    this.#onError = onError
  }

  async append(tx: Tx, items: readonly NewsItem[]): Promise<void> {
    if (items.length === 0) return
    const told = await insertNews(tx, items)
    onCommit(tx, () => {
      for (const news of told) this.#wake(news)
    })
  }

  async listen(accountId: AccountId, listener: (news: News) => void): Promise<() => void> {
    const feed = this.#feeds.get(accountId) ?? this.#open(accountId)
    feed.listeners.add(listener)
    const stop = (): void => {
      feed.listeners.delete(listener)
      if (feed.listeners.size === 0 && this.#feeds.get(accountId) === feed) this.#feeds.delete(accountId)
    }
    try {
      await feed.ready
    } catch (error) {
      stop()
      throw error
    }
    return stop
  }

  position(accountId: AccountId): Promise<number> {
    return readPosition(this.#db.single, accountId)
  }

  since(accountId: AccountId, seq: number, limit: number): Promise<News[]> {
    return readNewsAfter(this.#db.single, accountId, seq, limit)
  }

  /** Looks for what other processes wrote: one statement for all open feeds. */
  async poll(): Promise<void> {
    if (this.#feeds.size === 0) return
    for (const { accountId, seq } of await readPositions(this.#db.single, [...this.#feeds.keys()])) {
      const feed = this.#feeds.get(accountId)
      if (feed?.seq !== undefined && seq > feed.seq) await this.#catchUp(accountId, feed)
    }
  }

  #open(accountId: AccountId): Feed {
    const feed: Feed = {
      seq: undefined,
      listeners: new Set(),
      ready: Promise.resolve(),
      isBehind: false,
      isCatchingUp: false,
    }
    // Registered before its position is read: what commits in between marks the feed as behind.
    this.#feeds.set(accountId, feed)
    feed.ready = readPosition(this.#db.single, accountId).then(async (seq) => {
      feed.seq = seq
      if (feed.isBehind) await this.#catchUp(accountId, feed)
    })
    return feed
  }

  #wake(news: News): void {
    const feed = this.#feeds.get(news.accountId)
    if (!feed || (feed.seq !== undefined && news.seq <= feed.seq)) return
    if (feed.seq !== undefined && news.seq === feed.seq + 1 && !feed.isCatchingUp) this.#tell(feed, news)
    else this.#catchUp(news.accountId, feed).catch(this.#onError)
  }

  /** Tells what the table holds beyond `seq`, one reader at a time so that the order stays. */
  async #catchUp(accountId: AccountId, feed: Feed): Promise<void> {
    feed.isBehind = true
    if (feed.isCatchingUp || feed.seq === undefined) return
    feed.isCatchingUp = true
    try {
      while (feed.isBehind) {
        feed.isBehind = false
        for (const news of await readNewsAfter(this.#db.single, accountId, feed.seq)) this.#tell(feed, news)
      }
    } finally {
      feed.isCatchingUp = false
    }
  }

  #tell(feed: Feed, news: News): void {
    feed.seq = news.seq
    for (const listener of [...feed.listeners]) {
      try {
        listener(news)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
