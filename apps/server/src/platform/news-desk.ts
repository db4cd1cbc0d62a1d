import type { AccountId } from '../kernel/index.ts'
import { onCommit, type Database } from './database/index.ts'
import type { News, NewsDesk } from './news.ts'
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
export function createNewsDesk(
  db: Database,
  onError: (error: unknown) => void,
): NewsDesk & { poll(): Promise<void> } {
  const feeds = new Map<AccountId, Feed>()

  const tell = (feed: Feed, news: News): void => {
    feed.seq = news.seq
    for (const listener of [...feed.listeners]) {
      try {
        listener(news)
      } catch (error) {
        onError(error)
      }
    }
  }

  /** Tells what the table holds beyond `seq`, one reader at a time so that the order stays. */
  const catchUp = async (accountId: AccountId, feed: Feed): Promise<void> => {
    feed.isBehind = true
    if (feed.isCatchingUp || feed.seq === undefined) return
    feed.isCatchingUp = true
    try {
      while (feed.isBehind) {
        feed.isBehind = false
        for (const news of await readNewsAfter(db.single, accountId, feed.seq)) tell(feed, news)
      }
    } finally {
      feed.isCatchingUp = false
    }
  }

  const wake = (news: News): void => {
    const feed = feeds.get(news.accountId)
    if (!feed || (feed.seq !== undefined && news.seq <= feed.seq)) return
    if (feed.seq !== undefined && news.seq === feed.seq + 1 && !feed.isCatchingUp) tell(feed, news)
    else catchUp(news.accountId, feed).catch(onError)
  }

  const open = (accountId: AccountId): Feed => {
    // Registered before its position is read: what commits in between marks the feed as behind.
    const feed: Feed = {
      seq: undefined,
      listeners: new Set(),
      ready: Promise.resolve(),
      isBehind: false,
      isCatchingUp: false,
    }
    feed.ready = readPosition(db.single, accountId).then(async (seq) => {
      feed.seq = seq
      if (feed.isBehind) await catchUp(accountId, feed)
    })
    feeds.set(accountId, feed)
    return feed
  }

  return {
    async append(tx, items) {
      if (items.length === 0) return
      const told = await insertNews(tx, items)
      onCommit(tx, () => told.forEach(wake))
    },

    async listen(accountId, listener) {
      const feed = feeds.get(accountId) ?? open(accountId)
      feed.listeners.add(listener)
      const stop = (): void => {
        feed.listeners.delete(listener)
        if (feed.listeners.size === 0 && feeds.get(accountId) === feed) feeds.delete(accountId)
      }
      try {
        await feed.ready
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },

    async poll() {
      if (feeds.size === 0) return
      for (const { accountId, seq } of await readPositions(db.single, [...feeds.keys()])) {
        const feed = feeds.get(accountId)
        if (feed?.seq !== undefined && seq > feed.seq) await catchUp(accountId, feed)
      }
    },
  }
}
