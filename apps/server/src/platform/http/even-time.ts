import type { FastifyInstance } from 'fastify'
import { setTimeout as delay } from 'node:timers/promises'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyContextConfig {
    /** Its answers say the same for an address with and without an account, and must not come sooner for one of them. */
    hidesTime?: boolean
  }
}

/** Longer than the work behind such a route takes: a hash and a commit. */
const STEP_MS = 250

/** Routes that hide their time answer at the next full step after the request came. */
export function hideTimes(scope: FastifyInstance): void {
  scope.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.config.hidesTime) await delay(STEP_MS - (reply.elapsedTime % STEP_MS))
  })
}
