import { ERRORS } from '@toota/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { AuthenticationFault } from '../../features/accounts/index.ts'
import { Refusal } from '../../kernel/index.ts'
import { logFault, RETRY_AFTER_SECONDS, statusOf } from '../../platform/http/index.ts'
import { errorCode } from '../../platform/database/index.ts'

/** A field-by-field refusal: 400 `{"<field>": ["text", …]}`. */
export class InvalidBody extends Error {
  readonly statusCode = 400
  readonly fields: Readonly<Record<string, readonly string[]>>
  constructor(fields: Readonly<Record<string, readonly string[]>>) {
    super('invalid body')
    this.fields = fields
  }
}

/** One list of texts per top-level field, as the original answers them. */
export function fieldErrors(error: z.ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? 'non_field_errors')
    const texts = (fields[name] ??= [])
    if (!texts.includes(issue.message)) texts.push(issue.message)
  }
  return fields
}

/** 415 in the original's words. */
export class UnsupportedMediaType extends Error {
  readonly statusCode = 415
  readonly mediaType: string
  constructor(mediaType: string) {
    super('unsupported media type')
    this.mediaType = mediaType
  }
}

type Details = Readonly<Record<string, unknown>> | string

/** A business error with a text of its own: `{"error": "text"}`. */
export class ClassicError extends Error {
  readonly statusCode: number
  readonly details: Details | undefined
  constructor(statusCode: number, text: string, details?: Details) {
    super(text)
    this.statusCode = statusCode
    this.details = details
  }
}

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export type RefusalTexts = Partial<
  Record<Refusal['code'], readonly [status: number, text: string] | ((refusal: Refusal) => Error)>
>

/** Runs a use case and puts its refusals into the words of this endpoint; the others go to {@link answerErrors}. */
export async function inWordsOf<T>(texts: RefusalTexts, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const words = error instanceof Refusal ? texts[error.code] : undefined
    if (words === undefined) throw error
    throw typeof words === 'function' ? words(error as Refusal) : new ClassicError(words[0], words[1])
  }
}

/** Every error of the classic REST wire, in the original's forms, each with a `message` for people beside it. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    answerUnknownRoute(request, reply)
  })
  // Before any body is read: what is not there has no media type to complain of.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answerUnknownRoute(request, reply)
    else done()
  })
}

/** For routes that wrap field errors: `{"error": "Invalid input data", "details": {…}}`. A route's errorHandler. */
export function answerInDetails(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const wrapped =
    error instanceof InvalidBody ? new ClassicError(400, 'Invalid input data', error.fields) : error
  answerError(wrapped, request, reply)
}

function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const allowed = request.server.methodsAt(request.url.split('?', 1)[0] ?? '')
  if (allowed.length === 0 || allowed.includes(request.method)) {
    void reply.code(404).send(detail('Not found.'))
  } else {
    void reply
      .code(405)
      .header('allow', allowed.join(', '))
      .send(detail(`Method "${request.method}" not allowed.`))
  }
}

/** The error handler of the classic wire. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = translate(error, request)
  // A business error with a text of its own is an answer, whatever its status.
  if (!(error instanceof ClassicError)) logFault(error, request, status)
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="api"')
  if (status === 503) void reply.header('retry-after', String(RETRY_AFTER_SECONDS))
  if (error instanceof Refusal && error.code === 'too-many-requests')
    void reply.header('retry-after', String(error.details['resetSeconds']))
  void reply.code(status).send(body)
}

const detail = (text: string) => ({ detail: text, message: text })

/** Exported for the sockets, which refuse with the same statuses. */
export function translate(error: unknown, request: Pick<FastifyRequest, 'headers'>): Answer {
  if (error instanceof InvalidBody)
    return { status: 400, body: { ...error.fields, message: firstText(error.fields) } }
  if (error instanceof ClassicError) {
    const details = error.details && { details: error.details }
    return { status: error.statusCode, body: { error: error.message, ...details, message: error.message } }
  }
  if (error instanceof Refusal) return translateRefusal(error)
  const status = statusOf(error)
  if (status === 503) return { status, body: detail('Service temporarily unavailable, try again later.') }
  if (status >= 500) return { status, body: detail('A server error occurred.') }
  if (status === 415) {
    const type =
      error instanceof UnsupportedMediaType ? error.mediaType : (request.headers['content-type'] ?? '')
    return { status, body: detail(`Unsupported media type "${type.slice(0, 100)}" in request.`) }
  }
  if (status === 413) return { status, body: detail('The request body is too large.') }
  const code = errorCode(error) ?? ''
  const isForm = code.startsWith('FST_') && code !== 'FST_ERR_CTP_INVALID_JSON_BODY'
  const reason = error instanceof Error ? error.message : 'malformed'
  if (/multipart/i.test(request.headers['content-type'] ?? ''))
    return { status: 400, body: detail('Multipart form parse error.') }
  return { status, body: detail(isForm ? reason : `JSON parse error - ${reason}`) }
}

function translateRefusal(refusal: Refusal): Answer {
  if (refusal.code === 'not-authenticated') return { status: 401, body: unauthenticatedBody(refusal) }
  const { status, message } = ERRORS[refusal.code]
  if (refusal.code === 'too-many-requests') return { status, body: detail(throttledText(refusal)) }
  if (refusal.code === 'wrong-role')
    return { status, body: detail('You do not have permission to perform this action.') }
  return { status, body: { error: message, message } }
}

/** Exported for the sockets, which say the same. */
export const throttledText = ({ details }: Refusal): string => {
  const seconds = Number(details['resetSeconds'])
  return `Request was throttled. Expected available in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
}

function unauthenticatedBody(refusal: Refusal): Record<string, unknown> {
  const kind = refusal.details['kind'] as AuthenticationFault | 'refresh-invalid'
  switch (kind) {
    case 'missing':
      return detail('Authentication credentials were not provided.')
    case 'account-gone':
      return { ...detail('Error fetching user: no active account for this token.'), code: 'token_not_valid' }
    case 'refresh-invalid':
      return { ...detail('Token is invalid or expired'), code: 'token_not_valid' }
    case 'invalid':
    case 'wrong-type': {
      const text = kind === 'invalid' ? 'Token is invalid or expired' : 'Token has wrong type'
      return {
        ...detail('Given token not valid for any token type'),
        code: 'token_not_valid',
        messages: [{ token_class: 'AccessToken', token_type: 'access', message: text }],
      }
    }
  }
}

const firstText = (fields: InvalidBody['fields']): string => {
  const [name, texts] = Object.entries(fields)[0] ?? ['', []]
  const text = texts[0] ?? 'The request is not valid.'
  return name === 'non_field_errors' ? text : `${name}: ${text}`
}
