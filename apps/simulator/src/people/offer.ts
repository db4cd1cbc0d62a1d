import { TootaError, type OpenOffer } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { between } from '../random.ts'
import type { Cab } from './cab.ts'

const LOOK_MS = 50
const NEWS_PATIENCE_MS = 3_000
// Longer than any offer lives: the server's default is 30 s.
const SILENCE_MS = 150_000

/** @returns whether the driver has the trip now */
export async function consider(cab: Cab, offer: OpenOffer): Promise<boolean> {
  const scene = cab.world.scenes.get(offer.tripId)
  const reaction = scene?.reactions.get(cab.id) ?? 'accept'
  const thinkingMs = reaction === 'stay-silent' ? SILENCE_MS : between(cab.random, 200, 800)
  if ((await hasEnded(cab, offer, thinkingMs)) || reaction === 'stay-silent') return false

  if (scene !== undefined && reaction === 'accept') scene.acceptTappedAtMs = performance.now()
  try {
    if (reaction === 'reject') await cab.toota.driving.reject(offer)
    else await cab.toota.driving.accept(offer)
    return reaction === 'accept'
  } catch (error) {
    if (!(error instanceof TootaError) || error.code !== 'offer-closed') throw error
    // The news of its end may still be on the way.
    if (!(await hasEnded(cab, offer, NEWS_PATIENCE_MS)))
      cab.world.trouble(`${cab.name} wanted to ${reaction} and heard "${error.message}"`)
    return false
  }
}

/** Waits, unless the offer ends or the driver goes home before. */
async function hasEnded(cab: Cab, { id, tripId }: OpenOffer, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  while (performance.now() < untilMs) {
    if (cab.isLeaving() || cab.world.isOver()) return true
    if (cab.ended.has(id) || cab.cancelled.has(tripId)) return true
    await pause(LOOK_MS)
  }
  return false
}
