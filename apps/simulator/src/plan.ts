import { kilometersBetween, pickLoad, PLACES, type Place, type VehicleClass } from './city.ts'
import { planPayments, type Paying } from './paying-plan.ts'
import { pick, seededRandom, shuffled, type Random } from './random.ts'

/** What an asked driver does with the offer. */
export type Reaction = 'accept' | 'reject' | 'stay-silent'

export type Ending = 'delivered' | 'customer-cancels-waiting' | 'customer-cancels-accepted' | 'driver-cancels'

export type TripPlan = {
  readonly number: number
  readonly vehicleClass: VehicleClass
  readonly pickup: Place
  readonly destination: Place
  readonly load: string
  /** One per offer, in order. When a customer cancels while waiting, the last driver is still thinking. */
  readonly reactions: readonly Reaction[]
  readonly ending: Ending
  readonly paying: Paying
}

export type Quota = { readonly rejected: number; readonly expired: number; readonly cancelled: number }

const MIN_DISTANCE_KM = 3
const CANCELLING: readonly Ending[] = [
  'customer-cancels-waiting',
  'customer-cancels-accepted',
  'driver-cancels',
]

/** How many offers are rejected, how many expire and how many trips are cancelled among `trips` trips. */
export function quotaFor(trips: number): Quota {
  // Each expiry holds a customer for the whole life of an offer (30 s), so these stay few.
  if (trips >= 20) {
    return {
      rejected: Math.max(5, Math.round(trips * 0.12)),
      expired: Math.max(5, Math.round(trips * 0.07)),
      cancelled: Math.max(5, Math.round(trips * 0.12)),
    }
  }
  const few = Math.ceil(trips / 10)
  return {
    rejected: trips >= 3 ? few : 0,
    expired: trips >= 4 ? Math.floor((trips + 10) / 14) : 0,
    cancelled: trips >= 5 ? few : 0,
  }
}

/** The whole script of a run. The same seed, number of trips and fleet give the same script. */
export function planTrips(seed: number, trips: number, fleet: readonly VehicleClass[]): TripPlan[] {
  const random = seededRandom(seed, 'trips')
  const quota = quotaFor(trips)
  const numbers = Array.from({ length: trips }, (_, index) => index + 1)
  const cancelled = shuffled(random, numbers).slice(0, quota.cancelled)
  const rejected = countEach(shuffled(random, numbers).slice(0, quota.rejected))
  // Early in the run, so that no customer still waits for a silent driver when the others have finished.
  const expired = countEach(
    shuffled(random, numbers.slice(0, Math.ceil(trips * 0.7))).slice(0, quota.expired),
  )

  const endingOf = (number: number): Ending => {
    const place = cancelled.indexOf(number)
    return place < 0 ? 'delivered' : (CANCELLING[place % CANCELLING.length] ?? 'delivered')
  }
  const payingOf = planPayments(
    seededRandom(seed, 'payments'),
    numbers,
    (number) => endingOf(number) === 'delivered',
  )

  return numbers.map((number) => {
    const ending = endingOf(number)
    const refusals: Reaction[] = [
      ...Array<Reaction>(rejected.get(number) ?? 0).fill('reject'),
      ...Array<Reaction>(expired.get(number) ?? 0).fill('stay-silent'),
    ]
    const last: Reaction = ending === 'customer-cancels-waiting' ? 'stay-silent' : 'accept'
    const vehicleClass = pick(random, fleet)
    return {
      number,
      vehicleClass,
      ...planRoute(random),
      load: pickLoad(random, vehicleClass),
      reactions: [...shuffled(random, refusals), last],
      ending,
      paying: payingOf(number),
    }
  })
}

/** What the plan comes to when everybody keeps to it. */
export function expectedOutcome(plans: readonly TripPlan[]): Quota & { readonly completed: number } {
  const refusals = plans.flatMap((plan) => plan.reactions.slice(0, -1))
  const completed = plans.filter((plan) => plan.ending === 'delivered').length
  return {
    completed,
    cancelled: plans.length - completed,
    rejected: refusals.filter((reaction) => reaction === 'reject').length,
    expired: refusals.filter((reaction) => reaction === 'stay-silent').length,
  }
}

function planRoute(random: Random): { pickup: Place; destination: Place } {
  const pickup = pick(random, PLACES)
  const far = PLACES.filter((place) => kilometersBetween(pickup, place) >= MIN_DISTANCE_KM)
  return { pickup, destination: pick(random, far) }
}

function countEach(numbers: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return counts
}
