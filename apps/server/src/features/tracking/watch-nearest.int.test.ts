import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, JOHANNESBURG, SANDTON, type World } from '../../../test/world.ts'
import type { DriverId, Point } from '../../kernel/index.ts'
import { rejectOffer } from '../trips/index.ts'
import { Roster } from './roster.ts'
import { watchNearest } from './watch-nearest.ts'

const CAPE_TOWN: Point = { latitude: -33.9249, longitude: 18.4241 }

let world: World
let roster: Roster
/** What is to run later, as the owner of a watch keeps it. */
let planned: Set<{ readonly milliseconds: number; readonly task: () => Promise<void> }>
let told: DriverId[][]
let now: number
let stop: () => void

beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  await world.close()
  expect(world.faults).toEqual([])
})
beforeEach(() => {
  world.platform.positions.prune(Infinity)
  world.platform.positions.prune(Infinity)
  roster = new Roster(world.platform)
  planned = new Set()
  told = []
  now = Date.now()
})
afterEach(() => stop())

async function watch(center: Point = JOHANNESBURG) {
  stop = await watchNearest(
    { positions: world.platform.positions, clock: { now: () => new Date(now) } },
    roster,
    { center, classes: [] },
    (milliseconds, task) => {
      const plan = { milliseconds, task }
      planned.add(plan)
      return () => planned.delete(plan)
    },
    (drivers) => told.push(drivers.map(({ driver }) => driver.id)),
  )
}

const waits = () => [...planned].map(({ milliseconds }) => milliseconds)

/** Lets the time pass that is waited for. */
async function later() {
  const [plan] = planned
  if (!plan) throw new Error('nothing is planned')
  planned.delete(plan)
  now += plan.milliseconds
  await plan.task()
}

const report = (driver: DriverId, at: Point) => world.platform.positions.report(driver, { ...at, at: now })

async function arrive(at: Point = JOHANNESBURG): Promise<DriverId> {
  const driver = await world.addDriver({ at: null })
  report(driver, at)
  await roster.enter(driver)
  return driver
}

describe('watching the nearest', () => {
  it('[LO11] tells who is there, who comes, moves and goes', async () => {
    const first = await arrive()
    await watch()
    const second = await arrive(SANDTON)
    await later()
    report(first, { latitude: -26, longitude: 28.1 })
    await later()
    const customer = await world.addCustomer()
    const trip = await world.requestTrip(customer)
    const offer = await world.offer(customer, trip.id, first)
    await expect.poll(waits).toEqual([1000])
    await later()
    await rejectOffer(world.platform, first, offer)
    await expect.poll(waits).toEqual([1000])
    await later()
    report(second, CAPE_TOWN)
    await later()
    expect(told).toEqual([[first], [first, second], [second, first], [second], [second, first], [first]])
  })

  it('[LO11] tells that one fell silent, as soon as he has, and that he is there again', async () => {
    const driver = await arrive()
    now += 20_000
    await watch()
    expect(waits()).toEqual([40_001])
    await later()
    expect(told).toEqual([[driver], []])
    expect(waits()).toEqual([])
    report(driver, JOHANNESBURG)
    await later()
    expect(told.at(-1)).toEqual([driver])
  })

  it('[LO12] looks once a second however many move, and nothing is planned where nobody is', async () => {
    await watch()
    expect(waits()).toEqual([])
    const drivers = await Promise.all(Array.from({ length: 5 }, () => arrive()))
    now += 300
    for (let n = 0; n < 100; n++)
      for (const driver of drivers) report(driver, { latitude: -26.2 - n / 1e4, longitude: 28 })
    expect(waits()).toEqual([1000])
    await later()
    expect(told.map((each) => each.length)).toEqual([0, 5])
  })

  it('[LO12] does not look for what stands still or moves elsewhere', async () => {
    const [here, there] = [await arrive(), await arrive(CAPE_TOWN)]
    await watch()
    const silence = waits()
    report(here, JOHANNESBURG)
    report(there, { latitude: -33.9, longitude: 18.5 })
    expect(waits()).toEqual(silence)
    report(here, SANDTON)
    expect(waits()).toEqual([1000])
  })

  it('[LO12] sees beyond the date line and the poles', async () => {
    for (const [center, near] of [
      [
        { latitude: 10, longitude: 179.9 },
        { latitude: 10, longitude: -179.9 },
      ],
      [
        { latitude: 89.9, longitude: 0 },
        { latitude: 89.9, longitude: 180 },
      ],
    ] as const) {
      await watch(center)
      const driver = await arrive(near)
      await later()
      expect(told.at(-1)).toEqual([driver])
      stop()
    }
  })

  it('[LO11] nothing is planned or told after the end', async () => {
    const driver = await arrive()
    await watch()
    report(driver, SANDTON)
    const [plan] = planned
    stop()
    expect(waits()).toEqual([])
    await plan?.task()
    report(driver, JOHANNESBURG)
    expect([waits(), told]).toEqual([[], [[driver]]])
  })
})
