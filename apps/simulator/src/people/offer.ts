import type { Conversation } from '../client/conversation.ts'
import { readMessage, readNumber, readText, type Message } from '../client/reading.ts'
import { checkStatus } from '../client/trips.ts'
import { toMinor } from '../money.ts'
import { between } from '../random.ts'
import type { Cab } from './cab.ts'

export type Offer = { readonly tripId: string; readonly cashMinor: number }

type News = { readonly kind: 'resent' | 'ended' | 'answered' | 'refused'; readonly text: string }

const ANSWER_PATIENCE_MS = 3_000
const TRIES = 5
// Longer than any offer lives: the server's default is 30 s.
const SILENCE_MS = 150_000

export function readOffer(message: Message): Offer | undefined {
  const details =
    readText(message, 'type') === 'new_trip_request' ? readMessage(message, 'trip_details') : undefined
  if (details === undefined) return undefined
  const tripId = readText(details, 'trip_id')
  const amount = readNumber(readMessage(details, 'payment_info') ?? {}, 'amount')
  return tripId === undefined || amount === undefined ? undefined : { tripId, cashMinor: toMinor(amount) }
}

/** @returns whether the driver has the trip now */
export async function consider(cab: Cab, desk: Conversation, offer: Offer): Promise<boolean> {
  const scene = cab.world.scenes.get(offer.tripId)
  const reaction = scene?.reactions.get(cab.session.accountId) ?? 'accept'
  if (reaction === 'stay-silent') {
    await untilEnd(cab, desk, offer, SILENCE_MS)
    return false
  }
  if (await untilEnd(cab, desk, offer, between(cab.random, 200, 800))) return false
  if (reaction === 'reject') {
    await answer(cab, desk, offer, 'rejected')
    return false
  }
  if (scene !== undefined) scene.acceptTappedAtMs = performance.now()
  return answer(cab, desk, offer, 'accepted')
}

/** @returns whether the offer ended while the driver was thinking */
async function untilEnd(cab: Cab, desk: Conversation, offer: Offer, thinkingMs: number): Promise<boolean> {
  const untilMs = performance.now() + thinkingMs
  // An open offer is sent again after every reconnect; one that is not has ended meanwhile.
  let resentByMs = Infinity
  for (let nowMs = performance.now(); nowMs < untilMs; nowMs = performance.now()) {
    if (cab.isLeaving() || cab.world.isOver()) return true
    if (cab.cancelled.has(offer.tripId) || nowMs > resentByMs) return true
    const news = await desk.hear((message) => readNews(message, offer.tripId), Math.min(untilMs - nowMs, 500))
    if (news === 'reopened') resentByMs = performance.now() + ANSWER_PATIENCE_MS
    if (typeof news === 'string') continue
    if (news.kind === 'ended') return true
    if (news.kind === 'resent') resentByMs = Infinity
  }
  return false
}

async function answer(
  cab: Cab,
  desk: Conversation,
  offer: Offer,
  word: 'accepted' | 'rejected',
): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries++) {
    await desk.say({ trip_id: offer.tripId, driver_response_status: word })
    const news = await nextNews(desk, offer.tripId)
    if (news?.kind === 'answered') return word === 'accepted'
    if (news?.kind === 'ended') return false
    // The answer may have been lost with the connection: the trip itself knows whether it counted.
    if (word === 'accepted' && (await isMine(cab, offer.tripId))) return true
    if (news?.kind === 'refused') {
      if (!cab.cancelled.has(offer.tripId))
        cab.world.trouble(`${cab.name} said "${word}" and heard "${news.text}"`)
      return false
    }
  }
  cab.world.trouble(`${cab.name} said "${word}" ${TRIES} times and heard nothing`)
  return false
}

async function nextNews(desk: Conversation, tripId: string): Promise<News | undefined> {
  for (;;) {
    const news = await desk.hear((message) => readNews(message, tripId), ANSWER_PATIENCE_MS)
    if (typeof news === 'string') return undefined
    if (news.kind !== 'resent') return news
  }
}

async function isMine(cab: Cab, tripId: string): Promise<boolean> {
  const status = await checkStatus(cab.world.rest, cab.session.accessToken, tripId).catch(() => 'unknown')
  return !['unknown', 'pending', 'cancelled', 'completed'].includes(status)
}

function readNews(message: Message, tripId: string): News | undefined {
  if (readOffer(message)?.tripId === tripId) return { kind: 'resent', text: '' }
  const error = readText(message, 'error')
  if (error !== undefined) return { kind: 'refused', text: error }
  if (readText(message, 'trip_id') !== tripId) return undefined
  const type = readText(message, 'type')
  if (type === 'offer_expired' || type === 'trip_cancelled') return { kind: 'ended', text: type }
  return { kind: 'answered', text: readText(message, 'message') ?? '' }
}
