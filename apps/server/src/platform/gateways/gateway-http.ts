import type { GatewayName } from '@toota/contract'
import type { z } from 'zod'
import { createBreaker } from '../breaker.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { readAtMost } from '../read-at-most.ts'
import type { Outcome } from './gateway.ts'
import { SpanKind, traced, traceHeaders } from '../tracing.ts'
import { refused, unknown } from './outcome.ts'

/** What every gateway's client is made of. */
export type ClientOptions = {
  /** Without a slash at the end. The operator names it, and no answer can lead anywhere else. */
  readonly baseUrl: string
  readonly secretKey: string
  readonly log: Pick<Logger, 'warn'>
  readonly metrics?: Metrics | undefined
  /** For a whole exchange, its body included; 10,000 by default, Flutterwave 30,000. */
  readonly timeoutMs?: number
  /** For the windows of lists and for the age of keys. */
  readonly clock?: Clock
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** One request. `name` is for the log. */
export type Call = {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** Whether a body is an answer of the gateway's, an error of its own, or (undefined) nothing that it would say. */
export type Verdict = (json: unknown) => 'answer' | { readonly error: string } | undefined

/** What came of one request. `status` is HTTP's. */
export type Reply<T> =
  | { readonly reply: 'read'; readonly value: T; readonly status: number }
  | { readonly reply: 'refused'; readonly reason: string; readonly status: number }
  | { readonly reply: 'unknown'; readonly reason: string }

export type GatewayHttp = {
  readonly clock: Clock
  /** One exchange, never repeated: whether it may be is the caller's knowledge. */
  ask<T>(call: Call, schema: z.ZodType<T>): Promise<Reply<T>>
}

/** The breaker's reason: nothing was sent. */
export const RESTING = 'resting'

const TIMEOUT_MS = 10_000
const MAX_BODY_BYTES = 1_000_000
/** Refusals that say nothing about the matter itself: too slow, in progress elsewhere, too many. */
const UNDECIDED = new Set([408, 409, 425, 429])

type Heard = { readonly status: number; readonly json: unknown }
/** `isOutage`: the service as a whole is away; three in a row rest it. */
type Unheard = { readonly reason: string; readonly isOutage: boolean }

/** One gateway's API: authenticated, bounded in time and size, and left alone while it is away. */
export function gatewayHttp(name: GatewayName, verdict: Verdict, options: ClientOptions): GatewayHttp {
  const { log, metrics, clock = systemClock, now = () => performance.now() } = options
  const breaker = createBreaker(now)
  metrics?.gauge('toota_gateway_resting', () => [
    { labels: { gateway: name }, value: breaker.rests() ? 1 : 0 },
  ])
  return {
    clock,
    async ask(call, schema) {
      const startedAt = performance.now()
      const isResting = breaker.isResting()
      const answer = isResting
        ? { reason: RESTING, isOutage: true }
        : await traced(`${name} ${call.name}`, SpanKind.CLIENT, { 'toota.gateway': name }, () =>
            exchange(call, options),
          )
      if (!isResting) breaker.record('isOutage' in answer && answer.isOutage)
      const reply = read(answer, verdict, schema, options.secretKey)
      const labels = { gateway: name, op: call.name, outcome: isResting ? RESTING : reply.reply }
      metrics?.observe('toota_gateway_seconds', labels, (performance.now() - startedAt) / 1000)
      // What a gateway refuses is an answer, and often an expected one; that it refuses our key is not.
      const isKeyRefused = reply.reply === 'refused' && (reply.status === 401 || reply.status === 403)
      if (reply.reply === 'unknown' || isKeyRefused)
        log.warn({ gateway: name, call: call.name, reason: reply.reason }, 'no answer from a payment gateway')
      return reply
    },
  }
}

async function exchange(
  call: Call,
  { baseUrl, secretKey, timeoutMs = TIMEOUT_MS }: ClientOptions,
): Promise<Heard | Unheard> {
  try {
    const response = await fetch(baseUrl + call.path, {
      method: call.method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        accept: 'application/json',
        ...(call.body && { 'content-type': 'application/json' }),
        ...call.headers,
        ...traceHeaders(),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      // A redirect comes back as its 3xx: the key goes to the host that the operator named, and to no other.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await readAtMost(response, MAX_BODY_BYTES)
    return body === undefined
      ? { reason: 'too-large', isOutage: true }
      : heard(response.status, body.toString('utf8'))
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return { reason: isLate ? 'timeout' : 'unreachable', isOutage: true }
  }
}

function heard(status: number, text: string): Heard | Unheard {
  const isSuccess = status >= 200 && status <= 299
  const isRefusal = status >= 400 && status <= 499 && !UNDECIDED.has(status)
  if (!isSuccess && !isRefusal)
    return { reason: `bad-status ${status}`, isOutage: status < 400 || status >= 500 }
  try {
    return { status, json: JSON.parse(text) as unknown }
  } catch {
    // Their proxy's page, or a captive portal's.
    return { reason: isSuccess ? 'not-json' : `bad-status ${status}`, isOutage: isSuccess }
  }
}

function read<T>(
  answer: Heard | Unheard,
  verdict: Verdict,
  schema: z.ZodType<T>,
  secretKey: string,
): Reply<T> {
  if ('reason' in answer) return { reply: 'unknown', reason: answer.reason }
  const { status, json } = answer
  const isSuccess = status <= 299
  const judged = verdict(json)
  if (judged === undefined)
    return { reply: 'unknown', reason: isSuccess ? 'unreadable' : `bad-status ${status}` }
  if (judged !== 'answer') {
    const reason = wordsOf(judged.error, secretKey)
    // An error within a 200 contradicts itself; which half is true, only asking can tell.
    return isSuccess
      ? { reply: 'unknown', reason: `error in 200: ${reason}`.slice(0, LONGEST_REASON) }
      : { reply: 'refused', reason, status }
  }
  const parsed = isSuccess ? schema.safeParse(json) : undefined
  return parsed?.success
    ? { reply: 'read', value: parsed.data, status }
    : { reply: 'unknown', reason: isSuccess ? 'unreadable' : `bad-status ${status}` }
}

const LONGEST_REASON = 200

/** The gateway's own words without what may be somebody's: keys, addresses, numbers; one line, at most 200 characters. */
export function wordsOf(text: string, secretKey: string): string {
  const words = text
    .replaceAll(secretKey, '…')
    .slice(0, 2_000)
    .replace(/\b(?:(?:sk|pk|whsec)_|FLW(?:SEC|PUB)K)[\w-]*/gi, '…')
    .replace(/https?:\S+/gi, '…')
    .replace(/\S*@\S*/g, '…')
    .replace(/\d[\d -]{4,}\d/g, '…')
    .replace(/[^\p{L}\p{N} .,:;'()/_…-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words === '' ? 'no reason given' : words.slice(0, LONGEST_REASON)
}

/** What nothing else is known about: refused is refused, unknown is unknown. */
export function outcomeOf<T, U>(reply: Reply<T>, use: (value: T, status: number) => Outcome<U>): Outcome<U> {
  if (reply.reply === 'read') return use(reply.value, reply.status)
  return reply.reply === 'refused' ? refused(reply.reason) : unknown(reply.reason)
}
