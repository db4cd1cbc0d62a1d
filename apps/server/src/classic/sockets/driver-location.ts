import { reportFix } from '../../features/tracking/index.ts'
import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Message, SocketRoute } from './routes.ts'
import { ownPosition } from './position-message.ts'
import { driverLocationMessages } from './schemas/location-messages.ts'

/** A driver's phone says where it is; the driver and his followers get it back with who he is. */
export const driverLocation: SocketRoute = {
  purpose: 'driver location',
  messages: driverLocationMessages,
  urls: ['/ws/driver/location/', '/ws/trips/driver/location/', '/ws/trips/driver/location/:driverId/'],
  role: 'driver',

  authorize(_context, { principal, params }) {
    const { driverId } = params
    return driverId === undefined || driverId.toLowerCase() === principal.accountId
      ? Promise.resolve()
      : Promise.reject(new Refusal('not-found'))
  },

  connect({ platform, roster }, { principal, session, send }) {
    const driverId = principal.accountId as DriverId
    session.onClose(
      platform.positions.follow(driverId, (fix) =>
        session.sendLatest(ownPosition(platform, roster, driverId, fix)),
      ),
    )
    // Looked at by hand: this is the one message that comes thousands of times a second.
    const report = ({ latitude, longitude }: Message): void => {
      const isPoint = typeof latitude === 'number' && typeof longitude === 'number'
      if (!isPoint || reportFix(platform, roster, driverId, { latitude, longitude }) === 'no-place')
        send({ error: 'Invalid coordinates' })
    }
    // Who the driver is must be known before anybody is told where he is; after that a fix waits for nothing.
    return (message) => {
      if (roster.knows(driverId)) report(message)
      else session.enqueue(() => roster.enter(driverId).then(() => report(message)))
    }
  },
}
