import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const YEAR_SECONDS = 31_536_000

const CONTENT_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
].join('; ')

/**
 * Serves the built web pages: `/` and one address per file in `distDir`, so that any other path stays free for the API and
 * its own not-found answer. False, and no route, when the pages were not built.
 */
export async function registerWeb(app: FastifyInstance, distDir: string): Promise<boolean> {
  if (!existsSync(join(distDir, 'index.html'))) return false
  await app.register(async (pages) => {
    pages.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    pages.addHook('onSend', (request, reply, _payload, done) => {
      const isHashed = request.url.startsWith('/assets/') && reply.statusCode < 400
      void reply
        .header('content-security-policy', CONTENT_POLICY)
        .header('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
      done()
    })
    await pages.register(fastifyStatic, { root: distDir, wildcard: false, cacheControl: false })
  })
  return true
}
