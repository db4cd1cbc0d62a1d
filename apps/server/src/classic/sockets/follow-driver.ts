import { followDriver, mayFollow } from '../../features/tracking/index.ts'
import { parseId, Refusal, type CustomerId, type DriverId } from '../../kernel/index.ts'
import type { SocketRoute } from './routes.ts'
import { publicPosition } from './position-message.ts'
import { followDriverMessages } from './schemas/location-messages.ts'

/** A customer watches a driver. */
export const followDriverRoute: SocketRoute = {
  purpose: 'follow a driver',
  messages: followDriverMessages,
  urls: ['/ws/user/driver/:driverId/location/', '/ws/trips/user/location/:driverId/'],
  role: 'customer',

  async authorize({ platform, roster }, { principal, params }) {
    const driverId = parseId<DriverId>(params['driverId'])
    if (!driverId) throw new Refusal('not-found')
    await mayFollow(platform, roster, principal.accountId as CustomerId, driverId)
  },

  connect({ platform, roster }, { principal, params, session }) {
    const driverId = parseId<DriverId>(params['driverId'])
    if (driverId) {
      session.onClose(
        followDriver(platform, principal.accountId as CustomerId, driverId, (fix) =>
          session.sendLatest(publicPosition(platform, roster, driverId, fix)),
        ),
      )
    }
    return () => undefined
  },
}
