import type { TripStatus } from '@toota/contract'
import { sql } from 'kysely'
import { findPayment } from '../../src/features/payments/payment-store.ts'
import { cancelTrip, requestTrip, type Trip } from '../../src/features/trips/index.ts'
import { Refusal } from '../../src/kernel/index.ts'
import type { MoneyWorld } from '../money.ts'
import { createRandom } from '../random.ts'
import {
  accept,
  advance,
  choose,
  DEEDS,
  offer,
  payPage,
  pick,
  settle,
  state,
  type Deed,
  type Stage,
} from './deeds.ts'
import { findMoneyProblems, newGiven } from './invariants.ts'
import { somewhereIn } from './markets.ts'

const TRIPS_AT_ONCE = 3

/**
 * One history: customers, drivers, staff and sweeps do, `groups` times, up to four things at once, mostly to the same trip. One
 * of them brings it forward, the others may be anything at any time; most of that is refused and must then change nothing.
 * Answers what is wrong with the money in the end.
 */
export async function runHistory(
  world: MoneyWorld,
  { seed, groups, tally }: { readonly seed: number; readonly groups: number; readonly tally: Stage['tally'] },
): Promise<string[]> {
  const stage: Stage = {
    ...{ world, trips: [], gifts: newGiven(), random: createRandom(seed), began: [], tally },
    customers: [await world.addCustomer(), await world.addCustomer()],
    drivers: [await world.addDriver(), await world.addDriver(), await world.addDriver()],
  }
  const faults: string[] = []
  for (let group = 0; group < groups; group++) {
    while ((await openTrips(stage)).length < TRIPS_AT_ONCE) await addTrip(stage)
    faults.push(...(await doAtOnce(stage)))
  }
  faults.push(...(await comeToRest(stage)))
  return [...faults, ...(await findMoneyProblems(world, stage))]
}

async function addTrip({ world, random, customers, trips }: Stage): Promise<void> {
  const market = random() < 0.3 ? 'NG' : 'ZA'
  const place = () => ({ ...somewhereIn(market, random), address: '1 Long Street' })
  trips.push(
    await requestTrip(world.platform, pick(random, customers), {
      ...{ pickup: place(), destination: place(), vehicleClass: 'bakkie', loadDescription: 'two sofas' },
    }),
  )
}

const ENDED: readonly TripStatus[] = ['completed', 'cancelled', 'expired']

async function openTrips({ world, trips }: Stage): Promise<Trip[]> {
  if (trips.length === 0) return []
  const ids = trips.map(({ id }) => id)
  const rows = await world.db.single
    .selectFrom('trip')
    .select(['id', 'status'])
    .where('id', 'in', ids)
    .execute()
  const ended = new Set(rows.filter(({ status }) => ENDED.includes(status)).map(({ id }) => id))
  return trips.filter(({ id }) => !ended.has(id))
}

/** A group of deeds; answers those that ended in anything but a refusal. */
async function doAtOnce(stage: Stage): Promise<string[]> {
  const { world, random, trips, began, tally } = stage
  const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(world.db.single)
  began.push(rows[0]!.now)
  const open = await openTrips(stage)
  // Sometimes one that has ended: cash, cases and refunds outlive it.
  const about = random() < 0.2 ? pick(random, trips.slice(-6)) : pick(random, open)
  const noise = Array.from({ length: Math.floor(random() * 4) }, () => {
    const trip = random() < 0.7 ? about : pick(random, open)
    return [pick(random, DEEDS), trip] as const
  })
  const group: (readonly [Deed, Trip])[] = [[await nextFor(stage, about), about], ...noise]
  const results = await Promise.allSettled(group.map(([deed, trip]) => deed(stage, trip)))
  return results.flatMap((result, index) => {
    const count = (name: string): void => void tally.set(name, (tally.get(name) ?? 0) + 1)
    if (result.status === 'fulfilled') {
      if (result.value) count(group[index]![0].name)
      return []
    }
    const reason: unknown = result.reason
    if (reason instanceof Refusal) count(reason.code)
    return reason instanceof Refusal ? [] : [`${group[index]![0].name}: ${String(reason)}`]
  })
}

/** What brings the trip forward. */
async function nextFor({ world, random }: Stage, trip: Trip): Promise<Deed> {
  const { single } = world.db
  const { status } = await single
    .selectFrom('trip')
    .select('status')
    .where('id', '=', trip.id)
    .executeTakeFirstOrThrow()
  if (status === 'arrived_pickup' && random() < 0.5) return state
  if (status !== 'pending') return advance
  const payment = await findPayment(single, trip.id)
  if (!payment || payment.status === 'failed' || payment.status === 'underpaid') return choose
  if (payment.status !== 'success' && payment.gateway) return random() < 0.5 ? payPage : settle
  const isAsked = await single
    .selectFrom('offer')
    .select('id')
    .where('trip_id', '=', trip.id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return isAsked ? accept : offer
}

/** Staff end what is not done, and everything that is on its way arrives. */
async function comeToRest({ world, trips }: Stage): Promise<string[]> {
  const faults: string[] = []
  const attempt = (what: string, deed: () => Promise<unknown>): Promise<unknown> =>
    deed().catch((error: unknown) => {
      if (!(error instanceof Refusal)) faults.push(`${what} at the end: ${String(error)}`)
    })
  for (const trip of trips) {
    await attempt('cancel', () => cancelTrip(world.platform, trip.id, { role: 'staff', reason: 'the end' }))
    const references = await world.db.single
      .selectFrom('payment')
      .select('id')
      .where('trip_id', '=', trip.id)
      .where('reference', 'is not', null)
      .execute()
    for (const { id } of references) await attempt('settle', async () => world.settle(await world.find(id)))
  }
  await world.finishRefunds()
  return faults
}
