import type { FastifyInstance } from 'fastify'

export type Health = {
  /** The reason why no traffic should come here (database away, not migrated, draining), or undefined. */
  readonly notReadyBecause: () => Promise<string | undefined>
}

/** `/healthz`: the process answers. `/readyz`: send traffic here. */
export function registerHealth(server: FastifyInstance, health: Health): void {
  server.get('/healthz', { schema: { hide: true } }, (_request, reply) => reply.send({ status: 'ok' }))
  server.get('/readyz', { schema: { hide: true } }, async (request, reply) => {
    const reason = await health.notReadyBecause().catch((error: unknown) => {
      request.log.error({ err: error }, 'readiness check failed')
      return 'check failed'
    })
    return reason === undefined
      ? reply.send({ status: 'ready' })
      : reply.code(503).header('retry-after', '2').send({ status: 'not ready', reason })
  })
}
