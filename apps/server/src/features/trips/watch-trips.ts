import { distanceMeters, Refusal, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAbandoned, findTripsUnderWay, saveConcerns, type ConcernChange } from './concern-store.ts'
import type { Trip } from './model/trip.ts'
import { concernOf, look, type Sight, type Watch } from './model/watch.ts'
import { releaseDriver } from './release-driver.ts'
import { concernChanged } from './trip-news.ts'
import { lockTrip } from './trip-store.ts'

type WatchPlatform = Pick<Platform, 'db' | 'clock' | 'positions' | 'news' | 'settings' | 'log'>

const PAUSE_MS = 15_000
const BATCH = 100

/**
 * Watches the drivers of trips under way: who falls silent, and who stands or goes away instead of coming to the pickup. In
 * memory, from the positions that this process knows; what it finds is the trip's, and both sides are told.
 */
export class TripWatch {
  readonly #platform: WatchPlatform
  #watches = new Map<TripId, Watch>()

  constructor(platform: WatchPlatform) {
    this.#platform = platform
  }

  /** Looks at all of them, and answers in how many milliseconds to look again. */
  async look(): Promise<number> {
    const { db, positions, settings } = this.#platform
    const seesAll = positions.seesAll()
    const trips = await findTripsUnderWay(db.single)
    const watches = new Map<TripId, Watch>()
    const changes: ConcernChange[] = []
    for (const trip of trips) {
      const sight = this.#sightOf(trip)
      const watch = look(this.#watches.get(trip.id), sight)
      watches.set(trip.id, watch)
      const concern = concernOf(watch, sight, settings.watch)
      // Who is not seen here may be seen at a node that cannot be heard.
      const isSure = seesAll || !concern
      if (isSure && concern !== trip.concern?.kind) changes.push({ trip, concern })
    }
    this.#watches = watches
    if (changes.length > 0) await this.#save(changes)
    if (seesAll) await this.#releaseAbandoned()
    return PAUSE_MS
  }

  #sightOf({ driverId, status, pickup }: Trip): Sight {
    const { clock, positions } = this.#platform
    const fix = driverId ? positions.lastFix(driverId) : undefined
    const isComing = status === 'accepted' || status === 'en_route'
    return {
      now: clock.now().getTime(),
      fixAt: fix?.at,
      toPickupMeters: fix && isComing ? distanceMeters(fix, pickup) : undefined,
    }
  }

  async #save(changes: readonly ConcernChange[]): Promise<void> {
    const { db, news, log } = this.#platform
    const saved = await db.transaction(async (tx) => {
      const trips = await saveConcerns(tx, changes)
      await news.append(tx, trips.flatMap(concernChanged))
      return trips
    })
    for (const { id, driverId, concern } of saved)
      log.info({ tripId: id, driverId, concern: concern?.kind ?? null }, 'the driver of a trip')
  }

  /** Nobody acted: the driver is free for others, and the trip for another driver until its time is over. */
  async #releaseAbandoned(): Promise<void> {
    const { db, settings } = this.#platform
    if (settings.watch.releaseMinutes === 0) return
    for (const tripId of await findAbandoned(db.single, settings.watch.releaseMinutes, BATCH))
      await this.#release(tripId)
  }

  async #release(tripId: TripId): Promise<void> {
    const { db, news, log } = this.#platform
    try {
      await db.transaction(async (tx) => {
        const trip = await lockTrip(tx, tripId)
        // He has been heard, or somebody else was faster.
        if (trip.concern?.kind !== 'dark') return
        await news.append(tx, (await releaseDriver(tx, trip, 'system', 'driver dark')).told)
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      log.warn({ tripId, code: error.code }, 'a trip whose driver is gone needs a person')
    }
  }
}
