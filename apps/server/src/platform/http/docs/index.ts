import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findAsset } from './assets.ts'
import { registerDocuments, type DocumentInfo } from './documents.ts'
import { redocPage, swaggerPage } from './pages.ts'

export type { OpenApi } from './open-api.ts'

export type DocsOptions = {
  readonly product: DocumentInfo
  readonly classic: DocumentInfo
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
 * The documents of both wires and their readers: `/docs/openapi.json` of `/v1`; `/swagger.json`, `/swagger.yaml`, Swagger UI
 * (/swagger/, /swagger-docs/) and Redoc (/redoc/) of the classic wire. Relies on `ignoreTrailingSlash`. A route that needs a
 * token says `schema: { security: [{ bearer: [] }] }`; `schema: { hide: true }` leaves it out.
 */
export async function registerDocs(app: FastifyInstance, { product, classic }: DocsOptions): Promise<void> {
  await registerDocuments(app, { product, classic })
  const { title } = classic

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
  app.get('/docs/openapi.json', route, (_request, reply) =>
    sendText(reply, 'application/json; charset=utf-8', JSON.stringify(app.productDocument())),
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
