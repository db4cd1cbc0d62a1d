import { TootaError, type Offer } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { between } from '../random.ts'
import { cancelled } from './cancelling.ts'
import type { Errand } from './errand.ts'
import { followTrip, type TripStory } from './news.ts'

/** `unavailable` made no offer at all. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly afterMs: number | undefined }
  | { readonly kind: 'rejected' | 'expired' | 'unavailable' | 'called-off' }

const NEWS_PATIENCE_MS = 10_000
const CLOSED: readonly string[] = ['cancelled', 'completed', 'expired']

/** Offers the trip to a driver and waits for what comes of it. */
export async function askDriver(
  errand: Errand,
  tripId: string,
  driverId: string,
  callsOff: boolean,
): Promise<Outcome> {
  // Listening begins before the offer, or a quick driver's answer would be missed.
  const story = followTrip(errand.toota, tripId)
  try {
    const askedAtMs = performance.now()
    const offer = await makeOffer(errand, tripId, driverId)
    if (offer === undefined) return { kind: 'unavailable' }
    if (callsOff && (await callOff(errand, tripId))) return { kind: 'called-off' }
    return await hearOutcome(errand, offer, story, askedAtMs)
  } finally {
    story.stop()
  }
}

async function makeOffer({ toota }: Errand, tripId: string, driverId: string): Promise<Offer | undefined> {
  try {
    return await toota.trips.offer(tripId, driverId)
  } catch (error) {
    const isTaken = error instanceof TootaError && ['driver-unavailable', 'driver-busy'].includes(error.code)
    if (isTaken) return undefined
    throw error
  }
}

async function hearOutcome(
  errand: Errand,
  offer: Offer,
  story: TripStory,
  askedAtMs: number,
): Promise<Outcome> {
  for (;;) {
    errand.checkPatience()
    const news = await story.next(NEWS_PATIENCE_MS)
    if (news === undefined) {
      const found = await lookUp(errand, offer)
      if (found !== undefined) return found
    } else if (news.kind === 'trip.changed') {
      if (news.data.status === 'accepted') return noteAcceptance(errand, askedAtMs)
      throw new Error(`the trip became "${news.data.status}" while a driver was asked`)
    } else if (news.data.offerId === offer.id) {
      const { state } = news.data
      if (state === 'rejected' || state === 'expired') return { kind: state }
      if (state === 'withdrawn') throw new Error('the offer was withdrawn')
    }
  }
}

/** What the trip itself says, where no news came for long; undefined while the driver thinks. */
async function lookUp({ toota }: Errand, offer: Offer): Promise<Outcome | undefined> {
  const { status, openOffer } = await toota.trips.get(offer.tripId)
  if (CLOSED.includes(status)) throw new Error(`the trip became "${status}" while a driver was asked`)
  if (status !== 'pending') return { kind: 'accepted', afterMs: undefined }
  return openOffer?.id === offer.id ? undefined : { kind: 'expired' }
}

async function callOff({ toota, random }: Errand, tripId: string): Promise<boolean> {
  await pause(between(random, 400, 1_200))
  return cancelled(toota, tripId)
}

function noteAcceptance({ scene }: Errand, askedAtMs: number): Outcome {
  const nowMs = performance.now()
  scene.record.acceptedAfterMs = nowMs - askedAtMs
  if (scene.acceptTappedAtMs !== undefined) scene.record.toldAfterMs = nowMs - scene.acceptTappedAtMs
  return { kind: 'accepted', afterMs: scene.record.acceptedAfterMs }
}
