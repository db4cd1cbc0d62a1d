import type { FastifyInstance } from 'fastify'
import type { ClassicContext } from './context.ts'
import { acceptBodies } from './rest/bodies.ts'
import { answerErrors } from './rest/errors.ts'

/** The original wire as one plugin, with its own bodies, error forms and routes: `server.register(classic(context))`. */
export function classic(_context: ClassicContext) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    answerErrors(app)
    acceptBodies(app)
    done()
  }
}
