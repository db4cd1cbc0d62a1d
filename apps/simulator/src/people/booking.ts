import type { NearbyDriver, Trip } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { between } from '../random.ts'
import type { Errand } from './errand.ts'
import { askDriver, type Outcome } from './asking.ts'
import type { KnownDriver } from './world.ts'

type Candidate = KnownDriver & { readonly distanceKm: number }

/** Asks one driver after the other. @returns undefined when the customer called the trip off */
export async function findTaker(errand: Errand, trip: Trip): Promise<KnownDriver | undefined> {
  const { plan, record } = errand.scene
  const unwilling = new Set<string>()
  let offered = 0
  let hasComplained = false
  for (;;) {
    errand.checkPatience()
    const candidate = candidates(errand, await search(errand)).find(({ id }) => !unwilling.has(id))
    if (candidate === undefined) {
      if (!hasComplained) errand.tell(`no ${plan.vehicleClass} is free, ${errand.name} waits`, 'grey')
      hasComplained = true
      // Whoever said no may say yes when nobody else is left.
      unwilling.clear()
      await pause(between(errand.random, 700, 1_500))
      continue
    }
    const isLast = offered >= plan.reactions.length - 1
    const reaction = plan.reactions[isLast ? plan.reactions.length - 1 : offered] ?? 'accept'
    errand.scene.reactions.set(candidate.id, reaction)
    const outcome = await ask(errand, trip.id, candidate, isLast)
    if (outcome.kind === 'accepted') return candidate
    if (outcome.kind === 'called-off') return undefined

    unwilling.add(candidate.id)
    if (outcome.kind === 'rejected') record.offersRejected++
    if (outcome.kind === 'expired') record.offersExpired++
    if (outcome.kind !== 'unavailable') offered++
  }
}

async function ask(errand: Errand, tripId: string, candidate: Candidate, isLast: boolean): Promise<Outcome> {
  const { id, name, distanceKm } = candidate
  errand.tell(`asks ${name}, ${distanceKm.toFixed(1)} km away`)
  const callsOff = isLast && errand.scene.plan.ending === 'customer-cancels-waiting'
  const outcome = await askDriver(errand, tripId, id, callsOff)
  switch (outcome.kind) {
    case 'accepted':
      errand.tell(
        `${name} accepts${outcome.afterMs === undefined ? '' : ` after ${Math.round(outcome.afterMs)} ms`}`,
      )
      break
    case 'rejected':
      errand.tell(`${name} declines`, 'bad')
      break
    case 'expired':
      errand.tell(`${name} does not answer in time`, 'bad')
      break
    case 'unavailable':
      errand.tell(`${name} has just been taken`, 'grey')
      break
    case 'called-off':
      errand.tell(`${errand.name} finds another way and cancels while ${name} is thinking`, 'bad')
      break
  }
  return outcome
}

function candidates(errand: Errand, drivers: readonly NearbyDriver[]): Candidate[] {
  return drivers.flatMap(({ id, distanceMeters }) => {
    const known = errand.world.fleet.get(id)
    return known === undefined ? [] : [{ ...known, distanceKm: distanceMeters / 1_000 }]
  })
}

function search({ toota, scene }: Errand): Promise<NearbyDriver[]> {
  const { pickup, vehicleClass } = scene.plan
  return toota.trips.findDrivers({ latitude: pickup.latitude, longitude: pickup.longitude, vehicleClass })
}
