import { asTripNews, type TripNews } from '../../features/trips/index.ts'
import type { ClassicContext } from '../context.ts'
import type { SocketClient } from './routes.ts'

/**
 * Hears the client's own stream from now on, each item in turn with the client's messages, then does `first`: what
 * changes while `first` reads the state is heard afterwards, so nothing falls between the two.
 */
export function hearTripNews(
  { platform }: ClassicContext,
  { principal, session }: SocketClient,
  hear: (news: TripNews) => Promise<void>,
  first: () => Promise<void> = () => Promise.resolve(),
): void {
  session.enqueue(async () => {
    const stop = await platform.news.listen(principal.accountId, (item) => {
      const news = asTripNews(item)
      if (news) session.enqueue(() => hear(news))
    })
    session.onClose(stop)
    if (!session.isOpen) stop()
    await first()
  })
}
