import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorCode } from '../database/index.ts'

// PostgreSQL's classes: connection failure, insufficient resources, operator intervention (shutdown, timeout), and
// a lock that was not had in time. Then what the network, a full disk and the pool say.
const OUTAGE_STATES = /^(08|53|57)|^55P03$/
const OUTAGE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOSPC',
  'EDQUOT',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
])
const OUTAGE_TEXTS =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|not queryable|after calling end|already been destroyed/

/** Whether something we depend on (PostgreSQL, mostly) is away, so that the same request may succeed later. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = errorCode(error)
  if (
    code !== undefined &&
    (OUTAGE_CODES.has(code) || (/^[0-9A-Z]{5}$/.test(code) && OUTAGE_STATES.test(code)))
  )
    return true
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  return OUTAGE_TEXTS.test(error.message)
}

/** Seconds after which a client should try again when we are away or busy. */
export const RETRY_AFTER_SECONDS = 2

/** The status a failed request deserves: the framework's own for a client's fault, else 503 or 500. */
export function statusOf(error: unknown): number {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    const status = error.statusCode
    if (status >= 400 && status < 500) return status
  }
  return isOutage(error) ? 503 : 500
}

/** Logs what is ours; a client's fault is only worth a debug line. */
export function logFault(error: unknown, request: FastifyRequest, status: number): void {
  if (status >= 500) request.log.error({ err: error, status }, 'request failed')
  else request.log.debug({ status }, 'request refused')
}

/** The answer of last resort, for routes outside of any API: a status and the request's id, nothing of the inside. */
export function answerFault(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const status = statusOf(error)
  logFault(error, request, status)
  if (status === 503) void reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  const message =
    status === 503
      ? 'Not available at the moment.'
      : status === 500
        ? 'Something went wrong.'
        : 'The request is not valid.'
  void reply.code(status).send({ message, requestId: request.id })
}
