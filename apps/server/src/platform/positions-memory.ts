import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'
import { ONLINE_SECONDS, type DriverId } from '../kernel/index.ts'
import { createAreaWatch, type AreaWatch } from './area-watch.ts'
import type { Fix, Listing, NearbyDriver, Positions } from './positions.ts'
import {
  createSearch,
  createSphereIndex,
  insert,
  isIndexed,
  move,
  remove,
  searchNearest,
  startSearch,
  toMeters,
  whoIsAt,
  type Search,
  type SphereIndex,
} from './sphere-index/index.ts'

/** In the index, in the tree of the listing's class, exactly while the driver could be found: approved, not engaged, with a fix. */
type Tracked = {
  readonly driverId: DriverId
  /** His number in the index; another driver's once he is forgotten. */
  readonly number: number
  fix: Fix | undefined
  listing: Listing | undefined
  /** A prune has already met this driver without a fix. */
  isForgettable: boolean
}

/** The drivers by their ids and by their numbers. */
type Roll = {
  readonly byId: Map<DriverId, Tracked>
  readonly byNumber: (Tracked | undefined)[]
  readonly freeNumbers: number[]
}

type Follower = { readonly listener: (fix: Fix) => void; isEnded: boolean }
type NewestQuery = Parameters<Positions['newest']>[0]

const TREES = Object.fromEntries(VEHICLE_CLASSES.map((name, n) => [name, n])) as Record<VehicleClass, number>
const ONLINE_MS = ONLINE_SECONDS * 1000

/** Positions of one process. `onError` hears what a follower's listener throws. */
export function createMemoryPositions(onError: (error: unknown) => void = () => undefined): Positions {
  const roll: Roll = { byId: new Map(), byNumber: [], freeNumbers: [] }
  const index = createSphereIndex(VEHICLE_CLASSES.length)
  const search = createSearch()
  const followers = createFollowers(onError)
  const areas = createAreaWatch(onError)
  const find = (driverId: DriverId): Tracked | undefined => roll.byId.get(driverId)

  return {
    report(driverId, fix) {
      const driver = find(driverId) ?? enroll(roll, driverId)
      const last = driver.fix
      driver.fix = fix
      if (isIndexed(index, driver.number)) move(index, driver.number, fix)
      else enter(index, driver)
      if (isIndexed(index, driver.number)) touchMove(areas, last, fix)
      followers.tell(driverId, fix)
    },

    lastFix: (driverId) => find(driverId)?.fix,

    list: (driverId, listing) => relist(index, areas, find(driverId) ?? enroll(roll, driverId), listing),
    listing: (driverId) => find(driverId)?.listing,
    unlist: (driverId) => unlist(index, areas, find(driverId)),
    isElsewhere: () => false,
    seesAll: () => true,

    isOnline(driverId, now) {
      const driver = find(driverId)
      return driver !== undefined && isOnline(driver, now)
    },

    isAvailable(driverId, now) {
      const driver = find(driverId)
      return driver !== undefined && isIndexed(index, driver.number) && isOnline(driver, now)
    },

    nearest({ center, radiusMeters, limit, classes, now }) {
      startSearch(search, { center, radiusMeters, limit, since: now - ONLINE_MS })
      for (const vehicleClass of classesOf(classes)) searchNearest(index, TREES[vehicleClass], search)
      return foundBy(search, index, roll)
    },

    newest: (query) => findNewest(roll.byId.values(), index, query),
    follow: (driverId, listener) => followers.follow(driverId, listener),
    isFollowed: (driverId) => followers.has(driverId),
    onNextChange: (area, listener) => areas.once(area, listener),

    prune(before) {
      const had = roll.byId.size
      for (const driver of roll.byId.values()) {
        if (!isForgotten(driver, before)) continue
        leave(index, driver)
        strike(roll, driver)
      }
      return had - roll.byId.size
    },
  }
}

function enroll({ byId, byNumber, freeNumbers }: Roll, driverId: DriverId): Tracked {
  const number = freeNumbers.pop() ?? byNumber.length
  const driver = { driverId, number, fix: undefined, listing: undefined, isForgettable: false }
  byNumber[number] = driver
  byId.set(driverId, driver)
  return driver
}

function strike({ byId, byNumber, freeNumbers }: Roll, { driverId, number }: Tracked): void {
  byId.delete(driverId)
  byNumber[number] = undefined
  freeNumbers.push(number)
}

/**
 * One after the other for all, not all for one after the other: the processor then waits for the memory of many drivers
 * at once, where there are so many that none is in its cache.
 */
function foundBy({ count, spots, chords }: Search, index: SphereIndex, { byNumber }: Roll): NearbyDriver[] {
  const found: NearbyDriver[] = []
  const drivers: (Tracked | undefined)[] = []
  for (let n = 0; n < count; n++) drivers.push(byNumber[whoIsAt(index, spots[n] as number)])
  for (let n = 0; n < count; n++) {
    const driver = drivers[n]
    if (!driver?.fix) continue
    const { driverId, fix } = driver
    found.push({ driverId, fix, distanceMeters: toMeters(chords[n] as number) })
  }
  return found
}

function findNewest(
  drivers: Iterable<Tracked>,
  index: SphereIndex,
  { classes, limit, now }: NewestQuery,
): { driverId: DriverId; fix: Fix }[] {
  const wanted = new Set(classesOf(classes))
  const found: { driverId: DriverId; fix: Fix }[] = []
  for (const driver of drivers) {
    const { driverId, number, fix, listing } = driver
    if (!fix || !listing || !isIndexed(index, number) || !wanted.has(listing.vehicleClass)) continue
    if (isOnline(driver, now)) keepNewest(found, { driverId, fix }, limit)
  }
  return found
}

/** Puts it where it belongs among the newest, of which there are at most `limit`. */
function keepNewest<T extends { readonly fix: Fix }>(newest: T[], each: T, limit: number): void {
  let at = newest.length
  while (at > 0 && (newest[at - 1] as T).fix.at < each.fix.at) at--
  if (at >= limit) return
  newest.splice(at, 0, each)
  if (newest.length > limit) newest.pop()
}

const isOnline = ({ fix }: Tracked, now: number): boolean => fix !== undefined && now - fix.at <= ONLINE_MS

const classesOf = (classes: readonly VehicleClass[]): readonly VehicleClass[] =>
  classes.length === 0 ? VEHICLE_CLASSES : classes.length === 1 ? classes : [...new Set(classes)]

function enter(index: SphereIndex, { number, fix, listing }: Tracked): void {
  if (!fix || !listing?.isApproved || listing.engagedWith !== null) return
  insert(index, TREES[listing.vehicleClass], number, fix)
}

function leave(index: SphereIndex, { number }: Tracked): void {
  if (isIndexed(index, number)) remove(index, number)
}

function relist(index: SphereIndex, areas: AreaWatch, driver: Tracked, listing: Listing): void {
  const wasThere = isIndexed(index, driver.number)
  leave(index, driver)
  driver.listing = listing.engagedWith === null ? unengaged(listing) : listing
  enter(index, driver)
  if (driver.fix && (wasThere || isIndexed(index, driver.number))) areas.touch(driver.fix)
}

/** The same object for all of a class: most drivers are engaged with nobody. */
const unengaged = ({ vehicleClass, isApproved }: Listing): Listing =>
  UNENGAGED[vehicleClass][isApproved ? 1 : 0]
const UNENGAGED = Object.fromEntries(
  VEHICLE_CLASSES.map((vehicleClass) => [
    vehicleClass,
    [false, true].map((isApproved): Listing => ({ vehicleClass, isApproved, engagedWith: null })),
  ]),
) as unknown as Record<VehicleClass, readonly [Listing, Listing]>

function unlist(index: SphereIndex, areas: AreaWatch, driver: Tracked | undefined): void {
  if (!driver) return
  if (driver.fix && isIndexed(index, driver.number)) areas.touch(driver.fix)
  leave(index, driver)
  driver.listing = undefined
}

/** A change for those around only if he is somewhere else now, or there again after a silence. */
function touchMove(areas: AreaWatch, last: Fix | undefined, fix: Fix): void {
  const stoodStill = last?.latitude === fix.latitude && last.longitude === fix.longitude
  if (stoodStill && fix.at - last.at <= ONLINE_MS) return
  areas.touch(fix)
  if (last) areas.touch(last)
}

/** A driver who was listed but has not yet sent a fix may be just connecting, and is spared once. */
function isForgotten(driver: Tracked, before: number): boolean {
  if (driver.fix) return driver.fix.at < before
  const isForgotten = driver.isForgettable
  driver.isForgettable = true
  return isForgotten
}

function createFollowers(onError: (error: unknown) => void) {
  // Each change makes a new list, so that telling needs no copy of it.
  const byDriver = new Map<DriverId, readonly Follower[]>()
  return {
    has: (driverId: DriverId): boolean => byDriver.has(driverId),

    follow(driverId: DriverId, listener: (fix: Fix) => void): () => void {
      const follower: Follower = { listener, isEnded: false }
      byDriver.set(driverId, [...(byDriver.get(driverId) ?? []), follower])
      return () => {
        if (follower.isEnded) return
        follower.isEnded = true
        const others = (byDriver.get(driverId) ?? []).filter((each) => each !== follower)
        if (others.length > 0) byDriver.set(driverId, others)
        else byDriver.delete(driverId)
      }
    },

    tell(driverId: DriverId, fix: Fix): void {
      const followers = byDriver.get(driverId)
      if (!followers) return
      for (const follower of followers) {
        // One that was called earlier in this round may have ended another's following.
        if (follower.isEnded) continue
        try {
          follower.listener(fix)
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}
