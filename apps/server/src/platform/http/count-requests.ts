import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.ts'

/** Every request by its route's pattern: what a client wrote into a path never becomes a label. */
export function countRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)')
    const { method } = request
    const status = String(reply.statusCode)
    metrics.count('toota_http_requests_total', { method, route, status })
    // An upgrade ends with its socket, hours later.
    if (!request.ws)
      metrics.observe('toota_http_request_seconds', { method, route }, reply.elapsedTime / 1000)
    done()
  })
}
