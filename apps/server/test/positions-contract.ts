import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId, type CustomerId, type DriverId, type Point } from '../src/kernel/index.ts'
import type { Fix, Listing, Positions } from '../src/platform/positions.ts'

/** What is written `here` is known `there` once they agree; on one node both are the same. */
export type PositionsSubject = {
  readonly here: Positions
  readonly there: Positions
  agree(): Promise<void>
  close(): Promise<void>
}

/** The instant of all tests of positions, in milliseconds since 1970. */
export const NOW = 1_700_000_000_000
export const FREE: Listing = { vehicleClass: 'bakkie', isApproved: true, engagedWith: null }
export const CITY: Point = { latitude: -26.2, longitude: 28.04 }
const everywhere = { radiusMeters: 50_000, limit: 20, classes: [], now: NOW } as const

export const at = (point: Point, seconds = 0): Fix => ({ ...point, at: NOW - seconds * 1000 })
export const idsOf = (found: readonly { driverId: DriverId }[]): DriverId[] =>
  found.map(({ driverId }) => driverId)

/** The rules that positions keep, on one node and on several. */
export function describePositions(name: string, open: () => Promise<PositionsSubject>): void {
  let subject: PositionsSubject
  let here: Positions
  let there: Positions
  beforeEach(async () => {
    subject = await open()
    ;({ here, there } = subject)
  })
  afterEach(() => subject.close())

  const online = (point: Point, listing: Partial<Listing> = {}, seconds = 0): DriverId => {
    const driverId = newId<DriverId>()
    here.list(driverId, { ...FREE, ...listing })
    here.report(driverId, at(point, seconds))
    return driverId
  }

  describe(name, () => {
    it('[PO1] drivers come nearest first, within the radius, at most the limit, with their distance', async () => {
      const far = online({ latitude: -26.3, longitude: 28.04 })
      const near = online({ latitude: -26.21, longitude: 28.04 })
      online({ latitude: -27.2, longitude: 28.04 })
      await subject.agree()

      const found = there.nearest({ center: CITY, ...everywhere })
      expect(idsOf(found)).toEqual([near, far])
      expect(found[0]?.distanceMeters).toBeCloseTo(1112, 0)
      expect(idsOf(there.nearest({ center: CITY, ...everywhere, limit: 1 }))).toEqual([near])
      expect(there.nearest({ center: CITY, ...everywhere, limit: 0 })).toEqual([])
    })

    it('[PO2] only approved, unengaged drivers are available, and a change counts at once', async () => {
      const driverId = online(CITY, { isApproved: false })
      const isFound = async (): Promise<boolean[]> => {
        await subject.agree()
        return [
          there.nearest({ center: CITY, ...everywhere }).length === 1,
          there.isAvailable(driverId, NOW),
          here.isAvailable(driverId, NOW),
        ]
      }
      expect(await isFound()).toEqual([false, false, false])
      here.list(driverId, FREE)
      expect(await isFound()).toEqual([true, true, true])
      here.list(driverId, { ...FREE, engagedWith: newId<CustomerId>() })
      expect(await isFound()).toEqual([false, false, false])
      here.list(driverId, FREE)
      expect(await isFound()).toEqual([true, true, true])
    })

    it('[PO2] a driver without a listing or without a fix is never found', async () => {
      const unlisted = newId<DriverId>()
      here.report(unlisted, at(CITY))
      const unseen = newId<DriverId>()
      here.list(unseen, FREE)
      await subject.agree()
      expect(there.nearest({ center: CITY, ...everywhere })).toEqual([])
      expect(there.isAvailable(unlisted, NOW)).toBe(false)
      expect(there.isAvailable(unseen, NOW)).toBe(false)
      expect(there.lastFix(unlisted)).toEqual(at(CITY))
      expect(here.listing(unseen)).toEqual(FREE)
    })

    it('[PO2] a driver whose listing is not known any more is not found', async () => {
      const driverId = online(CITY)
      await subject.agree()
      there.unlist(driverId)
      expect(there.nearest({ center: CITY, ...everywhere })).toEqual([])
      expect([there.listing(driverId), there.lastFix(driverId)]).toEqual([undefined, at(CITY)])
      there.list(driverId, FREE)
      expect(idsOf(there.nearest({ center: CITY, ...everywhere }))).toEqual([driverId])
    })

    it('[PO3] a driver is online until the last fix is more than 60 seconds old', async () => {
      const driverId = online(CITY)
      await subject.agree()
      for (const [now, isOnline] of [
        [NOW + 60_000, true],
        [NOW + 60_001, false],
      ] as const) {
        expect(there.isAvailable(driverId, now)).toBe(isOnline)
        expect(there.nearest({ center: CITY, ...everywhere, now })).toHaveLength(isOnline ? 1 : 0)
        expect(there.newest({ classes: [], limit: 20, now })).toHaveLength(isOnline ? 1 : 0)
      }
    })

    it('[PO4] a search names the vehicle classes, none meaning all, and a new class counts at once', async () => {
      const driverId = online(CITY)
      const classesFinding = async (): Promise<VehicleClass[]> => {
        await subject.agree()
        return VEHICLE_CLASSES.filter(
          (each) => there.nearest({ center: CITY, ...everywhere, classes: [each] }).length,
        )
      }
      expect(await classesFinding()).toEqual(['bakkie'])
      here.list(driverId, { ...FREE, vehicleClass: 'truck-8t' })
      expect(await classesFinding()).toEqual(['truck-8t'])
      expect(there.nearest({ center: CITY, ...everywhere, classes: ['truck-8t', 'truck-8t'] })).toHaveLength(
        1,
      )
    })

    it('[PO5] distance knows no edge at the antimeridian or the poles', async () => {
      const east = online({ latitude: 10, longitude: 179.99 })
      const west = online({ latitude: 10, longitude: -179.98 })
      const overPole = online({ latitude: 89.9, longitude: -170 })
      await subject.agree()
      expect(idsOf(there.nearest({ center: { latitude: 10, longitude: 180 }, ...everywhere }))).toEqual([
        east,
        west,
      ])
      expect(idsOf(there.nearest({ center: { latitude: 89.9, longitude: 10 }, ...everywhere }))).toEqual([
        overPole,
      ])
    })

    it('[PO6] available drivers of these classes come newest fix first', async () => {
      const older = online(CITY, {}, 30)
      const newer = online({ latitude: 6.5, longitude: 3.4 }, {}, 10)
      online(CITY, { isApproved: false }, 1)
      const truck = online(CITY, { vehicleClass: 'truck-4t' }, 20)
      await subject.agree()
      expect(idsOf(there.newest({ classes: [], limit: 20, now: NOW }))).toEqual([newer, truck, older])
      expect(idsOf(there.newest({ classes: ['bakkie'], limit: 1, now: NOW }))).toEqual([newer])
    })

    it('[PO7] each follower hears each new fix in order, until it stops', () => {
      const driverId = newId<DriverId>()
      const heard: number[] = []
      const stop = here.follow(driverId, (fix) => heard.push(fix.at))
      const stopOther = here.follow(driverId, () => undefined)
      here.report(driverId, at(CITY, 2))
      here.report(driverId, at(CITY, 1))
      here.report(newId<DriverId>(), at(CITY, 0))
      stop()
      stop()
      here.report(driverId, at(CITY, 0))
      expect(here.isFollowed(driverId)).toBe(true)
      stopOther()
      expect(here.isFollowed(driverId)).toBe(false)
      expect(heard).toEqual([NOW - 2000, NOW - 1000])
    })

    it('[PO8] a follower may stop itself or another while it is being told', () => {
      const driverId = newId<DriverId>()
      const heard: string[] = []
      const stops = new Map<string, () => void>()
      for (const follower of ['first', 'second', 'third']) {
        const listener = (): void => {
          heard.push(follower)
          if (follower === 'first') for (const other of ['first', 'second']) stops.get(other)?.()
        }
        stops.set(follower, here.follow(driverId, listener))
      }
      here.report(driverId, at(CITY, 1))
      here.report(driverId, at(CITY))
      expect(heard).toEqual(['first', 'third', 'third'])
    })

    it('[PO9] drivers not seen since then are forgotten, with their listing', async () => {
      const gone = online(CITY, {}, 100)
      const stays = online(CITY, {}, 50)
      await subject.agree()
      for (const positions of new Set([here, there])) {
        expect(positions.prune(NOW - 60_000)).toBe(1)
        expect([positions.lastFix(gone), positions.listing(gone)]).toEqual([undefined, undefined])
        expect(positions.lastFix(stays)).toBeDefined()
        const found = positions.nearest({ center: CITY, ...everywhere, now: NOW - 50_000 })
        expect(idsOf(found)).toContain(stays)
      }
    })

    it('[PO9] a listed driver who has not yet sent a fix is spared by one prune, not by two', () => {
      const connecting = newId<DriverId>()
      here.list(connecting, FREE)
      expect([here.prune(NOW - 900_000), here.listing(connecting)]).toEqual([0, FREE])
      expect([here.prune(NOW - 900_000), here.listing(connecting)]).toEqual([1, undefined])
    })
  })
}
