import { setTimeout as pause } from 'node:timers/promises'
import { converse, type Conversation } from '../client/conversation.ts'
import { readText, type Message } from '../client/reading.ts'
import { checkStatus } from '../client/trips.ts'
import { between } from '../random.ts'
import type { Cab } from './cab.ts'
import type { Offer } from './offer.ts'
import type { Scene } from './world.ts'

type Reply = { readonly kind: 'heard' | 'cancelled' | 'error'; readonly text: string }

/** The trip ended while it was driven. */
class TripGone extends Error {}

const REPLY_PATIENCE_MS = 2_000
const TRIES = 8
const CASH_PATIENCE_MS = 5_000

/** From the accepted offer to the delivered load, in time lapse. */
export async function haul(cab: Cab, offer: Offer): Promise<void> {
  const scene = cab.world.scenes.get(offer.tripId)
  const road = await converse({
    baseUrl: cab.world.rest.baseUrl,
    path: `/ws/trips/driver/status/update/${offer.tripId}/`,
    accessToken: cab.session.accessToken,
    retryDelayMs: () => 1_000 + cab.random() * 2_000,
    overhear: (message) => {
      if (readText(message, 'trip_status') === 'cancelled') cab.cancelled.add(offer.tripId)
    },
  })
  try {
    await drive(cab, road, offer, scene)
  } catch (error) {
    if (!(error instanceof TripGone)) throw error
  } finally {
    await road.close()
  }
}

async function drive(cab: Cab, road: Conversation, offer: Offer, scene: Scene | undefined): Promise<void> {
  const tell = (word: string): Promise<void> => tellStatus(cab, road, offer.tripId, word)
  const mustStop = (): boolean => cab.cancelled.has(offer.tripId) || cab.world.isOver()
  const go = (target: Scene['plan']['pickup'] | undefined, durationMs: number): Promise<void> =>
    target === undefined ? pause(durationMs) : cab.wheels.driveTo(target, durationMs, mustStop)
  const legMs = (): number => between(cab.random, 900, 1_600)

  await tell('on the way')
  // A customer who is going to change her mind needs the time to do it.
  await go(scene?.plan.pickup, scene?.plan.ending === 'customer-cancels-accepted' ? 5_000 : legMs())
  if (scene?.plan.ending === 'driver-cancels') return tell('cancelled')

  await tell('arrived at pickup')
  await collectCash(cab, road, offer, scene)
  await tell('picked up')
  await tell('in_progress')
  await go(scene?.plan.destination, legMs())
  await tell('arrived at destination')
  await pause(between(cab.random, 100, 300))
  await tell('completed')
}

async function collectCash(
  cab: Cab,
  road: Conversation,
  offer: Offer,
  scene: Scene | undefined,
): Promise<void> {
  const giveUpAt = performance.now() + CASH_PATIENCE_MS
  while (scene !== undefined && scene.cashHeldOutMinor === undefined && performance.now() < giveUpAt) {
    if (cab.cancelled.has(offer.tripId)) throw new TripGone()
    await pause(50)
  }
  if (scene !== undefined) {
    if (scene.cashHeldOutMinor === undefined)
      cab.world.trouble(`trip ${scene.plan.number}: the customer was never asked for the cash`)
    scene.record.cashMinor = offer.cashMinor
  }
  await road.say({ payment_status: 'received' })
}

/** Says a status until the server has it: by its echo or, when that is lost, by asking. */
async function tellStatus(cab: Cab, road: Conversation, tripId: string, word: string): Promise<void> {
  let errors = 0
  for (let tries = 1; tries <= TRIES; tries++) {
    if (cab.cancelled.has(tripId) || cab.world.isOver()) throw new TripGone()
    await road.say({ trip_status: word })
    const reply = await road.hear((message) => readReply(message, word), REPLY_PATIENCE_MS)
    if (typeof reply === 'object' && reply.kind === 'heard') return
    if (typeof reply === 'object' && reply.kind === 'cancelled') throw new TripGone()

    const status = await checkStatus(cab.world.rest, cab.session.accessToken, tripId)
    if (status === word) return
    if (status === 'cancelled') throw new TripGone()
    // One error may still belong to what was said before.
    if (typeof reply === 'object' && ++errors > 1)
      throw new Error(`"${word}" was answered with "${reply.text}" at "${status}"`)
  }
  throw new Error(`"${word}" was said ${TRIES} times and never arrived`)
}

function readReply(message: Message, word: string): Reply | undefined {
  const error = readText(message, 'error')
  if (error !== undefined) return { kind: 'error', text: error }
  const status = readText(message, 'trip_status') ?? readText(message, 'payment_status')
  if (status === word) return { kind: 'heard', text: status }
  if (status === 'cancelled') return { kind: 'cancelled', text: status }
  // The greeting of a fresh connection and the answer to the cash: read and passed over.
  return undefined
}
