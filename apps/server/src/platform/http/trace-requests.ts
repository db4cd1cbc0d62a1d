import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openServerSpan, within, type OpenSpan } from '../tracing.ts'

/** A span per request, named by its route's pattern. Sockets have none: theirs would last for hours. */
export function traceRequests(server: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>()

  server.addHook('onRequest', (request, _reply, done) => {
    const span = request.ws ? undefined : openServerSpan(request.method, request.headers)
    if (!span) {
      done()
      return
    }
    spans.set(request, span)
    within(span, done)
  })
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)')
    const status = reply.statusCode
    spans.get(request)?.end(
      `${request.method} ${route}`,
      {
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': status,
        'toota.request_id': request.id,
      },
      status >= 500,
    )
    done()
  })
}
