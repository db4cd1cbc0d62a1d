import type { Config } from '../config.ts'
import type { Logger } from './log.ts'
import { estimateRouter } from './router-estimate.ts'
import { googleService } from './router-google.ts'
import { httpRouter, type RoutingService } from './router-http.ts'
import { osrmService } from './router-osrm.ts'
import type { Router } from './router.ts'

/** The services an operator has set, in the order they are asked. */
export function routingServices({ google, osrmUrl }: Config['routing']): RoutingService[] {
  return [
    ...(google === undefined ? [] : [googleService(google)]),
    ...(osrmUrl === undefined ? [] : [osrmService(osrmUrl)]),
  ]
}

/** The longest that somebody waits for a price, whatever is slow. */
const TIMEOUT_MS = 4_000

/** Each service falls back to the next one, the last to the built-in estimate; each rests on its own. */
export function createRouter(routing: Config['routing'], log: Pick<Logger, 'warn'>): Router {
  const services = routingServices(routing)
  return services.reduceRight<Router>(
    (fallback, service) =>
      httpRouter(service, {
        timeoutMs: TIMEOUT_MS / services.length,
        fallback,
        onFallback: (failure) =>
          log.warn({ service: service.name, ...failure }, 'no route from this service'),
      }),
    estimateRouter,
  )
}
