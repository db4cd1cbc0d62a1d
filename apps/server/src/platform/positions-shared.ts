import type { Point } from '../kernel/index.ts'
import type { Logger } from './log.ts'
import { createTelling, startStoring, type OwnDrivers } from './positions-telling.ts'
import type { Listing, Positions } from './positions.ts'
import { fixesChannel } from './redis/position-keys.ts'
import { createPositionStore } from './redis/position-store.ts'
import type { RedisLink } from './redis/redis-link.ts'
import { decodeDriver, type SharedDriver } from './redis/shared-driver.ts'

type Sharing = {
  readonly link: RedisLink
  readonly markets: readonly string[]
  /** One of `markets` for every place on Earth. */
  readonly marketAt: (point: Point) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly log: Pick<Logger, 'warn'>
}

export type SharedPositions = Positions & {
  /** Resolves when what other nodes know has been read, or cannot be for now. */
  readonly restored: Promise<void>
  close(): void
}

/** Last seen before that: of no use to anybody who starts. */
const TOO_OLD_MS = 15 * 60_000
/** A clock that is so far ahead of ours would keep every true fix out. */
const TOO_NEW_MS = 60_000
/** The other nodes come back to Redis within so long, and tell their drivers then. */
const SETTLING_MS = 10_000
const RESTORE_PATIENCE_MS = 3_000

/**
 * The positions of all nodes in the memory of each: what is reported here is told to the others, and what they tell is
 * taken over, so that searches ask nobody. Each fix travels with the listing that its node knows; a node decides the
 * listing of drivers who report to it. While Redis is away each node knows its own.
 */
export function createSharedPositions(memory: Positions, sharing: Sharing): SharedPositions {
  const { link, markets, now, log } = sharing
  const store = createPositionStore(link)
  const own: OwnDrivers = new Map()
  const told = { memory, own, ...sharing }
  const storing = startStoring(told, store)
  const telling = createTelling(told, storing.add)

  const take = (driver: SharedDriver): void => takeOver(memory, own, driver, now())
  const stops = markets.map((market) =>
    link.subscribe(fixesChannel(market), (message) => {
      for (const driver of telling.read(message)) take(driver)
    }),
  )
  const restore = async (): Promise<void> => {
    for (const market of markets)
      for await (const page of store.read(market)) for (const text of page) take(decodeDriver(text))
    telling.tellAll()
  }
  let upAt = Infinity
  link.onUp(() => (upAt = now()))
  const restored = firstOf(link, () =>
    restore().catch((error: unknown) => log.warn({ err: error }, 'positions of other nodes were not read')),
  )

  return {
    ...memory,
    report(driverId, fix) {
      if (!own.has(driverId)) own.set(driverId, undefined)
      memory.report(driverId, fix)
      telling.add(driverId)
    },
    list(driverId, listing) {
      const isNew = !isSame(memory.listing(driverId), listing)
      memory.list(driverId, listing)
      if (isNew && own.has(driverId)) telling.add(driverId, true)
    },
    isElsewhere: (driverId) => memory.lastFix(driverId) !== undefined && !own.has(driverId),
    seesAll: () => link.isUp && now() - upAt >= SETTLING_MS,
    prune(before) {
      const count = memory.prune(before)
      for (const driverId of own.keys()) if (!memory.lastFix(driverId)) own.delete(driverId)
      for (const market of markets) store.sweep(market, before).catch(() => undefined)
      return count
    },
    restored,
    close() {
      telling.tell()
      telling.cancel()
      storing.stop()
      for (const stop of stops) stop()
    },
  }
}

/** Takes what another node told: never back to an older fix, and never over our own word for who reports to us. */
function takeOver(
  memory: Positions,
  own: OwnDrivers,
  { driverId, fix, listing }: SharedDriver,
  now: number,
): void {
  if (fix.at > now + TOO_NEW_MS || fix.at < now - TOO_OLD_MS) return
  const last = memory.lastFix(driverId)
  if (last && fix.at < last.at) return
  const isNews = last === undefined || fix.at > last.at
  if (!isNews && own.has(driverId)) return
  own.delete(driverId)
  // First, so that followers are asked about whom he works for now.
  if (listing && !isSame(memory.listing(driverId), listing)) memory.list(driverId, listing)
  if (isNews) memory.report(driverId, fix)
}

const isSame = (a: Listing | undefined, b: Listing): boolean =>
  a?.vehicleClass === b.vehicleClass && a.isApproved === b.isApproved && a.engagedWith === b.engagedWith

/** Runs `work` whenever the link comes up; resolves after the first time, or when that takes too long. */
function firstOf(link: RedisLink, work: () => Promise<void>): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, RESTORE_PATIENCE_MS).unref()
    link.onUp(() => void work().then(done))
  })
}
