import { CLIENT_FRAMES, CLOSE_CODES, LiveEvent, ROLES, SERVER_FRAMES } from '@toota/contract'
import type { SocketDoc, Wire } from './socket-doc.ts'

const WIRE: Wire = {
  name: 'v1',
  signIn:
    'The access token, as `Authorization: Bearer …` in the handshake; or, where a browser cannot set headers, a ticket of `POST /v1/tickets` as `?ticket=…`, or the token in `hello`. A bad one in the handshake is refused by HTTP 401, a bad one in `hello` closes 4501.',
  pings:
    '`pos` and a ping of the protocol every 10 s; whoever does not answer pings says `ack`. 25 s of silence end the connection.',
  limits:
    'Text frames of one JSON object, at most 16 KB; the subprotocol is `toota.v1`. `hello` comes first, within five seconds. The whole protocol is in `docs/protocol.md`.',
  closeCodes: CLOSE_CODES,
}

const EVENTS: Readonly<Record<LiveEvent['kind'], string>> = {
  'offer.opened': 'A trip is held out to this driver: read it by `GET /v1/offers`.',
  'offer.ended': 'An offer has ended, and how.',
  'trip.changed': 'A trip has another status. Take it if its version is newer than what you know.',
  'trip.concern':
    'The driver of a trip under way worries us, or does not any more (`null`); see `POST /v1/trips/{tripId}/search-again`.',
  'payment.changed': 'A trip is paid in another way, or its payment has got on.',
  'payment.received': 'The driver has the cash.',
  'payout.changed':
    'A payout to this driver has got on, or has come to nothing: read it by `GET /v1/me/payouts`.',
  'profile.changed': 'The own account changed: read it by `GET /v1/me`.',
  'driver.changed': 'The driver’s application changed; while `pending` he gets no offers.',
  'driver.approved': 'Staff approved the driver.',
}

/** One message per kind of event. */
const events: SocketDoc['sends'] = Object.fromEntries(
  LiveEvent.options.map((option) => {
    const kind = option.shape.kind.value
    return [kind, option.describe(`${EVENTS[kind]} In order, without gaps, at least once.`)]
  }),
)

/** The socket of `/v1`, whose frames are the contract's. */
export const LIVE_SOCKET: SocketDoc = {
  name: 'live',
  title: 'Live',
  description:
    'Everything an account is told, over one socket, and a driver’s position the other way. Events are numbered 1, 2, 3 … per account; after a reconnect `resume` brings what was missed, so nothing needs to be polled.',
  urls: ['/v1/live'],
  roles: ROLES,
  wire: WIRE,
  takes: CLIENT_FRAMES,
  sends: Object.fromEntries(
    Object.entries(SERVER_FRAMES).flatMap(([name, schema]) =>
      name === 'evt' ? Object.entries(events) : [[name, schema]],
    ),
  ),
}
