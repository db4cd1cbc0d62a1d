import type { AccountId } from '../kernel/index.ts'
import { createMetrics, type Counter, type Metrics } from './metrics.ts'
import { onCommit, type Database, type Tx } from './database/index.ts'
import type { DeskReport, News, NewsDesk, NewsItem, StreamDesk } from './news.ts'
import { noWakeUps, type NewsWakeUps } from './news-wake-ups.ts'
import { insertNews, readNewsAfter, readPosition, readPositions, readUntoldNews } from './news-table.ts'

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
  stopWaking: () => void
}

/**
 * News on one node: the stream table is the data path, a wake-up after COMMIT makes it immediate, here and on other
 * nodes, and a poll finds what no wake-up told of.
 */
export class PolledNewsDesk implements NewsDesk, StreamDesk {
  readonly #db: Database
  readonly #onError: (error: unknown) => void
  readonly #wakeUps: NewsWakeUps
  readonly #feeds = new Map<AccountId, Feed>()
  readonly #metrics: Metrics
  readonly #toldAtOnce: Counter
  readonly #toldFromTable: Counter
  readonly #reporters: ((report: DeskReport) => void)[] = []
  #epoch: string | undefined
  #behind = 0
  #onCommitted: (items: readonly NewsItem[]) => void = () => undefined

  constructor(
    db: Database,
    onError: (error: unknown) => void,
    metrics: Metrics = createMetrics(),
    wakeUps: NewsWakeUps = noWakeUps,
  ) {
    this.#db = db
    this.#onError = onError
    this.#metrics = metrics
    this.#wakeUps = wakeUps
    this.#toldAtOnce = metrics.counter('toota_stream_told_total', { by: 'commit' })
    this.#toldFromTable = metrics.counter('toota_stream_told_total', { by: 'table' })
    metrics.histogram('toota_stream_lag_seconds', {})
    metrics.gauge('toota_stream_listeners', () => this.#feeds.size)
    metrics.gauge('toota_stream_behind', () => this.#behind)
  }

  async append(tx: Tx, items: readonly NewsItem[]): Promise<void> {
    if (items.length === 0) return
    const told = await insertNews(tx, items)
    onCommit(tx, () => {
      this.#onCommitted(items)
      for (const news of told) {
        this.#wake(news)
        this.#wakeUps.tell(news)
      }
    })
  }

  /** Hears all that this process has committed, each append as a whole. */
  watch(onCommitted: (items: readonly NewsItem[]) => void): void {
    this.#onCommitted = onCommitted
  }

  async listen(accountId: AccountId, listener: (news: News) => void): Promise<() => void> {
    const feed = this.#feeds.get(accountId) ?? this.#open(accountId)
    feed.listeners.add(listener)
    const stop = (): void => {
      feed.listeners.delete(listener)
      if (feed.listeners.size > 0 || this.#feeds.get(accountId) !== feed) return
      this.#feeds.delete(accountId)
      feed.stopWaking()
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

  onReport(listener: (report: DeskReport) => void): void {
    this.#reporters.push(listener)
  }

  endOf(accountId: AccountId): number | undefined {
    return this.#feeds.get(accountId)?.seq
  }

  /** Looks for what other processes wrote: one statement for all open feeds. */
  async poll(): Promise<void> {
    this.#behind = 0
    if (this.#feeds.size === 0) return
    try {
      const { epoch, positions } = await readPositions(this.#db.single, [...this.#feeds.keys()])
      if (this.#epoch !== undefined && this.#epoch !== epoch) this.#beginAnew(positions)
      this.#epoch = epoch
      await this.#catchUpWith(positions)
    } catch (error) {
      this.#report({ isDatabaseAway: true, epoch: undefined })
      throw error
    }
    this.#report({ isDatabaseAway: false, epoch: this.#epoch })
  }

  async #catchUpWith(positions: ReadonlyMap<AccountId, number>): Promise<void> {
    const behind = new Map<AccountId, Feed>()
    for (const [accountId, seq] of positions) {
      const feed = this.#feeds.get(accountId)
      if (feed?.seq === undefined || seq <= feed.seq) continue
      this.#behind += seq - feed.seq
      behind.set(accountId, feed)
    }
    await this.#catchUp(behind)
  }

  /** Another numbering: what was told under the old one says nothing about where a stream is now. */
  #beginAnew(positions: ReadonlyMap<AccountId, number>): void {
    for (const [accountId, feed] of this.#feeds)
      if (feed.seq !== undefined) feed.seq = positions.get(accountId) ?? 0
  }

  #report(report: DeskReport): void {
    for (const listener of this.#reporters) listener(report)
  }

  #open(accountId: AccountId): Feed {
    const feed: Feed = {
      seq: undefined,
      listeners: new Set(),
      ready: Promise.resolve(),
      isBehind: false,
      isCatchingUp: false,
      stopWaking: () => undefined,
    }
    // Registered before its position is read: what commits in between marks the feed as behind.
    this.#feeds.set(accountId, feed)
    feed.stopWaking = this.#wakeUps.listen(accountId, (news) => this.#wake(news))
    feed.ready = readPosition(this.#db.single, accountId).then(async (seq) => {
      feed.seq = seq
      if (feed.isBehind) await this.#catchUp(new Map([[accountId, feed]]))
    })
    return feed
  }

  #wake(news: News): void {
    const feed = this.#feeds.get(news.accountId)
    if (!feed || (feed.seq !== undefined && news.seq <= feed.seq)) return
    if (feed.seq !== undefined && news.seq === feed.seq + 1 && !feed.isCatchingUp) {
      this.#toldAtOnce.add()
      this.#tell(feed, news)
    } else this.#catchUp(new Map([[news.accountId, feed]])).catch(this.#onError)
  }

  /** Tells what the table holds beyond each `seq`, in one statement, one reader of a feed at a time so that the order stays. */
  async #catchUp(feeds: ReadonlyMap<AccountId, Feed>): Promise<void> {
    for (const feed of feeds.values()) feed.isBehind = true
    const reading = [...feeds].filter(([, feed]) => !feed.isCatchingUp && feed.seq !== undefined)
    for (const [, feed] of reading) feed.isCatchingUp = true
    try {
      for (;;) {
        const behind = new Map(reading.filter(([, feed]) => feed.isBehind))
        if (behind.size === 0) return
        for (const feed of behind.values()) feed.isBehind = false
        await this.#tellUntold(behind)
      }
    } finally {
      for (const [, feed] of reading) feed.isCatchingUp = false
    }
  }

  async #tellUntold(feeds: ReadonlyMap<AccountId, Feed>): Promise<void> {
    const places = [...feeds].map(([accountId, { seq = 0 }]) => ({ accountId, seq }))
    for (const { lagSeconds, ...news } of await readUntoldNews(this.#db.single, places)) {
      const feed = feeds.get(news.accountId)
      if (!feed) continue
      this.#metrics.observe('toota_stream_lag_seconds', {}, lagSeconds)
      this.#toldFromTable.add()
      this.#tell(feed, news)
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
