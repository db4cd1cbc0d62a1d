import { Sync, SyncQuery } from '@toota/contract'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import type { CaughtUp } from './catch-up.ts'
import { eventOf } from './event-stream.ts'
import { sync } from './sync.ts'

/** `GET /v1/sync`: what `/v1/live` tells, for whoever can only ask. `draining` ends the waits when the process stops. */
export function syncRoutes(context: ApiContext, draining: AbortSignal): (api: Api) => void {
  const { platform, access } = context
  return (api) => {
    api.get(
      '/sync',
      {
        onRequest: access.requireRole(),
        schema: {
          tags: ['Live'],
          security: signedIn,
          operationId: 'sync',
          summary: 'What the account was told since',
          description:
            'The same as a `resume` over `/v1/live`: up to 500 events after `seq`, or the state where they cannot be told one by one. Without `epoch` and `seq`: where the stream is now. `waitSeconds` answers as soon as there is an event.',
          querystring: SyncQuery,
          response: { 200: Sync, ...refusals(401) },
        },
      },
      async (request, reply) => {
        const { epoch, seq, waitSeconds } = request.query
        const from = epoch === undefined || seq === undefined ? undefined : { epoch, seq }
        const end =
          waitSeconds === 0
            ? AbortSignal.abort()
            : AbortSignal.any([draining, AbortSignal.timeout(waitSeconds * 1_000), gone(reply)])
        return syncBody(await sync(platform, access.principalOf(request), from, end))
      },
    )
  }
}

function syncBody(caughtUp: CaughtUp): z.input<typeof Sync> {
  const { epoch, seq } = caughtUp
  return caughtUp.recovered
    ? { epoch, seq, recovered: true, events: caughtUp.events.map(eventOf) }
    : { epoch, seq, recovered: false, reset: caughtUp.reset, snapshot: caughtUp.state }
}

/** Aborted when nobody waits for the answer any more. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.on('close', () => controller.abort())
  return controller.signal
}
