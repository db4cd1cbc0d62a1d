import { setTimeout as pause } from 'node:timers/promises'
import { readMessages, readText, type Message } from '../client/reading.ts'
import { cancelTrip, checkStatus } from '../client/trips.ts'
import { between } from '../random.ts'
import type { Errand } from './errand.ts'

/** `unavailable` made no offer at all; `drivers` is the server's fresh list, where it sent one. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly afterMs: number | undefined; readonly drivers?: undefined }
  | {
      readonly kind: 'rejected' | 'expired' | 'unavailable' | 'called-off'
      readonly drivers?: readonly Message[]
    }

type News =
  | { readonly kind: 'awaiting' | 'accepted' }
  | { readonly kind: 'rejected' | 'expired'; readonly drivers: readonly Message[] }
  | { readonly kind: 'refused'; readonly text: string }

const NEWS_PATIENCE_MS = 10_000
const STILL_DECIDING_MS = 1_000
const CLOSED = ['cancelled', 'completed', 'expired']

/** Offers the trip to a driver and waits for what comes of it. */
export async function askDriver(
  errand: Errand,
  tripId: string,
  driverId: string,
  callsOff: boolean,
): Promise<Outcome> {
  const { desk } = errand
  const request = { action: 'confirm_driver', trip_id: tripId, driver_id: driverId }
  const askedAtMs = performance.now()
  await desk.say(request)
  let isOffered = false
  for (;;) {
    errand.checkPatience()
    const news = await desk.hear((message) => readNews(message, tripId), NEWS_PATIENCE_MS)
    if (typeof news === 'string') {
      const found = await lookUp(errand, tripId)
      if (found !== undefined) return found
      // A second request for the same driver is answered again and changes nothing.
      if (news === 'reopened' || !isOffered) await desk.say(request)
      continue
    }
    switch (news.kind) {
      case 'awaiting':
        isOffered = true
        if (callsOff && (await callOff(errand, tripId))) return { kind: 'called-off' }
        break
      case 'accepted':
        return noteAcceptance(errand, askedAtMs)
      case 'rejected':
      case 'expired':
        return news
      case 'refused': {
        if (news.text === 'Driver is not available') return { kind: 'unavailable' }
        const found = await lookUp(errand, tripId)
        if (found !== undefined) return found
        if (!/still deciding/i.test(news.text))
          throw new Error(`confirm_driver was answered with "${news.text}"`)
        await pause(STILL_DECIDING_MS)
        await desk.say(request)
      }
    }
  }
}

/** What the trip itself says, where the news of it may have been lost; undefined while it is pending. */
async function lookUp({ world, session }: Errand, tripId: string): Promise<Outcome | undefined> {
  const status = await checkStatus(world.rest, session.accessToken, tripId)
  if (status === 'pending') return undefined
  if (CLOSED.includes(status)) throw new Error(`the trip became "${status}" while a driver was asked`)
  return { kind: 'accepted', afterMs: undefined }
}

async function callOff({ world, session, random }: Errand, tripId: string): Promise<boolean> {
  await pause(between(random, 400, 1_200))
  return cancelTrip(world.rest, session.accessToken, tripId)
}

function noteAcceptance({ scene }: Errand, askedAtMs: number): Outcome {
  const nowMs = performance.now()
  scene.record.acceptedAfterMs = nowMs - askedAtMs
  if (scene.acceptTappedAtMs !== undefined) scene.record.toldAfterMs = nowMs - scene.acceptTappedAtMs
  return { kind: 'accepted', afterMs: scene.record.acceptedAfterMs }
}

function readNews(message: Message, tripId: string): News | undefined {
  const error = readText(message, 'error')
  if (error !== undefined) return { kind: 'refused', text: error }
  if (readText(message, 'trip_id') !== tripId) return undefined
  const text = readText(message, 'message') ?? ''
  const status = readText(message, 'status')
  if (text.startsWith('Awaiting driver response')) return { kind: 'awaiting' }
  if (text.startsWith('Driver did not respond')) return { kind: 'expired', drivers: drivers(message) }
  if (status === 'accepted') return { kind: 'accepted' }
  if (status === 'rejected') return { kind: 'rejected', drivers: drivers(message) }
  return undefined
}

const drivers = (message: Message): Message[] => readMessages(message, 'available_drivers')
