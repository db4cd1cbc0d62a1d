import {
  acceptOffer,
  findOffer,
  rejectOffer,
  viewOpenOffer,
  viewTrip,
  type TripNews,
  type TripView,
} from '../../features/trips/index.ts'
import { parseId, Refusal, type DriverId, type OfferId, type TripId } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import { acceptConfirmed, newTripRequest } from '../messages.ts'
import { quote } from './frames.ts'
import { hearTripNews } from './listen.ts'
import type { Message, SocketClient, SocketRoute } from './routes.ts'
import { driverResponseMessages } from './schemas/desk-messages.ts'

/** Offers come to the driver here and his answers go back; after a reconnect the open offer comes again. */
export const driverResponse: SocketRoute = {
  purpose: 'driver response',
  messages: driverResponseMessages,
  urls: ['/ws/trips/driver/response/', '/ws/trips/driver/'],
  role: 'driver',

  welcome: ({ principal }) => ({
    message: 'Connection established',
    status: 'connected',
    driver_id: principal.accountId,
  }),

  connect(context, client) {
    hearOffers(context, client, newTripRequest)
    return (message) => client.session.enqueue(() => answer(context, client, message))
  },
}

/** From now on the driver hears of his offers, each once, and of what becomes of them. */
export function hearOffers(
  context: ClassicContext,
  client: SocketClient,
  inWords: (view: TripView) => object,
): void {
  const driverId = client.principal.accountId as DriverId
  let shown: OfferId | undefined
  const show = async (offerId: OfferId, tripId: TripId): Promise<void> => {
    if (shown === offerId) return
    await showOffer(context, client, tripId, inWords)
    shown = offerId
  }

  hearTripNews(
    context,
    client,
    (news) =>
      news.kind === 'offer.opened' ? show(news.data.offerId, news.data.tripId) : hear(context, client, news),
    async () => {
      const open = await viewOpenOffer(context.platform, driverId)
      if (open) await show(open.id, open.tripId)
    },
  )
}

async function showOffer(
  { platform }: ClassicContext,
  { principal, send }: SocketClient,
  tripId: TripId,
  inWords: (view: TripView) => object,
): Promise<void> {
  try {
    send(inWords(await viewTrip(platform, { role: 'driver', accountId: principal.accountId }, tripId)))
  } catch (error) {
    // Withdrawn in the meantime: its end comes next in the stream.
    if (!(error instanceof Refusal)) throw error
  }
}

async function hear(
  { platform }: ClassicContext,
  { principal, send }: SocketClient,
  news: TripNews,
): Promise<void> {
  const { tripId } = news.data
  if (news.kind === 'offer.ended' && news.data.state === 'expired')
    send({ type: 'offer_expired', trip_id: tripId })
  else if (news.kind === 'offer.ended' && news.data.state === 'rejected') {
    send({ message: `Trip ${tripId} rejected`, trip_id: tripId })
  } else if (news.kind === 'offer.ended' && news.data.state === 'withdrawn') send(tripCancelled(news.data))
  else if (news.kind === 'trip.changed' && news.data.status === 'accepted') {
    send(
      acceptConfirmed(await viewTrip(platform, { role: 'driver', accountId: principal.accountId }, tripId)),
    )
  } else if (news.kind === 'trip.changed' && isTakenAway(news.data)) {
    send(tripCancelled(news.data))
  }
}

/** Cancelled by somebody else, or given to another driver: to his app the same. */
const isTakenAway = ({ status, by }: { status: string; by: string }): boolean =>
  status === 'pending' || (status === 'cancelled' && by !== 'driver')

const tripCancelled = ({ customerId, tripId }: { customerId: string; tripId: string }): object => ({
  type: 'trip_cancelled',
  user_id: customerId,
  trip_id: tripId,
  status: 'cancelled',
})

/** What an answer brings comes back over the driver's stream, so that all his sockets agree; only errors are said here. */
export async function answer(
  { platform }: ClassicContext,
  { principal, send }: SocketClient,
  message: Message,
): Promise<void> {
  const driverId = principal.accountId as DriverId
  const { trip_id: trip } = message
  const word = message['driver_response_status'] ?? message['trip_response_status']
  const respond = word === 'accepted' ? accept : word === 'rejected' ? rejectOffer : undefined
  try {
    if (isAbsent(trip)) send({ error: 'trip_id is required' })
    else if (!respond) send({ error: `Unknown response status: ${quote(word)}` })
    else {
      const tripId = parseId<TripId>(trip)
      if (!tripId) throw new Refusal('not-found')
      const offer = await findOffer(platform, driverId, tripId)
      await respond(platform, driverId, offer.id)
    }
  } catch (error) {
    send({ error: answerError(platform, error) })
  }
}

/** What still stands and cannot be taken is not paid any more: the customer's bank has taken the money back. */
async function accept(
  platform: ClassicContext['platform'],
  driverId: DriverId,
  offerId: OfferId,
): Promise<void> {
  try {
    await acceptOffer(platform, driverId, offerId)
  } catch (error) {
    const isClosed = error instanceof Refusal && error.code === 'offer-closed'
    const open = isClosed ? await viewOpenOffer(platform, driverId) : undefined
    throw open?.id === offerId ? new Refusal('payment-missing') : error
  }
}

export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

export function answerError({ log }: ClassicContext['platform'], error: unknown): string {
  if (!(error instanceof Refusal)) {
    log.error({ err: error }, 'could not take an answer to an offer')
    return 'Internal server error'
  }
  if (error.code === 'not-found') return 'Trip not found'
  if (error.code === 'payment-missing') return 'Card payment not completed. Cannot accept trip.'
  return error.code === 'offer-closed' ? 'This trip is no longer available' : error.message
}
