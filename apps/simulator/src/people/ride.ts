import type { Trip, TripStatus } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { kilometersBetween } from '../city.ts'
import { formatRand } from '../money.ts'
import { between } from '../random.ts'
import { cancelled } from './cancelling.ts'
import type { Errand } from './errand.ts'
import { followTrip, type TripStory } from './news.ts'
import { restOf } from './paying.ts'
import type { KnownDriver } from './world.ts'

type Ending = 'completed' | 'cancelled'

const NEWS_PATIENCE_MS = 4_000

/** From the accepted offer to the end of the trip, as the customer sees it. */
export async function ride(errand: Errand, trip: Trip, driver: KnownDriver): Promise<Ending> {
  const { world, toota, scene } = errand
  let fixes = 0
  const story = followTrip(toota, trip.id)
  const offPosition = toota.live.on('position', (position) => {
    if (position.tripId !== trip.id || ++fixes > 1) return
    const km = kilometersBetween(position, scene.plan.pickup)
    errand.tell(`the map shows ${driver.name} ${km.toFixed(1)} km from ${scene.plan.pickup.name}`, 'grey')
  })
  const stopWatching = toota.live.watch(trip.id)
  try {
    if (scene.plan.ending === 'customer-cancels-accepted' && (await changeMind(errand, trip, driver)))
      return 'cancelled'
    const ending = await followToEnd(errand, trip, driver, story)
    if (fixes === 0) world.trouble(`trip ${scene.plan.number}: the map showed nothing of ${driver.name}`)
    return ending
  } finally {
    stopWatching()
    offPosition()
    story.stop()
  }
}

async function followToEnd(
  errand: Errand,
  trip: Trip,
  driver: KnownDriver,
  story: TripStory,
): Promise<Ending> {
  for (const seen = new Set<TripStatus>(); ;) {
    errand.checkPatience()
    const news = await story.next(NEWS_PATIENCE_MS)
    if (news?.kind === 'offer.ended') continue
    const status = news?.data.status ?? (await errand.toota.trips.get(trip.id)).status
    if (!seen.has(status)) await take(errand, driver, status)
    seen.add(status)
    if (status === 'completed' || status === 'cancelled') return status
  }
}

async function take(errand: Errand, driver: KnownDriver, status: TripStatus): Promise<void> {
  const { plan } = errand.scene
  switch (status) {
    case 'en_route':
      errand.tell(`${driver.name} is on the way`)
      break
    case 'arrived_pickup':
      await meet(errand, driver)
      break
    case 'in_transit':
      errand.tell(`${plan.load} loaded, under way to ${plan.destination.name}`)
      break
    case 'arrived_dest':
      errand.tell(`${driver.name} is at ${plan.destination.name}`)
      break
    case 'cancelled':
      errand.tell(`${driver.name} has a flat tyre and cancels`, 'bad')
      break
    default:
  }
}

/** At the pickup: who has not paid yet holds out the cash. */
async function meet({ scene, random, name, tell }: Errand, driver: KnownDriver): Promise<void> {
  const { plan, record, payment } = scene
  const isThere = `${driver.name} is at ${plan.pickup.name}`
  if (payment?.method !== 'cash') {
    tell(`${isThere}; the trip is paid already`)
    return
  }
  const dueMinor = payment.amount.amountMinor
  const { hasChange, isByCode } = plan.paying.method === 'cash' ? plan.paying : WITHOUT_A_PLAN
  record.overMinor = hasChange ? 0 : upToNote(dueMinor) - dueMinor
  const minor = dueMinor + record.overMinor
  const code = isByCode ? ' and tells the code' : ''
  tell(
    hasChange
      ? `${isThere}; ${name} pays ${formatRand(minor)} in cash${code}${restOf(payment)}`
      : `${isThere}, but has no change: ${name} pays ${formatRand(minor)} in cash${code}, ${formatRand(record.overMinor)} too much`,
  )
  await pause(between(random, 100, 300))
  scene.cash = { minor, code: isByCode ? (payment.cashCode ?? undefined) : undefined }
}

/** Who could not pay otherwise. */
const WITHOUT_A_PLAN = { hasChange: true, isByCode: false }
const NOTE_MINOR = 5_000
const upToNote = (minor: number): number => (Math.floor(minor / NOTE_MINOR) + 1) * NOTE_MINOR

async function changeMind(errand: Errand, trip: Trip, driver: KnownDriver): Promise<boolean> {
  await pause(between(errand.random, 300, 900))
  const isCancelled = await cancelled(errand.toota, trip.id)
  if (isCancelled) errand.tell(`${errand.name} cancels after all; ${driver.name} turns round`, 'bad')
  return isCancelled
}
