import { TootaError, type DrivenStatus, type OpenOffer } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { between } from '../random.ts'
import type { Cab } from './cab.ts'
import { cancelled } from './cancelling.ts'
import type { Scene } from './world.ts'

/** The trip ended while it was driven. */
class TripGone extends Error {}

const CASH_PATIENCE_MS = 5_000

/** From the accepted offer to the delivered load, in time lapse. */
export async function haul(cab: Cab, offer: OpenOffer): Promise<void> {
  try {
    await drive(cab, offer, cab.world.scenes.get(offer.tripId))
  } catch (error) {
    if (!(error instanceof TripGone)) throw error
  }
}

async function drive(cab: Cab, offer: OpenOffer, scene: Scene | undefined): Promise<void> {
  const tell = (status: DrivenStatus): Promise<void> => tellStatus(cab, offer.tripId, status)
  const mustStop = (): boolean => cab.cancelled.has(offer.tripId) || cab.world.isOver()
  const go = (target: Scene['plan']['pickup'] | undefined, durationMs: number): Promise<void> =>
    target === undefined ? pause(durationMs) : cab.wheels.driveTo(target, durationMs, mustStop)
  const legMs = (): number => between(cab.random, 900, 1_600)

  await tell('en_route')
  // A customer who is going to change her mind needs the time to do it.
  await go(scene?.plan.pickup, scene?.plan.ending === 'customer-cancels-accepted' ? 5_000 : legMs())
  if (scene?.plan.ending === 'driver-cancels') {
    await cancelled(cab.toota, offer.tripId)
    return
  }
  await tell('arrived_pickup')
  await collectCash(cab, offer, scene)
  await tell('loaded')
  await tell('in_transit')
  await go(scene?.plan.destination, legMs())
  await tell('arrived_dest')
  await pause(between(cab.random, 100, 300))
  await tell('completed')
}

/** Takes what the customer holds out; who has paid otherwise holds out nothing. */
async function collectCash(cab: Cab, { tripId, trip }: OpenOffer, scene: Scene | undefined): Promise<void> {
  if (trip.payment?.method !== 'cash') {
    if (trip.payment?.status !== 'success')
      cab.world.trouble(
        `${cab.name} was offered a trip that is not paid: "${trip.payment?.status ?? 'at all'}"`,
      )
    return
  }
  const cash = scene && (await awaitCash(cab, tripId, scene))
  const statement = cash && { receivedMinor: cash.minor, ...(cash.code !== undefined && { code: cash.code }) }
  const { receivedMinor, confirmedMinor } = await cab.toota.driving.receiveCash(tripId, statement)
  cab.cashMinor += receivedMinor ?? 0
  if (scene) scene.record.cashMinor = receivedMinor ?? 0
  if (cash?.code !== undefined && confirmedMinor !== receivedMinor)
    cab.world.trouble(`${cab.name} has told the code, and nothing is confirmed`)
}

async function awaitCash(cab: Cab, tripId: string, scene: Scene): Promise<Scene['cash']> {
  const giveUpAt = performance.now() + CASH_PATIENCE_MS
  while (scene.cash === undefined && performance.now() < giveUpAt) {
    if (cab.cancelled.has(tripId)) throw new TripGone()
    await pause(50)
  }
  if (scene.cash === undefined)
    cab.world.trouble(`trip ${scene.plan.number}: the customer was never asked for the cash`)
  return scene.cash
}

async function tellStatus(cab: Cab, tripId: string, status: DrivenStatus): Promise<void> {
  if (cab.cancelled.has(tripId) || cab.world.isOver()) throw new TripGone()
  try {
    await cab.toota.driving.reportStatus(tripId, status)
  } catch (error) {
    // The customer may have cancelled a moment before; the news of it comes later than the refusal.
    const isRefused = error instanceof TootaError && error.code === 'illegal-transition'
    if (isRefused && (await cab.toota.trips.get(tripId)).status === 'cancelled') throw new TripGone()
    throw error
  }
}
