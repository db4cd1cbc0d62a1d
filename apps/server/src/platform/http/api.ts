import { Problem } from '@toota/contract'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../platform.ts'
import { hideTimes } from './even-time.ts'
import { answerProblem, problem, sendProblem } from './problem.ts'
import { throttleRequests } from './throttling.ts'

/** The scope of `/v1`: typed by its schemas, strict, with problem+json for every error. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

const KEY_LIMIT = 255

/** The product's own API as one plugin: `server.register(api(platform, […routes]), { prefix: '/v1' })`. */
export function api(platform: Pick<Platform, 'throttle'>, routes: readonly ((api: Api) => void)[]) {
  return (scope: FastifyInstance, _options: object, done: () => void): void => {
    scope.setErrorHandler(answerProblem)
    scope.setNotFoundHandler((request, reply) => {
      const allowed = scope.methodsAt(request.url.split('?', 1)[0] ?? '')
      const isKnown = allowed.length > 0 && !allowed.includes(request.method)
      if (isKnown) void reply.header('allow', allowed.join(', '))
      void sendProblem(reply, problem(isKnown ? 'method-not-allowed' : 'not-found', request.id))
    })
    takeBodies(scope)
    throttleRequests(scope, platform)
    hideTimes(scope)
    scope.addHook('onRequest', (_request, reply, next) => {
      void reply.header('cache-control', 'no-store')
      next()
    })
    for (const register of routes) register(scope.withTypeProvider<ZodTypeProvider>())
    done()
  }
}

/** JSON, and pictures as they are; poisoned keys are refused here, since no field of ours is unknown. */
function takeBodies(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error')
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body.toString(), done)
  })
  // Judged by its content; only the route of pictures does anything with it.
  scope.addContentTypeParser(['image/jpeg', 'image/png'], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
}

/** The client's key for a call that must take effect once. Refuses `idempotency-key-missing`. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key.trim() === '' || key.length > KEY_LIMIT || key.includes('\0'))
    throw new Refusal('idempotency-key-missing')
  return key.trim()
}

/** What changes a state that both sides see: with a key, a repeat is answered as the first time, also over the socket. */
export const ACT = { takesKey: 'optional', isCommand: true } as const

const PROBLEM_TEXTS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Sign in first',
  403: 'This account may not do that',
  404: 'Not there, or not yours',
  409: 'Not possible as things stand',
  413: 'Too large',
  415: 'Not JSON',
  422: 'The Idempotency-Key belongs to another request',
  429: 'Too many requests; Retry-After says how long to wait',
  503: 'Away or busy; Retry-After says when to come back',
}

/** The refusals of a route, for its documentation; every route may also answer 400, 429, 500 and 503. */
export const refusals = (...statuses: readonly (keyof typeof PROBLEM_TEXTS)[]) =>
  Object.fromEntries(
    [...new Set([400, ...statuses, 429, 503])].sort().map((status) => [
      status,
      {
        description: PROBLEM_TEXTS[status] ?? 'Refused',
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  )

export const signedIn = [{ bearer: [] }]
