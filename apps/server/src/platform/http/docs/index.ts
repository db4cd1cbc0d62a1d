import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { assetOf, findAsset, type Asset } from './assets.ts'
import { asyncApiOf } from './async-api.ts'
import { registerDocuments, type DocumentInfo } from './documents.ts'
import { LIVE_SOCKET } from './live-socket.ts'
import { redocPage, swaggerPage } from './pages.ts'
import { referencePage } from './reference-page.ts'
import type { SocketDoc } from './socket-doc.ts'

export type { JsonSchema, OpenApi } from './open-api.ts'
export type { SocketDoc, Wire } from './socket-doc.ts'

export type DocsOptions = {
  readonly product: DocumentInfo
  readonly classic: DocumentInfo
  /** Of the classic wire. */
  readonly sockets: readonly SocketDoc[]
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

const REFERENCE_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'img-src data:',
  "script-src 'self'",
  "style-src 'self'",
].join('; ')

const HTML = 'text/html; charset=utf-8'
const JSON_TEXT = 'application/json; charset=utf-8'
const route = { schema: { hide: true } }

/**
 * The documents of both wires and their readers. Of `/v1`: `/docs/openapi.json`; of all sockets: `/docs/asyncapi.json`; both
 * to read at `/docs/`. Of the classic wire: `/swagger.json`, `/swagger.yaml`, Swagger UI (/swagger/, /swagger-docs/) and Redoc
 * (/redoc/). Relies on `ignoreTrailingSlash`. A route that needs a token says `schema: { security: [{ bearer: [] }] }`;
 * `schema: { hide: true }` leaves it out.
 */
export async function registerDocs(
  app: FastifyInstance,
  { product, classic, sockets }: DocsOptions,
): Promise<void> {
  await registerDocuments(app, { product, classic })
  registerReaders(app, classic.title)
  const all = [LIVE_SOCKET, ...sockets]
  // Made when the routes are known, and once.
  const pages: Readonly<Record<string, () => Promise<Asset>>> = {
    '/docs/': once(() => assetOf(HTML, referencePage(app.productDocument(), all))),
    '/docs/openapi.json': once(() => assetOf(JSON_TEXT, JSON.stringify(app.productDocument()))),
    '/docs/asyncapi.json': once(() => assetOf(JSON_TEXT, JSON.stringify(asyncApiOf(product, all)))),
  }
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, route, async (request, reply) => {
      void reply.header('content-security-policy', REFERENCE_POLICY)
      return sendAsset(request, reply, await page())
    })
  }
  app.get<{ Params: { name: string } }>('/docs-assets/:name', route, async (request, reply) => {
    const asset = await findAsset(request.params.name)
    if (asset) return sendAsset(request, reply, asset)
    reply.callNotFound()
    return reply
  })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

function registerReaders(app: FastifyInstance, title: string): void {
  for (const path of ['/swagger/', '/swagger-docs/']) {
    app.get(path, route, (_request, reply) => sendPage(reply, swaggerPage(title)))
  }
  app.get('/redoc/', route, (_request, reply) => sendPage(reply, redocPage(title)))
  app.get('/swagger.json', route, (_request, reply) =>
    sendText(reply, JSON_TEXT, JSON.stringify(app.swagger())),
  )
  app.get('/swagger.yaml', route, (_request, reply) =>
    sendText(reply, 'application/yaml; charset=utf-8', app.swagger({ yaml: true })),
  )
}

const sendText = (reply: FastifyReply, type: string, text: string) =>
  reply.header('cache-control', 'no-cache').type(type).send(text)

const sendPage = (reply: FastifyReply, html: string) =>
  sendText(reply.header('content-security-policy', CONTENT_POLICY), HTML, html)

function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset) {
  void reply.header('cache-control', 'no-cache').header('etag', asset.etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
  void reply.type(asset.type)
  const isGzipWelcome = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (!isGzipWelcome) return reply.send(asset.plain)
  return reply.header('content-encoding', 'gzip').send(asset.gzipped)
}
