import { setTimeout as pause } from 'node:timers/promises'
import { customerName } from '../city.ts'
import { enrol, type Session } from '../client/accounts.ts'
import { converse } from '../client/conversation.ts'
import { cancelTrip, payCash } from '../client/trips.ts'
import { formatRand } from '../money.ts'
import type { TripPlan } from '../plan.ts'
import { between, seededRandom } from '../random.ts'
import type { TripRecord } from '../summary.ts'
import { askForQuote } from './quote.ts'
import { findTaker } from './booking.ts'
import type { Errand } from './errand.ts'
import { newPapers } from './papers.ts'
import { ride } from './ride.ts'
import { retryDelayMs, TRIP_PATIENCE_MS, type Scene, type World } from './world.ts'

export type Customer = {
  readonly name: string
  readonly session: Session
  /** One trip after the other, until there is none left. */
  run(nextTrip: () => { plan: TripPlan; record: TripRecord } | undefined): Promise<void>
  leave(): Promise<void>
}

export async function joinAsCustomer(world: World, index: number): Promise<Customer> {
  const name = customerName(index)
  const papers = newPapers(name)
  const session = await enrol(world.rest, 'user', papers.email, papers.password)
  const random = seededRandom(world.seed, `customer ${index}`)
  const desk = await converse({
    baseUrl: world.rest.baseUrl,
    path: '/ws/trips/user/request/',
    accessToken: session.accessToken,
    retryDelayMs,
  })
  return {
    name,
    session,
    run: async (nextTrip) => {
      await pause(index * 150)
      for (let trip = nextTrip(); trip !== undefined && !world.isOver(); trip = nextTrip()) {
        await runErrand(world, { session, name, random, desk }, trip)
        await pause(between(random, 200, 700))
      }
    },
    leave: () => desk.close(),
  }
}

type Person = Pick<Errand, 'session' | 'name' | 'random' | 'desk'>

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
    cashHeldOutMinor: undefined,
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
    me.desk.forget()
    const quote = await askForQuote(errand)
    tripId = quote.tripId
    record.fareMinor = quote.fareMinor
    world.scenes.set(tripId, scene)
    await payCash(world.rest, me.session.accessToken, tripId)
    const driver = await findTaker(errand, quote)
    record.outcome = driver === undefined ? 'cancelled' : await ride(errand, quote, driver)
    if (record.outcome === 'completed')
      errand.tell(`delivered in ${plan.destination.name}, ${formatRand(quote.fareMinor)}`, 'good')
  } catch (error) {
    const before = record.lastStep
    errand.tell(`STUCK after "${before}": ${error instanceof Error ? error.message : String(error)}`, 'bad')
    record.outcome = 'stuck'
    // So that a stuck trip does not keep its driver from the others.
    if (tripId !== undefined) await cancelTrip(world.rest, me.session.accessToken, tripId).catch(() => false)
  }
}
