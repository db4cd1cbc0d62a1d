import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDriverCards, type DriverCard } from '../drivers/index.ts'
import { findEngagements } from '../trips/index.ts'

/**
 * The drivers this node knows by name: their cards, and their listings in `positions`. Derived from the database
 * when a driver enters and again with each news of his, so that searches and fixes need no query.
 */
export type Roster = {
  /** Loads the driver and keeps him current until {@link Roster.leave}. Idempotent. */
  enter(driverId: DriverId): Promise<void>
  /** Whether the driver is loaded and kept current. */
  knows(driverId: DriverId): boolean
  card(driverId: DriverId): DriverCard | undefined
  /** The cards of these drivers, in this order; those unknown here are read in one statement. */
  cards(driverIds: readonly DriverId[]): Promise<DriverCard[]>
  leave(driverId: DriverId): void
  /** Drivers in the roster. */
  ids(): DriverId[]
}

type Entry = {
  isLoaded: boolean
  card: DriverCard | undefined
  stop: () => void
  refreshing: Promise<void>
  isStale: boolean
}

export function createRoster({
  db,
  positions,
  news,
  log,
}: Pick<Platform, 'db' | 'positions' | 'news' | 'log'>): Roster {
  const entries = new Map<DriverId, Entry>()

  const load = async (driverId: DriverId, entry: Entry): Promise<void> => {
    const [cards, engagements] = await Promise.all([
      findDriverCards(db.single, [driverId]),
      findEngagements(db.single, [driverId]),
    ])
    const card = cards[0]
    entry.card = card
    if (!card) return
    positions.list(driverId, {
      vehicleClass: card.vehicleClass,
      isApproved: card.isApproved,
      engagedWith: engagements[0]?.customerId ?? null,
    })
  }

  /** One load at a time per driver: an older answer must not overwrite a newer one. */
  const refresh = (driverId: DriverId, entry: Entry): void => {
    if (entry.isStale) return
    entry.isStale = true
    entry.refreshing = entry.refreshing
      .then(() => {
        entry.isStale = false
        return load(driverId, entry)
      })
      .catch((error: unknown) => {
        // Out of date is worse than unknown: the next fix loads the driver anew.
        log.error({ err: error, driverId }, 'could not refresh a driver')
        leave(driverId)
      })
  }

  const leave = (driverId: DriverId): void => {
    entries.get(driverId)?.stop()
    entries.delete(driverId)
  }

  return {
    async enter(driverId) {
      let entry = entries.get(driverId)
      if (!entry) {
        const entered: Entry = {
          isLoaded: false,
          card: undefined,
          stop: () => undefined,
          refreshing: Promise.resolve(),
          isStale: false,
        }
        entry = entered
        entries.set(driverId, entered)
        entered.refreshing = (async () => {
          entered.stop = await news.listen(driverId, () => refresh(driverId, entered))
          await load(driverId, entered)
          entered.isLoaded = true
        })()
        entered.refreshing.catch(() => leave(driverId))
      }
      await entry.refreshing
    },

    knows: (driverId) => entries.get(driverId)?.isLoaded ?? false,

    card: (driverId) => entries.get(driverId)?.card,

    async cards(driverIds) {
      const unknown = driverIds.filter((id) => !entries.get(id)?.card)
      const read = unknown.length > 0 ? await findDriverCards(db.single, unknown) : []
      return driverIds.flatMap((id) => entries.get(id)?.card ?? read.find((card) => card.id === id) ?? [])
    },

    leave,

    ids: () => [...entries.keys()],
  }
}
