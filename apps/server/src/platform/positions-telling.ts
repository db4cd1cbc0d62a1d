import { randomUUID } from 'node:crypto'
import type { DriverId, Point } from '../kernel/index.ts'
import type { Positions } from './positions.ts'
import { fixesChannel } from './redis/position-keys.ts'
import type { PositionStore, StoredDriver } from './redis/position-store.ts'
import type { RedisLink } from './redis/redis-link.ts'
import { decodeDrivers, encodeDriver, type SharedDriver } from './redis/shared-driver.ts'

/** Fixes of this long are told to the other nodes together: one message for all of them. */
const TELL_MS = 100
/** So many wait for no more. */
const TELL_AT = 100
const STORE_MS = 1_000
/** Each message begins with who sent it. */
const HEAD_LENGTH = 8
/** What one message or one pipeline holds. */
const AT_ONCE = 1_000

/** The drivers whose last fix came to this node, and under which keys each is stored. */
export type OwnDrivers = Map<DriverId, string | undefined>

export type Told = {
  readonly memory: Positions
  readonly own: OwnDrivers
  readonly link: RedisLink
  readonly marketAt: (point: Point) => string
}

/** What this node tells the others: the newest of each of its drivers, and never more than that waits. */
export function createTelling(
  { memory, own, link, marketAt }: Told,
  onTold: (driver: SharedDriver, text: string) => void,
) {
  const head = randomUUID().slice(0, HEAD_LENGTH)
  const untold = new Set<DriverId>()

  const tell = (): void => {
    if (untold.size === 0 || !link.isUp) return
    const batches = new Map<string, string[]>()
    for (const driverId of untold) {
      const driver = sharedDriver(memory, driverId)
      if (!driver) continue
      const market = marketAt(driver.fix)
      const batch = batches.get(market) ?? []
      batches.set(market, batch)
      const text = encodeDriver(driver)
      batch.push(text)
      onTold(driver, text)
    }
    untold.clear()
    for (const [market, batch] of batches)
      for (let n = 0; n < batch.length; n += AT_ONCE)
        link.publish(fixesChannel(market), head + batch.slice(n, n + AT_ONCE).join(','))
  }
  const soon = createSoon(tell)

  return {
    tell,
    /** With the others of this moment, or at once. */
    add(driverId: DriverId, isUrgent = false): void {
      untold.add(driverId)
      soon.within(isUrgent || untold.size >= TELL_AT ? 0 : TELL_MS)
    },
    /** After a silence, in which anything may have been lost. */
    tellAll(): void {
      for (const driverId of own.keys()) untold.add(driverId)
      tell()
    },
    /** What another node told; everything of a channel comes back to who sent it. */
    read: (message: string): SharedDriver[] =>
      message.startsWith(head) ? [] : decodeDrivers(message.slice(HEAD_LENGTH)),
    cancel: soon.cancel,
  }
}

/** Less often than the others are told: it is read by nodes that start, and each driver's next fix mends it. */
export function startStoring({ own, link, marketAt }: Omit<Told, 'memory'>, store: PositionStore) {
  const unstored = new Map<DriverId, StoredDriver>()

  const storeSome = async (): Promise<void> => {
    const byMarket = new Map<string, StoredDriver[]>()
    for (const [driverId, driver] of [...unstored].slice(0, AT_ONCE)) {
      unstored.delete(driverId)
      if (!own.has(driverId)) continue
      const market = marketAt(driver.fix)
      const place = `${market} ${driver.listing?.vehicleClass ?? ''}`
      const before = own.get(driverId)
      if (before !== undefined && before !== place) await store.forget(before.split(' ')[0] ?? '', driverId)
      own.set(driverId, place)
      const drivers = byMarket.get(market) ?? []
      byMarket.set(market, drivers)
      drivers.push(driver)
    }
    for (const [market, drivers] of byMarket) await store.write(market, drivers)
  }
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy || unstored.size === 0 || !link.isUp) return
    isBusy = true
    // What fails is stored with its next fix.
    storeSome()
      .catch(() => undefined)
      .finally(() => (isBusy = false))
  }, STORE_MS)
  timer.unref()
  return {
    add: (driver: SharedDriver, text: string): void =>
      void unstored.set(driver.driverId, { ...driver, text }),
    stop: () => clearInterval(timer),
  }
}

function sharedDriver(memory: Positions, driverId: DriverId): SharedDriver | undefined {
  const fix = memory.lastFix(driverId)
  return fix && { driverId, fix, listing: memory.listing(driverId) }
}

/** Runs `task` once, soon; the soonest that was asked for counts. */
function createSoon(task: () => void) {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Infinity
  const cancel = (): void => {
    clearTimeout(timer)
    dueAt = Infinity
  }
  return {
    cancel,
    within(milliseconds: number): void {
      const at = performance.now() + milliseconds
      if (at >= dueAt) return
      cancel()
      dueAt = at
      timer = setTimeout(() => {
        dueAt = Infinity
        task()
      }, milliseconds)
    },
  }
}
