import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { findAsset } from './assets.ts'
import { redocPage, swaggerPage } from './pages.ts'

export type DocsOptions = {
  readonly title: string
  readonly version: string
  /** Markdown above the operations: what OpenAPI cannot say, such as the sockets. */
  readonly description?: string
  /** In the order in which a reader should meet them. */
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
}

// Both viewers style inline and draw data: images; Redoc searches in a worker made from a blob. Nothing comes from elsewhere.
const CONTENT_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data: blob:",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'worker-src blob:',
].join('; ')

/**
 * OpenAPI 3.1 from the Zod schemas of all routes registered after this, at /swagger.json and /swagger.yaml, with Swagger UI
 * (/swagger/, /swagger-docs/) and Redoc (/redoc/). Relies on `ignoreTrailingSlash`. A route that needs a token says
 * `schema: { security: [{ bearer: [] }] }`; `schema: { hide: true }` leaves it out.
 */
export async function registerDocs(app: FastifyInstance, options: DocsOptions): Promise<void> {
  const { title, version, description, tags } = options
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, ...(description === undefined ? {} : { description }) },
      servers: [{ url: '/' }],
      ...(tags === undefined ? {} : { tags: [...tags] }),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })

  const route = { schema: { hide: true } }
  for (const path of ['/swagger/', '/swagger-docs/']) {
    app.get(path, route, (_request, reply) => sendPage(reply, swaggerPage(title)))
  }
  app.get('/redoc/', route, (_request, reply) => sendPage(reply, redocPage(title)))
  app.get('/swagger.json', route, (_request, reply) =>
    sendText(reply, 'application/json; charset=utf-8', JSON.stringify(app.swagger())),
  )
  app.get('/swagger.yaml', route, (_request, reply) =>
    sendText(reply, 'application/yaml; charset=utf-8', app.swagger({ yaml: true })),
  )
  app.get<{ Params: { name: string } }>('/docs-assets/:name', route, sendAsset)
}

const sendText = (reply: FastifyReply, type: string, text: string) =>
  reply.header('cache-control', 'no-cache').type(type).send(text)

const sendPage = (reply: FastifyReply, html: string) =>
  sendText(reply.header('content-security-policy', CONTENT_POLICY), 'text/html; charset=utf-8', html)

async function sendAsset(request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply) {
  const asset = await findAsset(request.params.name)
  if (asset === undefined) {
    reply.callNotFound()
    return reply
  }
  void reply.header('cache-control', 'no-cache').header('etag', asset.etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
  void reply.type(asset.type)
  const isGzipWelcome = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (!isGzipWelcome) return reply.send(asset.plain)
  return reply.header('content-encoding', 'gzip').send(asset.gzipped)
}
