import type { Toota } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { customerName } from '../city.ts'
import type { TripPlan } from '../plan.ts'
import { between, seededRandom } from '../random.ts'
import type { TripRecord } from '../record.ts'
import { findTaker } from './booking.ts'
import { cancelled } from './cancelling.ts'
import { enrol } from './enrol.ts'
import type { Errand } from './errand.ts'
import { newPapers } from './papers.ts'
import { payFor } from './paying.ts'
import { askForQuote } from './quote.ts'
import { ride } from './ride.ts'
import { awaitRefund, settleUp } from './settling.ts'
import { reportStops, TRIP_PATIENCE_MS, type Scene, type World } from './world.ts'

export type Customer = {
  readonly name: string
  readonly toota: Toota
  /** One trip after the other, until there is none left. */
  run(nextTrip: () => { plan: TripPlan; record: TripRecord } | undefined): Promise<void>
  leave(): Promise<void>
}

export async function joinAsCustomer(world: World, index: number): Promise<Customer> {
  const name = customerName(index)
  const { toota } = await enrol(world.baseUrl, 'customer', newPapers(name))
  const random = seededRandom(world.seed, `customer ${index}`)
  reportStops(world, toota, name)
  await toota.live.connect()
  return {
    name,
    toota,
    run: async (nextTrip) => {
      await pause(index * 150)
      for (let trip = nextTrip(); trip !== undefined && !world.isOver(); trip = nextTrip()) {
        await runErrand(world, { toota, name, random }, trip)
        await pause(between(random, 200, 700))
      }
    },
    leave: () => {
      toota.live.close()
      return Promise.resolve()
    },
  }
}

type Person = Pick<Errand, 'toota' | 'name' | 'random'>

async function runErrand(
  world: World,
  me: Person,
  trip: { plan: TripPlan; record: TripRecord },
): Promise<void> {
  const { plan, record } = trip
  const scene: Scene = {
    plan,
    record,
    reactions: new Map(),
    acceptTappedAtMs: undefined,
    payment: undefined,
    cash: undefined,
  }
  const giveUpAtMs = performance.now() + TRIP_PATIENCE_MS
  const errand: Errand = {
    world,
    ...me,
    scene,
    tell: (text, mood) => {
      record.lastStep = text
      world.story.trip(plan.number, text, mood)
    },
    checkPatience: () => {
      if (world.isOver()) throw new Error('the run was broken off')
      if (performance.now() > giveUpAtMs) throw new Error(`no end after ${TRIP_PATIENCE_MS / 1000} s`)
    },
  }
  let tripId: string | undefined
  try {
    const quote = await askForQuote(errand)
    tripId = quote.id
    record.tripId = tripId
    record.fareMinor = quote.fare.amountMinor
    world.scenes.set(tripId, scene)
    await payFor(errand, tripId)
    const driver = await findTaker(errand, quote)
    record.outcome = driver === undefined ? 'cancelled' : await ride(errand, quote, driver)
    if (record.outcome === 'completed') await settleUp(errand, tripId)
    else if (record.onlineMinor > 0) world.chores.push(awaitRefund(errand, tripId))
  } catch (error) {
    const before = record.lastStep
    errand.tell(`STUCK after "${before}": ${error instanceof Error ? error.message : String(error)}`, 'bad')
    record.outcome = 'stuck'
    // So that a stuck trip does not keep its driver from the others.
    if (tripId !== undefined) await cancelled(me.toota, tripId).catch(() => false)
  }
}
