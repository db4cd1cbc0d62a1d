import { viewOpenOffer, viewTrip, type Trip, type TripView } from '../../features/trips/index.ts'
import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import { newTripRequest } from '../messages.ts'
import { answer, answerError, driverResponse, hearOffers, isAbsent } from './driver-response.ts'
import { tripInfoOf } from './legacy-trip-info.ts'
import type { Message, SocketClient, SocketRoute } from './routes.ts'
import { legacyResponseMessages } from './schemas/legacy-messages.ts'

/**
 * The driver's side of the legacy socket. It was served by two protocols, so every offer is told in the words of
 * both, whichever the customer spoke; an answer may name the trip or, as the older did, only the customer.
 */
export const legacyResponse: SocketRoute = {
  ...driverResponse,
  purpose: "driver response at the driver's own address",
  messages: legacyResponseMessages,
  urls: ['/ws/trips/driver/response/:driverId/'],

  authorize: (_context, { principal, params }) =>
    params['driverId']?.toLowerCase() === principal.accountId
      ? Promise.resolve()
      : Promise.reject(new Refusal('not-found')),

  connect(context, client) {
    hearOffers(context, client, inBothWords)
    return (message) => client.session.enqueue(() => take(context, client, message))
  },
}

const inBothWords = (view: TripView): object => ({
  ...newTripRequest(view),
  user_id: view.customer.id,
  trip_info: tripInfoOf(view.trip),
})

async function take(context: ClassicContext, client: SocketClient, message: Message): Promise<void> {
  if (!isAbsent(message['trip_id']) || isAbsent(message['user_id'])) {
    await answer(context, client, message)
    return
  }
  try {
    await answer(context, client, { ...message, trip_id: await findMeant(context, client, message) })
  } catch (error) {
    client.send({ error: answerError(context.platform, error) })
  }
}

/** The trip he is being asked about, unless his answer is to an earlier customer or to an earlier trip. */
async function findMeant(
  { platform }: ClassicContext,
  { principal }: SocketClient,
  message: Message,
): Promise<TripId> {
  const driverId = principal.accountId as DriverId
  const open = await viewOpenOffer(platform, driverId)
  if (!open) throw new Refusal('offer-closed')
  const { trip } = await viewTrip(platform, { role: 'driver', accountId: driverId }, open.tripId)
  if (trip.customerId !== message['user_id'] || !isAbout(trip, message['trip_info'])) {
    throw new Refusal('offer-closed')
  }
  return trip.id
}

/** Old clients send the form back as they got it; one that differs is of an offer that has ended meanwhile. */
function isAbout(trip: Trip, info: unknown): boolean {
  if (typeof info !== 'object' || info === null) return true
  const { pickup, destination } = info as Readonly<Record<string, unknown>>
  return (
    (isAbsent(pickup) || pickup === trip.pickup.address) &&
    (isAbsent(destination) || destination === trip.destination.address)
  )
}
