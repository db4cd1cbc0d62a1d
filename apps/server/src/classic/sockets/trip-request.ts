import { findDrivers, type FoundDriver } from '../../features/tracking/index.ts'
import {
  cancelTrip,
  offerTrip,
  requestTrip,
  viewTrip,
  type Trip,
  type TripNews,
  type TripView,
} from '../../features/trips/index.ts'
import { parseId, Refusal, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import { InvalidBody, throttledText } from '../rest/errors.ts'
import { awaitingDriver, selectAnotherDriver, tripAccepted, tripCreated } from '../messages.ts'
import { readTripRequest } from './create-trip.ts'
import { quote } from './frames.ts'
import { hearTripNews } from './listen.ts'
import type { Message, SocketClient, SocketRoute } from './routes.ts'
import { tripRequestMessages } from './schemas/desk-messages.ts'

/**
 * The customer's desk: asks for a trip, chooses a driver, hears what came of it. A fresh connection says nothing
 * unasked, since an old script takes the first message for the answer to its request; so it only hears of trips
 * it has acted on itself.
 */
export const tripRequest: SocketRoute = {
  purpose: 'trip request',
  messages: tripRequestMessages,
  urls: ['/ws/trips/user/request/', '/ws/trips/user/'],
  role: 'customer',

  connect(context, client) {
    const desk = openDesk(context, client)
    return (message) => client.session.enqueue(() => act(desk, message))
  },
}

/** A customer's socket and the trips whose outcome it is told. */
export type Desk = {
  readonly context: ClassicContext
  readonly client: SocketClient
  readonly actedOn: Set<TripId>
}

export function openDesk(context: ClassicContext, client: SocketClient): Desk {
  const actedOn = new Set<TripId>()
  hearTripNews(context, client, async (news) => {
    const { tripId } = news.data
    if (actedOn.has(tripId) && (await tellOutcome(context, client, news))) actedOn.delete(tripId)
  })
  return { context, client, actedOn }
}

/** Does what a message with an `action` wants. */
export async function act(desk: Desk, message: Message): Promise<void> {
  switch (message['action']) {
    case 'create_trip':
      return createTrip(desk, message)
    case 'confirm_driver':
      return confirmDriver(desk, message)
    case 'cancel_trip':
      return cancel(desk, parseId<TripId>(message['trip_id']))
    default:
      desk.client.send({ error: `Unknown action: ${quote(message['action'])}` })
  }
}

async function createTrip({ context, client, actedOn }: Desk, message: Message): Promise<void> {
  try {
    const request = readTripRequest(message)
    const trip = await requestTrip(context.platform, client.principal.accountId as CustomerId, request)
    actedOn.add(trip.id)
    client.send(
      tripCreated(
        await view(context, client, trip.id),
        await driversFor(context, trip),
        context.platform.pictureUrls,
      ),
    )
  } catch (error) {
    client.send(createError(context, error))
  }
}

export function createError({ platform }: ClassicContext, error: unknown): object {
  if (error instanceof InvalidBody) return { error: 'Failed to create trip', details: error.fields }
  if (error instanceof Refusal && error.code === 'too-many-requests') return { error: throttledText(error) }
  platform.log.error({ err: error }, 'could not create a trip')
  return { error: 'Failed to create trip' }
}

async function confirmDriver({ context, client, actedOn }: Desk, message: Message): Promise<void> {
  const tripId = parseId<TripId>(message['trip_id'])
  const driverId = parseId<DriverId>(message['driver_id'])
  if (!tripId || !driverId) {
    client.send({ error: 'Failed to confirm driver' })
    return
  }
  try {
    const customerId = client.principal.accountId as CustomerId
    const { trip, payment, driver } = await offerTrip(context.platform, customerId, tripId, driverId)
    actedOn.add(tripId)
    client.send(awaitingDriver(trip, payment, driver))
  } catch (error) {
    client.send({ error: confirmError(context, error) })
  }
}

export function confirmError({ platform }: ClassicContext, error: unknown): string {
  if (!(error instanceof Refusal)) {
    platform.log.error({ err: error }, 'could not confirm a driver')
    return 'Failed to confirm driver'
  }
  switch (error.code) {
    case 'not-found':
    case 'trip-not-pending':
      return 'Invalid trip or driver'
    case 'payment-missing':
      return error.details['method'] === undefined
        ? 'Payment not found. Please complete payment before requesting a driver.'
        : 'Card payment not completed. Please complete payment before requesting a driver.'
    case 'offer-pending':
      return 'Another driver is still deciding'
    case 'driver-unavailable':
      return 'Driver is not available'
    default:
      return error.message
  }
}

export async function cancel({ context, client, actedOn }: Desk, tripId: TripId | undefined): Promise<void> {
  const { platform } = context
  const { principal, send } = client
  try {
    if (!tripId) throw new Refusal('not-found')
    const { isChanged } = await cancelTrip(platform, tripId, {
      role: 'customer',
      accountId: principal.accountId,
    })
    // The stream tells a change to this socket too, if it had acted on the trip; everything else is answered here.
    if (!isChanged || !actedOn.has(tripId)) send(cancelled(tripId))
  } catch (error) {
    if (!(error instanceof Refusal)) platform.log.error({ err: error }, 'could not cancel a trip')
    send({
      error:
        error instanceof Refusal && error.code === 'not-found'
          ? 'Trip not found'
          : 'Trip cannot be cancelled',
    })
  }
}

const cancelled = (tripId: TripId): object => ({
  type: 'trip_status_update',
  trip_id: tripId,
  status: 'cancelled',
})

/** Answers whether the trip has come to its end. */
async function tellOutcome(
  context: ClassicContext,
  client: SocketClient,
  { kind, data }: TripNews,
): Promise<boolean> {
  const { tripId } = data
  if (kind === 'trip.changed') {
    const isEnd = data.status === 'cancelled' || data.status === 'expired'
    if (data.status === 'accepted') client.send(tripAccepted(await view(context, client, tripId)))
    if (isEnd) client.send(cancelled(tripId))
    // The driver has been taken off it.
    if (data.status === 'pending') await askForAnother(context, client, tripId, 'rejected')
    return isEnd || data.status === 'completed'
  }
  if (kind === 'offer.ended' && (data.state === 'rejected' || data.state === 'expired'))
    await askForAnother(context, client, tripId, data.state)
  return false
}

async function askForAnother(
  context: ClassicContext,
  client: SocketClient,
  tripId: TripId,
  why: 'rejected' | 'expired',
): Promise<void> {
  const { trip } = await view(context, client, tripId)
  const drivers = await driversFor(context, trip)
  client.send(selectAnotherDriver(why, tripId, drivers, context.platform.pictureUrls))
}

export const view = (
  { platform }: ClassicContext,
  { principal }: SocketClient,
  tripId: TripId,
): Promise<TripView> => viewTrip(platform, { role: 'customer', accountId: principal.accountId }, tripId)

const driversFor = ({ platform, roster }: ClassicContext, trip: Trip): Promise<FoundDriver[]> =>
  findDrivers(platform, roster, { center: trip.pickup, classes: [trip.vehicleClass] })
