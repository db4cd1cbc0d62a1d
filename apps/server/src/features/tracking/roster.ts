import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDriverCards, type DriverCard } from '../drivers/index.ts'
import { findEngagements, type Engagement } from '../trips/index.ts'
import { Drive, type Job } from './drive.ts'
import { TrailBuffer } from './trail-buffer.ts'

type Entry = {
  isLoaded: boolean
  card: DriverCard | undefined
  readonly drive: Drive
  stopListening: () => void
  /** The load under way; the next one waits for it, since an older answer must not overwrite a newer one. */
  loading: Promise<void>
  /** A load is already waiting its turn. */
  isStale: boolean
}

type RosterPlatform = Pick<Platform, 'db' | 'clock' | 'positions' | 'news' | 'log'>
type ReadCard = { readonly card: DriverCard; readonly readAt: number }

/** Cards of drivers who are online at other nodes. */
const READ_CARDS_MS = 30_000
const MAX_READ_CARDS = 20_000

/**
 * The drivers this node knows by name: their cards, what they drive, and their listings in `positions`. Derived from the
 * database when a driver enters and again with each news of his, so that searches and fixes need no query.
 */
export class Roster {
  readonly #platform: RosterPlatform
  readonly #entries = new Map<DriverId, Entry>()
  readonly #watchers = new Map<DriverId, Set<() => void>>()
  /** What is to be written of where they were. */
  readonly trail = new TrailBuffer()
  readonly #read = new Map<DriverId, ReadCard>()

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

  /** What is remembered of his way; of a driver who has not entered, nothing. */
  drive(driverId: DriverId): Drive {
    return this.#entries.get(driverId)?.drive ?? new Drive()
  }

  /** Calls `listener` whenever the driver moves or what he does may have changed, until the result is called. */
  watch(driverId: DriverId, listener: () => void): () => void {
    const group = this.#watchers.get(driverId) ?? new Set()
    // A function of its own, so that one listener may watch twice.
    const watcher = (): void => listener()
    this.#watchers.set(driverId, group.add(watcher))
    return () => {
      group.delete(watcher)
      if (group.size === 0 && this.#watchers.get(driverId) === group) this.#watchers.delete(driverId)
    }
  }

  /** Tells those who watch him. */
  touch(driverId: DriverId): void {
    for (const watcher of this.#watchers.get(driverId) ?? []) watcher()
  }

  /**
   * The cards of these drivers, in this order, for searches: those unknown here are read in one statement, and are good
   * for half a minute.
   */
  async cards(driverIds: readonly DriverId[]): Promise<DriverCard[]> {
    const now = this.#platform.clock.now().getTime()
    const recent = (id: DriverId): DriverCard | undefined => {
      const read = this.#read.get(id)
      return read && now - read.readAt < READ_CARDS_MS ? read.card : undefined
    }
    const unknown = driverIds.filter((id) => !this.card(id) && !recent(id))
    if (unknown.length > 0) {
      if (this.#read.size > MAX_READ_CARDS) this.#read.clear()
      for (const card of await findDriverCards(this.#platform.db.single, unknown))
        this.#read.set(card.id, { card, readAt: now })
    }
    return driverIds.flatMap((id) => this.card(id) ?? recent(id) ?? [])
  }

  /** The driver's card as it is now, for what depends on it. */
  async currentCard(driverId: DriverId): Promise<DriverCard | undefined> {
    return this.card(driverId) ?? (await findDriverCards(this.#platform.db.single, [driverId]))[0]
  }

  /** Forgets the driver, unless he is just entering. */
  leave(driverId: DriverId): void {
    const entry = this.#entries.get(driverId)
    if (entry?.isLoaded) this.#drop(driverId, entry)
  }

  ids(): DriverId[] {
    return [...this.#entries.keys()]
  }

  #add(driverId: DriverId): Entry {
    const entry: Entry = {
      isLoaded: false,
      card: undefined,
      drive: new Drive(this.#platform.positions.lastFix(driverId)),
      stopListening: () => undefined,
      loading: Promise.resolve(),
      isStale: false,
    }
    this.#entries.set(driverId, entry)
    entry.loading = this.#listenAndLoad(driverId, entry)
    entry.loading.catch(() => this.#drop(driverId, entry))
    return entry
  }

  #drop(driverId: DriverId, entry: Entry): void {
    entry.stopListening()
    if (this.#entries.get(driverId) === entry) this.#entries.delete(driverId)
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
        // Out of date is worse than unknown: he is shown to nobody until his next fix loads him anew.
        this.#platform.log.error({ err: error, driverId }, 'could not refresh a driver')
        this.#drop(driverId, entry)
        this.#platform.positions.unlist(driverId)
      })
  }

  async #load(driverId: DriverId, entry: Entry): Promise<void> {
    const { db, positions } = this.#platform
    const [cards, engagements] = await Promise.all([
      findDriverCards(db.single, [driverId]),
      findEngagements(db.single, [driverId]),
    ])
    const [card] = cards
    entry.card = card
    entry.drive.take(jobOf(engagements))
    if (card?.vehicleClass)
      positions.list(driverId, {
        vehicleClass: card.vehicleClass,
        isApproved: card.isApproved,
        engagedWith: engagements[0]?.customerId ?? null,
      })
    this.touch(driverId)
  }
}

function jobOf(engagements: readonly Engagement[]): Job | undefined {
  const active = engagements.find(({ acceptedAt }) => acceptedAt !== null)
  return active && { ...active, acceptedAt: active.acceptedAt?.getTime() ?? 0 }
}
