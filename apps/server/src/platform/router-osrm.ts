import { distanceMeters, type Point } from '../kernel/index.ts'
import { SHORTEST_METERS } from './router-estimate.ts'
import type { Route, Router } from './router.ts'

/** Why the estimate was used. `no-route` and `nonsense` come from a service that works, the others from one that does not. */
export type FallbackReason =
  'timeout' | 'unreachable' | 'bad-status' | 'too-large' | 'not-json' | 'resting' | 'no-route' | 'nonsense'

export type OsrmOptions = {
  /** For example `http://127.0.0.1:5000`; a path is kept. */
  readonly baseUrl: string
  /** For the whole exchange; 4,000 by default. */
  readonly timeoutMs?: number
  /** Used whenever OSRM has no usable answer. */
  readonly fallback: Router
  readonly onFallback?: (reason: FallbackReason) => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

type Answer = Route | FallbackReason

const MAX_BODY_BYTES = 1_000_000
const FAILURES_BEFORE_REST = 3
const REST_MS = 30_000
const MAX_DURATION_SECONDS = 30 * 24 * 3600

/** Routes by an OSRM server, by the estimate when it is slow, away or wrong. */
export function osrmRouter({
  baseUrl,
  timeoutMs = 4_000,
  fallback,
  onFallback,
  now = () => performance.now(),
}: OsrmOptions): Router {
  const base = baseUrl.replace(/\/+$/, '')
  const breaker = createBreaker(now)

  return {
    async route(from, to, vehicleClass) {
      const answer = breaker.isResting()
        ? 'resting'
        : await ask(urlOf(base, from, to), timeoutMs, distanceMeters(from, to))
      if (answer !== 'resting') breaker.record(isOutage(answer))
      if (typeof answer !== 'string') return answer
      onFallback?.(answer)
      return fallback.route(from, to, vehicleClass)
    },
  }
}

const isOutage = (answer: Answer): boolean =>
  typeof answer === 'string' && answer !== 'no-route' && answer !== 'nonsense'

/** Spares callers the wait for a dead service: after some failures in a row it rests, then one request tries again. */
function createBreaker(now: () => number) {
  let failures = 0
  let restsUntil = 0
  return {
    isResting(): boolean {
      if (failures < FAILURES_BEFORE_REST) return false
      if (now() < restsUntil) return true
      // This caller is the probe; the others rest on until its outcome is known.
      restsUntil = now() + REST_MS
      return false
    },
    record(hasFailed: boolean): void {
      failures = hasFailed ? failures + 1 : 0
      if (failures >= FAILURES_BEFORE_REST) restsUntil = now() + REST_MS
    },
  }
}

// toFixed, since small numbers would print as 1e-7; 6 decimals are 11 cm.
const positionOf = ({ latitude, longitude }: Point): string =>
  `${longitude.toFixed(6)},${latitude.toFixed(6)}`

const urlOf = (base: string, from: Point, to: Point): string =>
  `${base}/route/v1/driving/${positionOf(from)};${positionOf(to)}?overview=false`

async function ask(url: string, timeoutMs: number, straightMeters: number): Promise<Answer> {
  try {
    // A redirect comes back as its 3xx: the operator named this host and no other.
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    // OSRM says 400 with a code when there is no way between two points.
    if (response.status !== 200 && response.status !== 400) return await refuse(response, 'bad-status')
    const text = await readAtMost(response, MAX_BODY_BYTES)
    if (text === undefined) return 'too-large'
    const reply = parseReply(text)
    if (!reply) return response.status === 200 ? 'not-json' : 'bad-status'
    return response.status === 200 && reply.code === 'Ok' ? toRoute(reply, straightMeters) : 'no-route'
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable'
  }
}

async function refuse(response: Response, reason: FallbackReason): Promise<FallbackReason> {
  await response.body?.cancel()
  return reason
}

/** The body as text, or undefined once it is longer than `limit` bytes; the rest is then not read. */
async function readAtMost({ body }: Response, limit: number): Promise<string | undefined> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

type Reply = { readonly code: string; readonly routes?: unknown }

function parseReply(text: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && typeof value['code'] === 'string'
      ? { code: value['code'], routes: value['routes'] }
      : undefined
  } catch {
    return undefined
  }
}

function toRoute({ routes }: Reply, straightMeters: number): Answer {
  const first: unknown = Array.isArray(routes) ? routes[0] : undefined
  if (!isRecord(first)) return 'nonsense'
  const { distance, duration } = first
  if (!isPositive(distance) || !isPositive(duration) || duration > MAX_DURATION_SECONDS) return 'nonsense'
  const isTooShort = distance < 0.9 * straightMeters
  const isTooLong = distance > 50 * straightMeters && distance > 1_000_000
  if (isTooShort || isTooLong) return 'nonsense'
  return {
    distanceMeters: Math.max(SHORTEST_METERS, Math.round(distance)),
    durationSeconds: Math.max(1, Math.round(duration)),
    isEstimated: false,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isPositive = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
