import type { Trip } from '@toota/sdk'
import type { Place } from '../city.ts'
import { formatRand } from '../money.ts'
import type { Errand } from './errand.ts'

/** Asks for a price. */
export async function askForQuote({ toota, name, scene, tell }: Errand): Promise<Trip> {
  const { plan } = scene
  const trip = await toota.trips.request({
    vehicleClass: plan.vehicleClass,
    pickup: stop(plan.pickup),
    destination: stop(plan.destination),
    loadDescription: plan.load,
  })
  const what = `${plan.pickup.name} → ${plan.destination.name}, ${plan.load}, ${plan.vehicleClass}`
  const way = `${(trip.distanceMeters / 1_000).toFixed(1)} km, ${Math.round(trip.durationSeconds / 60)} min`
  tell(`${name} asks: ${what}: ${formatRand(trip.fare.amountMinor)} (${way})`)
  return trip
}

const stop = ({ name, latitude, longitude }: Place) => ({ address: name, latitude, longitude })
