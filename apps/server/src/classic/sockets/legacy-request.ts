import { choosePayment } from '../../features/payments/index.ts'
import { mayFollow } from '../../features/tracking/index.ts'
import { cancelTrip, findTripWith, isActive, offerTrip, requestTrip } from '../../features/trips/index.ts'
import { parseId, Refusal, type CustomerId, type DriverId } from '../../kernel/index.ts'
import { tripAccepted } from '../messages.ts'
import { isAbout, readTripInfo, tripFrom, type TripInfo } from './legacy-trip-info.ts'
import type { Message, SocketRoute } from './routes.ts'
import { act, cancel, confirmError, createError, openDesk, view, type Desk } from './trip-request.ts'
import { legacyRequestMessages } from './schemas/legacy-messages.ts'

/**
 * The customer asks one driver, who is named in the address: first the seed's protocol without a trip id and without
 * a payment step (so it is cash), later the `action` messages at the same address. The message decides which.
 */
export const legacyRequest: SocketRoute = {
  purpose: 'trip request to one driver',
  messages: legacyRequestMessages,
  urls: ['/ws/trips/user/request/:driverId/'],
  role: 'customer',

  authorize: ({ platform, roster }, { principal, params }) =>
    mayFollow(platform, roster, principal.accountId as CustomerId, driverIdOf(params)),

  connect(context, client) {
    const driverId = driverIdOf(client.params)
    const desk = openDesk(context, client)
    return (message) => client.session.enqueue(() => take(desk, driverId, message))
  },
}

function driverIdOf(params: Readonly<Record<string, string>>): DriverId {
  const driverId = parseId<DriverId>(params['driverId'])
  if (!driverId) throw new Refusal('not-found')
  return driverId
}

/** The `user_id` in the messages is never read: the caller is who has signed in. */
async function take(desk: Desk, driverId: DriverId, message: Message): Promise<void> {
  if (message['action'] !== undefined) return act(desk, message)
  if (message['trip_info'] !== undefined) return ask(desk, driverId, message)
  if (message['trip_request_status'] === 'cancelled') return cancelAsked(desk, driverId)
  return act(desk, message)
}

async function ask(desk: Desk, driverId: DriverId, message: Message): Promise<void> {
  const { context, client, actedOn } = desk
  try {
    const info = readTripInfo(message['trip_info'])
    const asked = await findTripWith(context.platform, customerIdOf(desk), driverId)
    if (!asked || !isAbout(asked, info)) {
      await askAnew(desk, driverId, info)
      return
    }
    // After a reconnect: the question stands, and its outcome is for this socket too.
    actedOn.add(asked.id)
    if (isActive(asked.status)) client.send(tripAccepted(await view(context, client, asked.id)))
  } catch (error) {
    client.send(createError(context, error))
  }
}

/** Says nothing while the driver thinks: the old script takes the next message for his answer. */
async function askAnew(desk: Desk, driverId: DriverId, info: TripInfo): Promise<void> {
  const { platform, roster } = desk.context
  const customerId = customerIdOf(desk)
  const [driver] = await roster.cards([driverId])
  const fix = platform.positions.lastFix(driverId)
  if (!driver?.vehicleClass || !fix) {
    desk.client.send({ error: 'Driver is not available' })
    return
  }
  const trip = await requestTrip(platform, customerId, tripFrom(info, fix, driver.vehicleClass))
  try {
    await choosePayment(platform, customerId, trip.id, 'cash')
    await offerTrip(platform, customerId, trip.id, driverId)
    desk.actedOn.add(trip.id)
  } catch (error) {
    // Nobody was told its id, so nobody could use it.
    await cancelTrip(platform, trip.id, { role: 'customer', accountId: customerId })
    desk.client.send({ error: confirmError(desk.context, error) })
  }
}

async function cancelAsked(desk: Desk, driverId: DriverId): Promise<void> {
  const trip = await findTripWith(desk.context.platform, customerIdOf(desk), driverId)
  await cancel(desk, trip?.id)
}

const customerIdOf = ({ client }: Desk): CustomerId => client.principal.accountId as CustomerId
