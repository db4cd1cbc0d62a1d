import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDriverCards, type DriverCard } from '../drivers/index.ts'
import { findEngagements } from '../trips/index.ts'

type Entry = {
  isLoaded: boolean
  card: DriverCard | undefined
  stopListening: () => void
  /** The load under way; the next one waits for it, since an older answer must not overwrite a newer one. */
  loading: Promise<void>
  /** A load is already waiting its turn. */
  isStale: boolean
}

type RosterPlatform = Pick<Platform, 'db' | 'positions' | 'news' | 'log'>

/**
 * The drivers this node knows by name: their cards, and their listings in `positions`. Derived from the database
 * when a driver enters and again with each news of his, so that searches and fixes need no query.
 */
export class Roster {
  readonly #platform: RosterPlatform
  readonly #entries = new Map<DriverId, Entry>()

  constructor(platform: RosterPlatform) {
    this.#platform = platform
  }

  /** Loads the driver and keeps him current until {@link Roster.leave}. Idempotent. */
  async enter(driverId: DriverId): Promise<void> {
    await (this.#entries.get(driverId) ?? this.#add(driverId)).loading
  }

  /** Whether the driver is loaded and kept current. */
  knows(driverId: DriverId): boolean {
    return this.#entries.get(driverId)?.isLoaded ?? false
  }

  card(driverId: DriverId): DriverCard | undefined {
    return this.#entries.get(driverId)?.card
  }

  /** The cards of these drivers, in this order; those unknown here are read in one statement. */
  async cards(driverIds: readonly DriverId[]): Promise<DriverCard[]> {
    const unknown = driverIds.filter((id) => !this.card(id))
    const read = unknown.length > 0 ? await findDriverCards(this.#platform.db.single, unknown) : []
    return driverIds.flatMap((id) => this.card(id) ?? read.find((card) => card.id === id) ?? [])
  }

  leave(driverId: DriverId): void {
    this.#entries.get(driverId)?.stopListening()
    this.#entries.delete(driverId)
  }

  ids(): DriverId[] {
    return [...this.#entries.keys()]
  }

  #add(driverId: DriverId): Entry {
    const entry: Entry = {
      isLoaded: false,
      card: undefined,
      stopListening: () => undefined,
      loading: Promise.resolve(),
      isStale: false,
    }
    this.#entries.set(driverId, entry)
    entry.loading = this.#listenAndLoad(driverId, entry)
    entry.loading.catch(() => this.leave(driverId))
    return entry
  }

  async #listenAndLoad(driverId: DriverId, entry: Entry): Promise<void> {
    entry.stopListening = await this.#platform.news.listen(driverId, () => this.#refresh(driverId, entry))
    await this.#load(driverId, entry)
    entry.isLoaded = true
  }

  #refresh(driverId: DriverId, entry: Entry): void {
    if (entry.isStale) return
    entry.isStale = true
    entry.loading = entry.loading
      .then(() => {
        entry.isStale = false
        return this.#load(driverId, entry)
      })
      .catch((error: unknown) => {
        // Out of date is worse than unknown: the next fix loads the driver anew.
        this.#platform.log.error({ err: error, driverId }, 'could not refresh a driver')
        this.leave(driverId)
      })
  }

  async #load(driverId: DriverId, entry: Entry): Promise<void> {
    const { db, positions } = this.#platform
    const [cards, engagements] = await Promise.all([
      findDriverCards(db.single, [driverId]),
      findEngagements(db.single, [driverId]),
    ])
    entry.card = cards[0]
    if (!entry.card) return
    positions.list(driverId, {
      vehicleClass: entry.card.vehicleClass,
      isApproved: entry.card.isApproved,
      engagedWith: engagements[0]?.customerId ?? null,
    })
  }
}
