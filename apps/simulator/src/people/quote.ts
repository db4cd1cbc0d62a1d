import { readMessages, readNumber, readText, type Message } from '../client/reading.ts'
import { formatRand, toMinor } from '../money.ts'
import type { Errand } from './errand.ts'

export type Quote = {
  readonly tripId: string
  readonly fareMinor: number
  readonly distanceKm: number
  readonly duration: string
  readonly drivers: readonly Message[]
}

const ANSWER_PATIENCE_MS = 10_000

export async function askForQuote(errand: Errand): Promise<Quote> {
  const { desk, name, scene } = errand
  const { plan } = scene
  for (;;) {
    errand.checkPatience()
    await desk.say({
      action: 'create_trip',
      vehicle_type: plan.vehicleType,
      pickup: plan.pickup.name,
      destination: plan.destination.name,
      pickup_lat: plan.pickup.latitude,
      pickup_lon: plan.pickup.longitude,
      dest_lat: plan.destination.latitude,
      dest_lon: plan.destination.longitude,
      load_description: plan.load,
    })
    const answer = await desk.hear(readQuote, ANSWER_PATIENCE_MS)
    if (typeof answer === 'string') continue
    if ('error' in answer) throw new Error(`create_trip was answered with "${answer.error}"`)
    const what = `${plan.pickup.name} → ${plan.destination.name}, ${plan.load}, ${plan.vehicleType}`
    const price = `${formatRand(answer.fareMinor)} (${answer.distanceKm.toFixed(1)} km, ${answer.duration})`
    errand.tell(`${name} asks: ${what}: ${price}`)
    return answer
  }
}

function readQuote(message: Message): Quote | { error: string } | undefined {
  const error = readText(message, 'error')
  if (error !== undefined) return { error }
  const tripId = readText(message, 'trip_id')
  const fare = readNumber(message, 'estimated_fare')
  if (tripId === undefined || fare === undefined) return undefined
  return {
    tripId,
    fareMinor: toMinor(fare),
    distanceKm: readNumber(message, 'distance_km') ?? 0,
    duration: readText(message, 'estimated_time') ?? 'unknown time',
    drivers: readMessages(message, 'available_drivers'),
  }
}
