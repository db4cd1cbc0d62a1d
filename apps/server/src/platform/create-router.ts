import type { Logger } from './log.ts'
import { estimateRouter } from './router-estimate.ts'
import { osrmRouter } from './router-osrm.ts'
import type { Router } from './router.ts'

/** OSRM where an operator runs one, the built-in estimate otherwise and whenever OSRM fails. */
export function createRouter(osrmUrl: string | undefined, log: Logger): Router {
  if (osrmUrl === undefined) return estimateRouter
  return osrmRouter({
    baseUrl: osrmUrl,
    fallback: estimateRouter,
    onFallback: (reason) => log.warn({ reason }, 'route estimated'),
  })
}
