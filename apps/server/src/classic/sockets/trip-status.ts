import { CashReceipt } from '@toota/contract'
import { stateCash } from '../../features/payments/index.ts'
import { advanceTrip, cancelTrip, getTrip, type TripNews, type Viewer } from '../../features/trips/index.ts'
import { parseId, Refusal, toMinor, type DriverId, type TripId } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import { parseStatus, statusWord } from '../statuses.ts'
import { refusedStatus } from '../refused-status.ts'
import { quote } from './frames.ts'
import { hearTripNews } from './listen.ts'
import type { Message, Peer, SocketClient, SocketRoute } from './routes.ts'
import { customerStatusMessages, driverStatusMessages } from './schemas/status-messages.ts'

/** The trip's driver reports where the trip stands and that he has the cash. */
export const driverStatus: SocketRoute = {
  purpose: 'status update',
  messages: driverStatusMessages,
  urls: ['/ws/trips/driver/status/update/:tripId/', '/ws/trips/driver/status/:tripId/'],
  role: 'driver',
  authorize: requireOwnTrip,
  connect(context, client) {
    hearStatus(context, client, 'You must collect payment from user before pickup')
    return (message) => client.session.enqueue(() => report(context, client, message))
  },
}

/** The customer watches the trip. */
export const customerStatus: SocketRoute = {
  purpose: 'trip status',
  messages: customerStatusMessages,
  urls: ['/ws/trips/user/status/:tripId/'],
  role: 'customer',
  authorize: requireOwnTrip,
  connect(context, client) {
    hearStatus(context, client, 'You must make payment before trip starts')
    return () => undefined
  },
}

const tripIdOf = ({ params }: Peer): TripId => {
  const tripId = parseId<TripId>(params['tripId'])
  if (!tripId) throw new Refusal('not-found')
  return tripId
}

const viewerOf = ({ principal }: Peer): Viewer => ({
  role: principal.role === 'driver' ? 'driver' : 'customer',
  accountId: principal.accountId,
})

async function requireOwnTrip({ platform }: ClassicContext, peer: Peer): Promise<void> {
  await getTrip(platform, viewerOf(peer), tripIdOf(peer))
}

const cashReceived = (tripId: TripId): object => ({
  payment_status: 'received',
  trip_id: tripId,
  message: 'Payment received',
})

/** The state on connecting, then each change. Cash that is due at the pickup is asked for instead of the status. */
function hearStatus(context: ClassicContext, client: SocketClient, cashPrompt: string): void {
  const tripId = tripIdOf(client)
  let version = 0
  const tell = (news: TripNews): void => {
    if (news.data.tripId !== tripId) return
    if (news.kind === 'payment.received') {
      client.send(cashReceived(tripId))
    } else if (news.kind === 'trip.changed' && news.data.version > version) {
      version = news.data.version
      const { status, isCashDue } = news.data
      client.send(
        status === 'arrived_pickup' && isCashDue
          ? { payment_status: statusWord(status), trip_id: tripId, message: cashPrompt }
          : { trip_id: tripId, trip_status: statusWord(status) },
      )
    }
  }
  hearTripNews(
    context,
    client,
    (news) => {
      tell(news)
      return Promise.resolve()
    },
    async () => {
      const trip = await getTrip(context.platform, viewerOf(client), tripId)
      version = trip.version
      client.send({ trip_id: tripId, trip_status: statusWord(trip.status) })
    },
  )
}

/** A change comes back over the stream; what is so already has nothing to tell, but wants its echo. */
async function report(context: ClassicContext, client: SocketClient, message: Message): Promise<void> {
  const { trip_status: word, payment_status: payment } = message
  try {
    if (word === undefined && payment === 'received') await reportCash(context, client, message['amount'])
    else await reportStatus(context, client, word)
  } catch (error) {
    client.send({ error: reportError(context.platform, error) })
  }
}

/** `amount`, in major units, is ours: the original had no call at all. What is none must not pass for all that was due. */
async function reportCash(
  { platform }: ClassicContext,
  client: SocketClient,
  amount: unknown,
): Promise<void> {
  const tripId = tripIdOf(client)
  const isGiven = amount !== undefined && amount !== null
  const receivedMinor = isGiven ? amountMinorOf(amount) : undefined
  if (isGiven && receivedMinor === undefined) {
    client.send({ error: 'Invalid amount' })
    return
  }
  const driverId = client.principal.accountId as DriverId
  const { isChanged } = await stateCash(platform, driverId, tripId, { receivedMinor })
  if (!isChanged) client.send(cashReceived(tripId))
}

/** In cents; undefined for what is no amount, or more than `/v1` takes. */
function amountMinorOf(amount: unknown): number | undefined {
  const receivedMinor = typeof amount === 'number' ? toMinor(amount) : undefined
  return CashReceipt.safeParse({ receivedMinor }).success ? receivedMinor : undefined
}

async function reportStatus(
  { platform }: ClassicContext,
  client: SocketClient,
  word: unknown,
): Promise<void> {
  const tripId = tripIdOf(client)
  const driverId = client.principal.accountId as DriverId
  const status = parseStatus(word)
  if (!status) {
    client.send({ error: `Unknown trip status: ${quote(word)}` })
    return
  }
  const { isChanged } = await (status === 'cancelled'
    ? cancelTrip(platform, tripId, { role: 'driver', accountId: driverId })
    : advanceTrip(platform, driverId, tripId, status))
  if (!isChanged) client.send({ trip_id: tripId, trip_status: statusWord(status) })
}

function reportError({ log }: ClassicContext['platform'], error: unknown): string {
  if (!(error instanceof Refusal)) {
    log.error({ err: error }, 'could not take a status')
    return 'Internal server error'
  }
  return refusedStatus(error)
}
