import type { LiveEvent, Toota } from '@toota/sdk'

/** What both sides hear about a trip. */
export type TripNews = Extract<LiveEvent, { kind: 'trip.changed' | 'offer.ended' }>

export type TripStory = {
  /** The oldest piece of news not yet read; undefined when none comes in time. */
  next(timeoutMs: number): Promise<TripNews | undefined>
  stop(): void
}

/** Keeps what is told about one trip until somebody asks. */
export function followTrip({ live }: Pick<Toota, 'live'>, tripId: string): TripStory {
  const unread: TripNews[] = []
  let wake = (): void => undefined
  const keep = (news: TripNews): void => {
    if (news.data.tripId !== tripId) return
    unread.push(news)
    wake()
  }
  const offs = [live.on('trip.changed', keep), live.on('offer.ended', keep)]
  return {
    next: async (timeoutMs) => {
      if (unread.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      return unread.shift()
    },
    stop: () => {
      for (const off of offs) off()
    },
  }
}
