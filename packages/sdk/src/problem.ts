import type { components } from './api-types.ts'

type Problem = components['schemas']['Problem']

/**
 * Why a call failed: a code of the server's catalogue (`/docs/`), or one of the client's own. `network`: no whole answer came;
 * `offline`: this device has no network; `timeout`: none came in time; `unexpected-answer`: an answer that is not the API's, as of a
 * proxy or a hotel's sign-in page; `outbox-full`: too much waits for a connection; `replaced`: a newer connection of this device.
 */
export type ErrorCode =
  Problem['code'] | 'network' | 'offline' | 'timeout' | 'unexpected-answer' | 'outbox-full' | 'replaced'

type Facts = {
  readonly code: ErrorCode
  readonly message: string
  readonly status?: number
  readonly retryable: boolean
  readonly requestId?: string | undefined
  readonly errors?: Problem['errors'] | undefined
  readonly details?: Problem['details'] | undefined
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** What every call of the SDK throws when the server refuses it or cannot be reached. */
export class TootaError extends Error {
  override readonly name = 'TootaError'
  readonly code: ErrorCode
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** Stands in the server's log beside what went wrong. */
  readonly requestId: string | undefined
  /** Each field at fault, by JSON pointer, where the code is `invalid-request`. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  /** Facts that belong to the code. */
  readonly details: Readonly<Record<string, unknown>>
  /** Milliseconds the server asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor(facts: Facts) {
    super(facts.message, { cause: facts.cause })
    this.code = facts.code
    this.status = facts.status ?? 0
    this.retryable = facts.retryable
    this.requestId = facts.requestId
    this.errors = facts.errors ?? []
    this.details = facts.details ?? {}
    this.retryAfterMs = facts.retryAfterMs
  }
}

/** The refusal in an answer; whatever stands before the server may have written it. */
export function refusalOf(response: Response, text: string, nowMs: number): TootaError {
  const { status, headers } = response
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), nowMs)
  const problem = readProblem(text)
  if (problem) return refusedBy(problem, status, retryAfterMs)
  return new TootaError({
    code: 'unexpected-answer',
    message: `Not an answer of the API: HTTP ${status}`,
    status,
    retryable: status === 429 || status >= 500 || response.ok,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs,
  })
}

/** What the server says in its own words. */
export const refusedBy = (problem: Problem, status: number, retryAfterMs?: number): TootaError =>
  new TootaError({ ...problem, message: `${problem.title} (${problem.code})`, status, retryAfterMs })

/** Nobody is signed in, or not any more. */
export const signedOut = (message: string): TootaError =>
  new TootaError({ code: 'not-authenticated', message, status: 401, retryable: false })

function readProblem(text: string): Problem | undefined {
  const value = readJson(text)
  const isProblem =
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'title' in value
  return isProblem ? (value as Problem) : undefined
}

/** What the text says, or undefined when it is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** RFC 9110 §10.2.3: seconds or a date. */
function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
