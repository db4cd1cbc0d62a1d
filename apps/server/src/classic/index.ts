import type { FastifyInstance } from 'fastify'
import { throttleRequests } from '../platform/http/index.ts'
import type { ClassicContext } from './context.ts'
import { registerAccounts } from './rest/accounts.ts'
import { acceptBodies } from './rest/bodies.ts'
import { registerDrivers } from './rest/drivers.ts'
import { answerErrors } from './rest/errors.ts'
import { registerPayments } from './rest/payments.ts'
import { registerPasswords } from './rest/passwords.ts'
import { registerProfile } from './rest/profile.ts'
import { registerSessions } from './rest/sessions.ts'
import { registerTrips } from './rest/trips.ts'
import { registerVerifyPayment } from './rest/verify-payment.ts'
import { registerSockets } from './sockets/register.ts'

export { webhooks } from './rest/webhooks.ts'

/** The original wire as one plugin, with its own bodies, error forms and routes: `server.register(classic(context))`. */
export function classic(context: ClassicContext) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    answerErrors(app)
    throttleRequests(app, context.platform)
    acceptBodies(app)
    registerAccounts(app, context)
    registerPasswords(app, context)
    registerSessions(app, context)
    registerProfile(app, context)
    registerDrivers(app, context)
    registerTrips(app, context)
    registerPayments(app, context)
    registerVerifyPayment(app, context)
    registerSockets(app, context)
    done()
  }
}
