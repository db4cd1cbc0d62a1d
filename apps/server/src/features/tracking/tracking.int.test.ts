import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, JOHANNESBURG, SANDTON, type World } from '../../../test/world.ts'
import type { DriverId, Point } from '../../kernel/index.ts'
import { acceptOffer, rejectOffer } from '../trips/index.ts'
import { findDriverAreas } from './find-driver-areas.ts'
import { findDrivers } from './find-drivers.ts'
import { followDriver, mayFollow } from './follow-driver.ts'
import { forgetDrivers } from './forget-drivers.ts'
import { reportFix } from './report-fix.ts'
import { Roster } from './roster.ts'

let world: World
let roster: Roster
beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  await world.close()
  expect(world.faults).toEqual([])
})
beforeEach(() => {
  world.platform.positions.prune(Infinity)
  world.platform.positions.prune(Infinity)
  roster = new Roster(world.platform)
})

const everybody = { classes: [] }
const found = async (center?: Point) =>
  (await findDrivers(world.platform, roster, { center, classes: [] })).map((each) => each.driver.id)

async function arrive(at: Point = JOHANNESBURG): Promise<DriverId> {
  const driver = await world.addDriver({ at })
  await roster.enter(driver)
  return driver
}

describe('searching', () => {
  it('[LO2] [LO4] shows a driver exactly while he is approved and free', async () => {
    const driver = await arrive()
    const customer = await world.addCustomer()
    const trip = await world.requestTrip(customer)
    expect(await found(SANDTON)).toEqual([driver])

    const offer = await world.offer(customer, trip.id, driver)
    await expect.poll(() => found(SANDTON)).toEqual([])
    await rejectOffer(world.platform, driver, offer)
    await expect.poll(() => found(SANDTON)).toEqual([driver])

    await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
    await expect.poll(() => found(SANDTON)).toEqual([])
  })

  it('[LO2] [LO4] notices an approval that another process wrote', async () => {
    const driver = await world.addDriver({ isApproved: false })
    await roster.enter(driver)
    expect(await found(SANDTON)).toEqual([])
    await world.db.transaction(async (tx) => {
      await sql`update driver set approved_at = clock_timestamp() where account_id = ${driver}`.execute(tx)
      await sql`insert into stream (account_id, seq) values (${driver}, 1)`.execute(tx)
      await sql`insert into news (account_id, seq, kind, data) values (${driver}, 1, 'driver.approved', '{}')`.execute(
        tx,
      )
    })
    await world.news.poll()
    await expect.poll(() => found(SANDTON)).toEqual([driver])
  })

  it('[LO3] gives the nearest first, at most 20, at most 50 km away', async () => {
    const drivers: DriverId[] = []
    for (let n = 0; n < 22; n++)
      drivers.push(await arrive({ latitude: JOHANNESBURG.latitude + n / 100, longitude: 28 }))
    await arrive({ latitude: JOHANNESBURG.latitude - 0.6, longitude: 28 })
    expect(await found({ ...JOHANNESBURG, longitude: 28 })).toEqual(drivers.slice(0, 20))
  })

  it('[LO3] without coordinates gives the newest fixes, wherever', async () => {
    const [near, far] = [await arrive(), await arrive({ latitude: 6.5, longitude: 3.4 })]
    world.platform.positions.report(near, { ...JOHANNESBURG, at: Date.now() + 5 })
    const all = await findDrivers(world.platform, roster, everybody)
    expect(all.map((each) => [each.driver.id, each.distanceMeters])).toEqual([
      [near, null],
      [far, null],
    ])
  })

  it('[LO7] sends no statement, and neither does a fix', async () => {
    const driver = await arrive()
    const before = world.db.statementCount()
    reportFix(world.platform, roster, driver, SANDTON)
    expect(await found(SANDTON)).toEqual([driver])
    expect(world.db.statementCount()).toBe(before)
  })
})

describe('searching for areas', () => {
  const shown = async () =>
    (await findDriverAreas(world.platform, roster, { center: JOHANNESBURG, ...everybody })).map(
      ({ driver }) => driver.id,
    )

  it('[LO41] shows 20 of the 40 nearest, those of the nearest areas, in an order that tells no more', async () => {
    const corner: Point = { latitude: -26.209, longitude: 28.041 }
    const near: DriverId[] = []
    for (let n = 0; n < 20; n++)
      near.push(await arrive({ latitude: corner.latitude + (n % 7) / 1000, longitude: corner.longitude }))
    const far: DriverId[] = []
    for (let n = 0; n < 3; n++) far.push(await arrive({ latitude: -26.3, longitude: 28.041 }))
    expect(await shown()).toEqual([...near].sort())
    // Somewhere else in the same area: whoever asks sees no difference.
    for (const [n, driver] of near.entries())
      world.platform.positions.report(driver, {
        latitude: corner.latitude + (19 - n) / 3000,
        longitude: corner.longitude,
        at: Date.now() - n * 1000,
      })
    expect(await shown()).toEqual([...near].sort())
    expect(far).toHaveLength(3)
  })

  it('[LO41] puts a quicker class first where both are about as far', async () => {
    const truck = await arrive({ latitude: -26.252, longitude: 28.042 })
    const motorbike = await world.addDriver({
      at: { latitude: -26.258, longitude: 28.042 },
      vehicleClass: 'motorbike',
    })
    await roster.enter(motorbike)
    expect(await found(JOHANNESBURG)).toEqual([truck, motorbike])
    expect(await shown()).toEqual([motorbike, truck])
  })
})

describe('fixes', () => {
  it('[LO1] that cannot be a position change nothing', async () => {
    const driver = await arrive()
    for (const [latitude, longitude] of [
      [9999, 28],
      [NaN, 28],
      [-26, Infinity],
      [0, 0],
      [-91, 0],
      [10, 181],
    ] as const) {
      expect(reportFix(world.platform, roster, driver, { latitude, longitude })).toBe('no-place')
    }
    expect(world.platform.positions.lastFix(driver)).toMatchObject(JOHANNESBURG)
  })

  it('[LO21] are older than what another process has heard meanwhile', async () => {
    const driver = await arrive()
    const reading = { ...JOHANNESBURG, session: 'a', deviceAt: Date.now() }
    expect(reportFix(world.platform, roster, driver, { ...reading, n: 7 })).toBe('live')
    // As one that shares positions takes it over.
    world.platform.positions.report(driver, { ...reading, ...SANDTON, n: 9, at: Date.now() })
    expect(reportFix(world.platform, roster, driver, { ...reading, n: 8 })).toBe('jump')
    expect(reportFix(world.platform, roster, driver, { ...reading, ...SANDTON, n: 8 })).toBe('late')
    expect(reportFix(world.platform, roster, driver, { ...reading, ...SANDTON, n: 10 })).toBe('live')
  })

  it('[LO8] of drivers who are gone are forgotten, and the driver is known again when he returns', async () => {
    const driver = await arrive()
    world.platform.positions.report(driver, { ...JOHANNESBURG, at: Date.now() - 16 * 60_000 })
    forgetDrivers(world.platform, roster)
    expect(roster.ids()).toEqual([])
    await roster.enter(driver)
    reportFix(world.platform, roster, driver, JOHANNESBURG)
    expect(await found(SANDTON)).toEqual([driver])
  })
})

describe('the roster', () => {
  it('[LO4] shows a driver to nobody while he cannot be refreshed, and again with his next entry', async () => {
    const driver = await arrive()
    await sql`alter table driver rename to driver_away`.execute(world.db.single)
    await world.db.transaction((tx) =>
      world.news.append(tx, [{ accountId: driver, kind: 'driver.changed', data: {} }]),
    )
    await expect.poll(() => found(SANDTON)).toEqual([])
    await sql`alter table driver_away rename to driver`.execute(world.db.single)
    expect(roster.knows(driver)).toBe(false)
    await roster.enter(driver)
    expect(await found(SANDTON)).toEqual([driver])
  })

  it('[LO8] keeps no ear open for a driver it was told to leave while he entered', async () => {
    const driver = await world.addDriver()
    const entering = roster.enter(driver)
    roster.leave(driver)
    await entering
    expect(roster.knows(driver)).toBe(true)
    roster.leave(driver)
    expect(roster.ids()).toEqual([])
  })
})

describe('following', () => {
  it('[LO6] is for drivers a search may show and for the own driver', async () => {
    const [customer, stranger] = [await world.addCustomer(), await world.addCustomer()]
    const driver = await arrive()
    await mayFollow(world.platform, roster, stranger, driver)
    const trip = await world.requestTrip(customer)
    await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
    await sql`update driver set approved_at = null where account_id = ${driver}`.execute(world.db.single)
    const fresh = new Roster(world.platform)
    await mayFollow(world.platform, fresh, customer, driver)
    await expect(mayFollow(world.platform, fresh, stranger, driver)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('[LO5] [LO6] tells the last fix at once, then each new one, but not of work for somebody else', async () => {
    const [customer, stranger] = [await world.addCustomer(), await world.addCustomer()]
    const driver = await arrive()
    const heard: number[] = []
    const stop = followDriver(world.platform, stranger, driver, (fix) => heard.push(fix.latitude))
    expect(heard).toEqual([JOHANNESBURG.latitude])
    const trip = await world.requestTrip(customer)
    await world.offer(customer, trip.id, driver)
    await expect.poll(() => found(SANDTON)).toEqual([])
    reportFix(world.platform, roster, driver, SANDTON)
    expect(heard).toEqual([JOHANNESBURG.latitude])
    stop()
  })
})

describe('drivers of other nodes', () => {
  it('[LO7] their cards are read once for all searches of half a minute, but not for who may follow', async () => {
    const driver = await world.addDriver({ at: JOHANNESBURG })
    world.platform.positions.list(driver, { vehicleClass: 'bakkie', isApproved: true, engagedWith: null })
    expect(await found(SANDTON)).toEqual([driver])
    const before = world.db.statementCount()
    expect(await found(SANDTON)).toEqual([driver])
    expect(world.db.statementCount()).toBe(before)

    await sql`update driver set approved_at = null where account_id = ${driver}`.execute(world.db.single)
    const customer = await world.addCustomer()
    await expect(mayFollow(world.platform, roster, customer, driver)).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
