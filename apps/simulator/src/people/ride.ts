import { setTimeout as pause } from 'node:timers/promises'
import { kilometersBetween } from '../city.ts'
import { converse } from '../client/conversation.ts'
import { readNumber, readText, type Message } from '../client/reading.ts'
import { openSocket } from '../client/socket.ts'
import { cancelTrip, checkStatus } from '../client/trips.ts'
import { formatRand } from '../money.ts'
import { between } from '../random.ts'
import type { Errand } from './errand.ts'
import type { Quote } from './quote.ts'
import { retryDelayMs, type KnownDriver } from './world.ts'

type Ending = 'completed' | 'cancelled'
type Step = { readonly word: string }

const NEWS_PATIENCE_MS = 4_000

/** From the accepted offer to the end of the trip, as the customer sees it. */
export async function ride(errand: Errand, quote: Quote, driver: KnownDriver): Promise<Ending> {
  const { world, session, scene } = errand
  const connection = { baseUrl: world.rest.baseUrl, accessToken: session.accessToken, retryDelayMs }
  let fixes = 0
  const onFix = (message: Message): void => {
    const latitude = readNumber(message, 'latitude')
    const longitude = readNumber(message, 'longitude')
    if (latitude === undefined || longitude === undefined || ++fixes > 1) return
    const km = kilometersBetween({ latitude, longitude }, scene.plan.pickup)
    errand.tell(`the map shows ${driver.name} ${km.toFixed(1)} km from ${scene.plan.pickup.name}`, 'grey')
  }
  const status = await converse({ ...connection, path: `/ws/trips/user/status/${quote.tripId}/` })
  const map = await openSocket({
    ...connection,
    path: `/ws/user/driver/${driver.id}/location/`,
    onMessage: onFix,
  })
  try {
    if (scene.plan.ending === 'customer-cancels-accepted' && (await changeMind(errand, quote, driver)))
      return 'cancelled'
    for (const seen = new Set<string>(); ;) {
      errand.checkPatience()
      const heard = await status.hear(readStep, NEWS_PATIENCE_MS)
      const word =
        typeof heard === 'string'
          ? await checkStatus(world.rest, session.accessToken, quote.tripId)
          : heard.word
      if (!seen.has(word)) await take(errand, quote, driver, word)
      seen.add(word)
      if (word === 'completed' || word === 'cancelled') {
        if (fixes === 0) world.trouble(`trip ${scene.plan.number}: the map showed nothing of ${driver.name}`)
        return word
      }
    }
  } finally {
    await Promise.all([status.close(), map.close()])
  }
}

async function take(errand: Errand, quote: Quote, driver: KnownDriver, word: string): Promise<void> {
  const { plan } = errand.scene
  switch (word) {
    case 'on the way':
      errand.tell(`${driver.name} is on the way`)
      break
    case 'arrived at pickup':
      errand.tell(
        `${driver.name} is at ${plan.pickup.name}; ${errand.name} pays ${formatRand(quote.fareMinor)} in cash`,
      )
      await pause(between(errand.random, 100, 300))
      errand.scene.cashHeldOutMinor = quote.fareMinor
      break
    case 'in_progress':
      errand.tell(`${plan.load} loaded, under way to ${plan.destination.name}`)
      break
    case 'arrived at destination':
      errand.tell(`${driver.name} is at ${plan.destination.name}`)
      break
    case 'cancelled':
      errand.tell(`${driver.name} has a flat tyre and cancels`, 'bad')
      break
  }
}

async function changeMind(errand: Errand, quote: Quote, driver: KnownDriver): Promise<boolean> {
  await pause(between(errand.random, 300, 900))
  const isCancelled = await cancelTrip(errand.world.rest, errand.session.accessToken, quote.tripId)
  if (isCancelled) errand.tell(`${errand.name} cancels after all; ${driver.name} turns round`, 'bad')
  return isCancelled
}

function readStep(message: Message): Step | undefined {
  const word = readText(message, 'trip_status') ?? readText(message, 'payment_status')
  return word === undefined ? undefined : { word }
}
