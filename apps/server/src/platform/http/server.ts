import cors from '@fastify/cors'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Metrics } from '../metrics.ts'
import { answerFault } from './faults.ts'
import { countRequests } from './count-requests.ts'
import { forgetHandshakes } from './forget-handshakes.ts'
import { registerHealth, type Health } from './health.ts'
import { watchRoutes } from './routes.ts'
import { traceRequests } from './trace-requests.ts'

export type HttpServerOptions = {
  readonly log: FastifyBaseLogger
  /** `any` echoes every origin (DEBUG); otherwise exactly these. */
  readonly corsOrigins: 'any' | readonly string[]
  /** Reverse proxies in front of this process whose X-Forwarded-For is believed. */
  readonly trustProxyHops: number
  readonly health: Health
  readonly metrics: Metrics
  /** Bytes of a JSON or form body. */
  readonly bodyLimit?: number
}

const BODY_LIMIT = 64 * 1024
const FRAME_LIMIT = 16 * 1024

/** The HTTP edge without any route of the product: limits, headers, logs, health. Answers once its plugins are loaded. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: options.log,
    // The framework's own lines hold the whole URL and the client's address; see logRequests.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (_address, hop) => hop < options.trustProxyHops,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    // Poisoned keys are dropped: a client's strange field is no reason to refuse the others.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    // Four pictures over 3G; a form that stalls is cut much sooner (classic/rest/uploads.ts).
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000 },
    clientErrorHandler: answerClientError,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // Long enough that a nonsense id reaches its route and is answered in its words.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 2_000 },
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : nowhereBelow(url)),
    frameworkErrors: (error, request, reply) => answerFault(error, request, reply),
  })
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  server.setErrorHandler(answerFault)

  await server.register(cors, {
    origin: options.corsOrigins === 'any' ? true : [...options.corsOrigins],
    credentials: true,
    methods: ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
    allowedHeaders: CORS_HEADERS,
    exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy'],
    maxAge: 86_400,
    strictPreflight: false,
  })
  await server.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY } })
  await server.register(formbody)
  // Files are read past, never kept; the limits bound what one request may make us parse.
  await server.register(multipart, { throwFileSizeLimit: false, limits: MULTIPART_LIMITS })
  await server.register(websocket, {
    options: { maxPayload: FRAME_LIMIT, handleProtocols: chooseProtocol },
  })
  forgetHandshakes(server)
  watchRoutes(server)
  checkSocketOrigins(server, options.corsOrigins)
  traceRequests(server)
  logRequests(server)
  countRequests(server, options.metrics)
  registerHealth(server, options.health)
  return server
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '')
    return true
  } catch {
    return false
  }
}

/** Deeper than any route, in the same API: a path that nobody can decode is not there, in that API's words. */
const nowhereBelow = (url: string): string => `/${/^\/(\w*)/.exec(url)?.[1] ?? ''}${'/-'.repeat(12)}`

/** Ours where it is offered; the old sockets answer the first one, as ever. */
const chooseProtocol = (offered: ReadonlySet<string>): string | false =>
  offered.has('toota.v1') ? 'toota.v1' : ([...offered][0] ?? false)

/** What never became a request: too slow, or no HTTP. Said as everything else, since clients read JSON only. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const text = isSlow ? 'The request took too long.' : 'The request is not valid.'
  const body = JSON.stringify({ detail: text, message: text })
  const head = `HTTP/1.1 ${isSlow ? '408 Request Timeout' : '400 Bad Request'}`
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else
    socket.end(
      `${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
}

const CORS_HEADERS = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-type',
  'dnt',
  'idempotency-key',
  'origin',
  'user-agent',
  'x-csrftoken',
  'x-requested-with',
]

// The API reference needs inline styles, data: images and a blob: worker; nothing is loaded from elsewhere.
const CONTENT_POLICY = {
  defaultSrc: ["'self'"],
  baseUri: ["'self'"],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  fontSrc: ["'self'", 'data:'],
  frameAncestors: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  objectSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  workerSrc: ["'self'", 'blob:'],
}

const MULTIPART_LIMITS = {
  fields: 30,
  files: 6,
  parts: 36,
  fieldSize: 16 * 1024,
  fieldNameSize: 100,
  headerPairs: 40,
}

/**
 * Web pages open sockets without asking CORS, so a foreign page is refused here. Native clients send no origin, or that
 * of the server they call.
 */
function checkSocketOrigins(server: FastifyInstance, allowed: HttpServerOptions['corsOrigins']): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin, host } = request.headers
    const isWelcome =
      !request.ws ||
      origin === undefined ||
      allowed === 'any' ||
      allowed.includes(origin) ||
      (URL.canParse(origin) && new URL(origin).host === host)
    if (isWelcome) done()
    else void reply.code(403).send({ detail: 'Forbidden', message: 'Forbidden' })
  })
}

/** One line per request. The path is logged without its query, and neither headers nor bodies are. */
function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    done()
  })
  server.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request
    // A path that no route knows may hold anything; so may nothing else of ours.
    const path = request.is404 ? '(no such route)' : url.split('?', 1)[0]
    request.log.info({ method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request')
    done()
  })
}
