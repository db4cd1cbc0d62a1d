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

async function collectCash(cab: Cab, { tripId, trip }: OpenOffer, scene: Scene | undefined): Promise<void> {
  const giveUpAt = performance.now() + CASH_PATIENCE_MS
  while (scene !== undefined && scene.cashHeldOutMinor === undefined && performance.now() < giveUpAt) {
    if (cab.cancelled.has(tripId)) throw new TripGone()
    await pause(50)
  }
  if (scene !== undefined) {
    if (scene.cashHeldOutMinor === undefined)
      cab.world.trouble(`trip ${scene.plan.number}: the customer was never asked for the cash`)
    scene.record.cashMinor = trip.payment?.amount.amountMinor ?? 0
  }
  await cab.toota.driving.receiveCash(tripId)
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
