import type { AccountId } from '../kernel/index.ts'
import type { News } from './news.ts'
import type { RedisLink } from './redis/redis-link.ts'

/** Tells other nodes what was written, so that they need not wait for their poll. Nothing relies on it. */
export type NewsWakeUps = {
  tell(news: News): void
  listen(accountId: AccountId, listener: (news: News) => void): () => void
}

export const noWakeUps: NewsWakeUps = { tell: () => undefined, listen: () => () => undefined }

export function createNewsWakeUps({
  publish,
  subscribe,
}: Pick<RedisLink, 'publish' | 'subscribe'>): NewsWakeUps {
  return {
    tell: (news) => publish(channelOf(news.accountId), JSON.stringify(news)),
    listen: (accountId, listener) =>
      subscribe(channelOf(accountId), (message) => {
        const news = JSON.parse(message) as Omit<News, 'at'> & { readonly at: string }
        listener({ ...news, at: new Date(news.at) })
      }),
  }
}

const channelOf = (accountId: AccountId): string => `toota:news:{${accountId}}`
