import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'
import { distanceMeters, ONLINE_SECONDS, type DriverId } from '../kernel/index.ts'
import { createAreaWatch, type AreaWatch } from './area-watch.ts'
import type { Fix, Listing, NearbyDriver, NearestQuery, Positions } from './positions.ts'
import {
  createSphereIndex,
  insert,
  move,
  remove,
  searchNearest,
  startSearch,
  type Entry,
  type SphereIndex,
} from './sphere-index.ts'

type Tracked = {
  readonly driverId: DriverId
  fix: Fix | undefined
  listing: Listing | undefined
  /** In the index of the listing's class exactly while the driver could be found: approved, not engaged, with a fix. */
  entry: Entry<Tracked> | undefined
  /** A prune has already met this driver without a fix. */
  isForgettable: boolean
}

type Follower = { readonly listener: (fix: Fix) => void }
type NewestQuery = Parameters<Positions['newest']>[0]
type Indexes = Readonly<Record<VehicleClass, SphereIndex<Tracked>>>

/** Positions of one process. `onError` hears what a follower's listener throws. */
export function createMemoryPositions(onError: (error: unknown) => void = () => undefined): Positions {
  const drivers = new Map<DriverId, Tracked>()
  const indexes = createIndexes()
  const followers = createFollowers(onError)
  const areas = createAreaWatch(onError)

  const tracked = (driverId: DriverId): Tracked => {
    let driver = drivers.get(driverId)
    if (!driver) {
      driver = { driverId, fix: undefined, listing: undefined, entry: undefined, isForgettable: false }
      drivers.set(driverId, driver)
    }
    return driver
  }

  return {
    report(driverId, fix) {
      const driver = tracked(driverId)
      const last = driver.fix
      driver.fix = fix
      if (driver.entry && driver.listing) move(indexes[driver.listing.vehicleClass], driver.entry, fix)
      else enter(indexes, driver)
      if (driver.entry) touchMove(areas, last, fix)
      followers.tell(driverId, fix)
    },

    lastFix: (driverId) => drivers.get(driverId)?.fix,

    list: (driverId, listing) => relist(indexes, areas, tracked(driverId), listing),
    listing: (driverId) => drivers.get(driverId)?.listing,

    isOnline(driverId, now) {
      const driver = drivers.get(driverId)
      return driver !== undefined && isOnline(driver, now)
    },

    isAvailable(driverId, now) {
      const driver = drivers.get(driverId)
      return driver?.entry !== undefined && isOnline(driver, now)
    },

    nearest: (query) => findNearest(indexes, query),
    newest: (query) => findNewest(drivers.values(), query),
    follow: (driverId, listener) => followers.follow(driverId, listener),
    onNextChange: (area, listener) => areas.once(area, listener),

    prune(before) {
      const forgotten = [...drivers.values()].filter((driver) => isForgotten(driver, before))
      for (const driver of forgotten) {
        leave(driver)
        drivers.delete(driver.driverId)
      }
      return forgotten.length
    },
  }
}

function findNearest(
  indexes: Indexes,
  { center, radiusMeters, limit, classes, now }: NearestQuery,
): NearbyDriver[] {
  const search = startSearch<Tracked>({ center, radiusMeters, limit, since: now - ONLINE_SECONDS * 1000 })
  for (const vehicleClass of classesOf(classes)) searchNearest(indexes[vehicleClass], search)
  return search.found.flatMap(({ driverId, fix }) =>
    fix ? [{ driverId, fix, distanceMeters: distanceMeters(center, fix) }] : [],
  )
}

function findNewest(
  drivers: Iterable<Tracked>,
  { classes, limit, now }: NewestQuery,
): { driverId: DriverId; fix: Fix }[] {
  const wanted = new Set(classesOf(classes))
  const found: { driverId: DriverId; fix: Fix }[] = []
  for (const driver of drivers) {
    const { driverId, fix, entry, listing } = driver
    if (fix && entry && listing && wanted.has(listing.vehicleClass) && isOnline(driver, now)) {
      found.push({ driverId, fix })
    }
  }
  return found.sort((a, b) => b.fix.at - a.fix.at).slice(0, Math.max(limit, 0))
}

const isOnline = ({ fix }: Tracked, now: number): boolean =>
  fix !== undefined && now - fix.at <= ONLINE_SECONDS * 1000

const classesOf = (classes: readonly VehicleClass[]): readonly VehicleClass[] =>
  classes.length > 0 ? [...new Set(classes)] : VEHICLE_CLASSES

const createIndexes = (): Indexes =>
  Object.fromEntries(VEHICLE_CLASSES.map((name) => [name, createSphereIndex<Tracked>()])) as Record<
    VehicleClass,
    SphereIndex<Tracked>
  >

function enter(indexes: Indexes, driver: Tracked): void {
  const { fix, listing } = driver
  if (!fix || !listing?.isApproved || listing.engagedWith !== null) return
  driver.entry = insert(indexes[listing.vehicleClass], driver, fix)
}

function leave(driver: Tracked): void {
  if (driver.entry) remove(driver.entry)
  driver.entry = undefined
}

function relist(indexes: Indexes, areas: AreaWatch, driver: Tracked, listing: Listing): void {
  const wasThere = driver.entry !== undefined
  leave(driver)
  driver.listing = listing
  enter(indexes, driver)
  if (driver.fix && (wasThere || driver.entry)) areas.touch(driver.fix)
}

/** A change for those around only if he is somewhere else now, or there again after a silence. */
function touchMove(areas: AreaWatch, last: Fix | undefined, fix: Fix): void {
  const stoodStill = last?.latitude === fix.latitude && last.longitude === fix.longitude
  if (stoodStill && fix.at - last.at <= ONLINE_SECONDS * 1000) return
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
  const byDriver = new Map<DriverId, Set<Follower>>()
  return {
    follow(driverId: DriverId, listener: (fix: Fix) => void): () => void {
      const follower: Follower = { listener }
      const group = byDriver.get(driverId) ?? new Set()
      byDriver.set(driverId, group.add(follower))
      return () => {
        group.delete(follower)
        if (group.size === 0 && byDriver.get(driverId) === group) byDriver.delete(driverId)
      }
    },

    tell(driverId: DriverId, fix: Fix): void {
      const group = byDriver.get(driverId)
      if (!group) return
      for (const follower of [...group]) {
        // One that was called earlier in this round may have ended another's following.
        if (!group.has(follower)) continue
        try {
          follower.listener(fix)
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}
