import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './api-types.ts'
import { pause } from './pause.ts'
import { readJson, refusalOf, TootaError } from './problem.ts'

/** As much of `fetch` as is used; the global one fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How long a call may go on trying. */
export type Patience = {
  readonly attempts: number
  /** Milliseconds from the first attempt to the beginning of the last. */
  readonly withinMs: number
  /** Milliseconds one attempt may take. */
  readonly attemptMs: number
}

export const PATIENCE: Patience = { attempts: 5, withinMs: 30_000, attemptMs: 15_000 }

export type HttpOptions = {
  readonly baseUrl: string
  readonly fetch: Fetch
  readonly patience: Patience
  readonly now: () => number
  readonly random: () => number
}

/** Who speaks: gives the access token, and another one when the server refuses it. */
export type Speaker = {
  accessToken(): Promise<string>
  renew(refused: string): Promise<string>
}

/** The typed calls of `/v1`. What they answer is a success; everything else is thrown. */
export type Http = Client<paths>

/** For people without a session. */
const OPEN: ReadonlySet<string> = new Set<keyof paths>([
  '/v1/accounts',
  '/v1/accounts/codes',
  '/v1/accounts/verification',
  '/v1/password-resets',
  '/v1/password-resets/completion',
  '/v1/sessions/refresh',
])
const isOpen = (method: string, path: string): boolean =>
  OPEN.has(path) || (method === 'POST' && path === '/v1/sessions')

/** POSTs without a key that change nothing when they arrive twice. */
const REPEATABLE: ReadonlySet<string> = new Set<keyof paths>([
  '/v1/sessions/refresh',
  '/v1/tickets',
  '/v1/pictures/{place}',
  '/v1/trips/{tripId}/cancellation',
  '/v1/trips/{tripId}/status',
  '/v1/trips/{tripId}/cash-receipt',
  '/v1/trips/{tripId}/cash-confirmation',
  '/v1/trips/{tripId}/payment/check',
  '/v1/offers/{offerId}/acceptance',
  '/v1/offers/{offerId}/rejection',
  '/v1/drivers/{driverId}/approval',
])
const isRepeatable = ({ method, headers }: Request, path: string): boolean =>
  method !== 'POST' || headers.has('idempotency-key') || REPEATABLE.has(path)

const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])
const FIRST_DELAY_MS = 300
const LONGEST_DELAY_MS = 8_000
/** The server has waited for the payment service by then, and somebody waits before a screen. */
const GATEWAY_ATTEMPTS = 3
const PDF = 'application/pdf'

/** For a call that creates something: the same at each repeat, so that it is done once. */
export const keyed = (key: string | undefined): { 'Idempotency-Key': string } => ({
  'Idempotency-Key': key ?? crypto.randomUUID(),
})

/** For a call that answers a PDF, as a Blob. */
export const ASK_FOR_PDF = { parseAs: 'blob', headers: { accept: PDF } } as const

/** The calls of `/v1`, repeated where that is safe, with the token of whoever speaks. */
export function createHttp(options: HttpOptions, speaker: Speaker): Http {
  const client = createClient<paths>({ baseUrl: options.baseUrl })
  client.use({ onRequest: ({ request, schemaPath }) => send(options, speaker, request, schemaPath) })
  return client
}

async function send(
  options: HttpOptions,
  speaker: Speaker,
  request: Request,
  path: string,
): Promise<Response> {
  const { patience, now, random } = options
  const { method, signal } = request
  const body = method === 'GET' || method === 'DELETE' ? undefined : await request.arrayBuffer()
  const mayRepeat = isRepeatable(request, path)
  const giveUpAtMs = now() + patience.withinMs
  let renewed: string | undefined

  for (let attempt = 1; ; attempt++) {
    const token = isOpen(method, path) ? undefined : (renewed ?? (await speaker.accessToken()))
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`)
    try {
      return await attemptOnce(options, request, body)
    } catch (error) {
      if (!(error instanceof TootaError)) throw error
      if (error.code === 'not-authenticated' && token !== undefined && renewed === undefined) {
        renewed = await speaker.renew(token)
        continue
      }
      const longestMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
      const waitMs = (error.retryAfterMs ?? 0) + random() * longestMs
      const isLast = attempt >= attemptsFor(error, patience) || now() + waitMs > giveUpAtMs
      if (isLast || !isWorthRepeating(error, mayRepeat)) throw error
      await pause(waitMs, signal)
    }
  }
}

const attemptsFor = ({ code }: TootaError, { attempts }: Patience): number =>
  code === 'gateway-unavailable' ? Math.min(attempts, GATEWAY_ATTEMPTS) : attempts

/** A call that may have been taken is repeated only where a second arrival changes nothing. */
function isWorthRepeating(error: TootaError, mayRepeat: boolean): boolean {
  if (!error.retryable) return false
  if (error.status === 429 || error.code === 'request-in-flight' || wasNotSent(error)) return true
  const isUnsettled = error.status < 300 || [502, 503, 504].includes(error.status)
  return mayRepeat && isUnsettled
}

/** Where the platform tells: there was no connection, so nothing was taken. */
export function wasNotSent(error: unknown): boolean {
  if (!(error instanceof TootaError)) return false
  const inner = error.cause instanceof Error ? error.cause.cause : undefined
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : undefined
  return error.code === 'offline' || NO_CONNECTION.has(code)
}

/** One whole answer: read to its end, so that a torn one counts as none. */
async function attemptOnce(
  { fetch, patience, now }: HttpOptions,
  { url, method, headers, signal }: Request,
  body: ArrayBuffer | undefined,
): Promise<Response> {
  const stop = new AbortController()
  const giveUp = (): void => stop.abort(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp)
  const timer = setTimeout(() => stop.abort(), patience.attemptMs)
  try {
    const hasBody = body !== undefined && body.byteLength > 0
    const response = await fetch(url, { method, headers, signal: stop.signal, ...(hasBody && { body }) })
    return await whole(response, headers.get('accept') === PDF, now())
  } catch (error) {
    if (error instanceof TootaError) throw error
    if (signal.aborted) throw signal.reason
    throw new TootaError(
      stop.signal.aborted
        ? { code: 'timeout', message: `No answer within ${patience.attemptMs} ms`, retryable: true }
        : { code: 'network', message: 'The server could not be reached', retryable: true, cause: error },
    )
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

/** A success with the JSON, or the PDF, that it promises. Throws everything else. */
async function whole(response: Response, isPdf: boolean, nowMs: number): Promise<Response> {
  const { status, headers, ok } = response
  const type = headers.get('content-type') ?? ''
  if (ok && isPdf && type.includes(PDF)) return success(status, PDF, await response.blob())
  const text = await response.text()
  if (status === 204) return new Response(null, { status })
  const isOurs = ok && !isPdf && type.includes('json') && readJson(text) !== undefined
  if (!isOurs) throw refusalOf(response, text, nowMs)
  return success(status, 'application/json', text)
}

const success = (status: number, type: string, body: string | Blob): Response =>
  new Response(body, { status, headers: { 'content-type': type } })

type Outcome<Data> = { readonly data: Data } | { readonly data?: never; readonly error: unknown }

/** What a call of {@link Http} answered; refusals have been thrown by then. */
export async function answerOf<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data } = await call
  return data as Data
}
