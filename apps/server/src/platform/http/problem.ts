import { ERRORS, type ErrorCode, type Problem } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Refusal } from '../../kernel/index.ts'
import { logFault, RETRY_AFTER_SECONDS, statusOf } from './faults.ts'

/** The framework's own refusals, by status, as codes of the catalogue. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  500: 'internal',
  503: 'unavailable',
}

/** A problem that was answered before and is answered again as it was. */
export class ProblemAnswer extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** One error of `/v1`, whatever threw it; nothing of the inside is told. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof ProblemAnswer) return error.problem
  if (error instanceof Refusal) return problem(error.code, requestId, { details: error.details })
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: `/${error.validationContext ?? 'body'}${instancePath}`,
      message: message ?? 'is not valid',
    }))
    return problem('invalid-request', requestId, { errors })
  }
  return problem(CODE_OF_STATUS[statusOf(error)] ?? 'invalid-request', requestId)
}

export function problem(
  code: ErrorCode,
  requestId: string,
  { details = {}, errors }: { details?: Problem['details']; errors?: Problem['errors'] } = {},
): Problem {
  const { status, message, retryable } = ERRORS[code]
  return {
    type: `/docs/#${code}`,
    title: message,
    status,
    code,
    retryable,
    requestId,
    ...(errors && { errors }),
    ...(Object.keys(details).length > 0 && { details }),
  }
}

const retryAfter = ({ details }: Problem): string => {
  const seconds = details?.['resetSeconds']
  return typeof seconds === 'number' ? String(seconds) : '1'
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  if (body.status === 401) void reply.header('www-authenticate', 'Bearer realm="toota"')
  if (body.status === 503) void reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  if (body.status === 429) void reply.header('retry-after', retryAfter(body))
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body)
}

/** The error handler of `/v1`. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const body = problemOf(error, request.id)
  if (!(error instanceof Refusal || error instanceof ProblemAnswer)) logFault(error, request, body.status)
  void sendProblem(reply, body)
}
