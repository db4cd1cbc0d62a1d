import { distanceMeters, type Point } from '../kernel/index.ts'
import { createBreaker } from './breaker.ts'
import { SHORTEST_METERS } from './router-estimate.ts'
import { readAtMost } from './read-at-most.ts'
import type { Route, Router } from './router.ts'

/** Why the next router was asked. `no-route` and `nonsense` come from a service that works, the others from one that does not. */
export type FallbackReason =
  'timeout' | 'unreachable' | 'bad-status' | 'too-large' | 'not-json' | 'resting' | 'no-route' | 'nonsense'

/** `detail` is a status and a word of the service's own catalogue, never its free text. */
export type Failure = { readonly reason: FallbackReason; readonly detail?: string }

/** What a service says; not yet believed. */
export type Measured = { readonly meters: unknown; readonly seconds: unknown }

/** A routing service on HTTP: how it is asked, and how its answer is read. */
export type RoutingService = {
  readonly name: string
  readonly ask: (from: Point, to: Point) => { readonly url: string; readonly init?: RequestInit }
  /** `json` is undefined when the body was none. */
  readonly read: (status: number, json: unknown) => Measured | Failure
}

export type HttpRouterOptions = {
  /** Asked whenever the service has no usable answer. */
  readonly fallback: Router
  /** For the whole exchange; 4,000 by default. */
  readonly timeoutMs?: number
  readonly onFallback?: (failure: Failure) => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

const TIMEOUT_MS = 4_000
const MAX_BODY_BYTES = 1_000_000
const MAX_DURATION_SECONDS = 30 * 24 * 3600
/** Both ends are moved to the nearest road, so a way about this short may come to nothing. */
const SNAP_METERS = 50

/** Routes by a service, by the fallback when it is slow, away or wrong. */
export function httpRouter(
  service: RoutingService,
  { fallback, timeoutMs = TIMEOUT_MS, onFallback, now = () => performance.now() }: HttpRouterOptions,
): Router {
  const breaker = createBreaker(now)
  return {
    async route(from, to, vehicleClass) {
      const isResting = breaker.isResting()
      const answer = isResting ? failed('resting') : await askOnce(service, from, to, timeoutMs)
      if (!isResting) breaker.record(isOutage(answer))
      if (!('reason' in answer)) return answer
      onFallback?.(answer)
      return fallback.route(from, to, vehicleClass)
    },
  }
}

/** One exchange with the service, without a fallback. */
export async function askOnce(
  service: RoutingService,
  from: Point,
  to: Point,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Route | Failure> {
  try {
    const { url, init } = service.ask(from, to)
    // A redirect comes back as its 3xx: the operator named this host and no other.
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await readAtMost(response, MAX_BODY_BYTES)
    if (body === undefined) return failed('too-large')
    const reading = service.read(response.status, parseJson(body.toString('utf8')))
    return 'reason' in reading ? reading : believe(reading, distanceMeters(from, to))
  } catch (error) {
    return failed(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable')
  }
}

export const failed = (reason: FallbackReason, detail?: string): Failure =>
  detail === undefined ? { reason } : { reason, detail }

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOutage = (answer: Route | Failure): boolean =>
  'reason' in answer && answer.reason !== 'no-route' && answer.reason !== 'nonsense'

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A route, unless it cannot be one between points this far apart. */
function believe({ meters, seconds }: Measured, straightMeters: number): Route | Failure {
  if (!isAmount(meters) || !isAmount(seconds)) return failed('nonsense')
  const isTooShort = meters < 0.9 * straightMeters - SNAP_METERS
  const isTooLong = meters > 50 * straightMeters && meters > 1_000_000
  const isTooFast = seconds === 0 && meters > SNAP_METERS
  if (isTooShort || isTooLong || isTooFast || seconds > MAX_DURATION_SECONDS) return failed('nonsense')
  return {
    distanceMeters: Math.max(SHORTEST_METERS, Math.round(meters)),
    durationSeconds: Math.max(1, Math.round(seconds)),
    isEstimated: false,
  }
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
