import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serverRoot as serverRootUrl } from '../../../server-root.ts'
import { registerDocs } from './index.ts'
import { REFERENCE_STYLE } from './reference-style.ts'

const serverRoot = fileURLToPath(serverRootUrl)

type Document = {
  openapi: string
  info: { title: string; version: string; description: string }
  paths: Record<
    string,
    Record<string, { security?: unknown; requestBody?: unknown; responses: Record<string, unknown> }>
  >
  components: { securitySchemes: unknown; schemas: Record<string, unknown> }
}

describe('API documentation', () => {
  let app: FastifyInstance

  beforeAll(async () => {
    app = fastify({ routerOptions: { ignoreTrailingSlash: true } })
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    await registerDocs(app, {
      product: { title: 'Product', version: '1.2.3' },
      classic: { title: 'Toota <test>', version: '1.2.3', description: 'Sockets: `/ws/x`' },
      sockets: [],
    })
    const parcel = z
      .object({ weightKg: z.number().positive(), note: z.string().nullable() })
      .meta({ id: 'Parcel' })
    app.withTypeProvider<ZodTypeProvider>().post(
      '/parcels/:id/',
      {
        schema: {
          params: z.object({ id: z.uuid() }),
          body: parcel,
          response: { 201: parcel },
          security: [{ bearer: [] }],
          tags: ['parcels'],
        },
      },
      (request, reply) => {
        void reply.code(201)
        return request.body
      },
    )
    await app.ready()
  })
  afterAll(() => app.close())

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers })

  it('[DO1] the document is OpenAPI 3.1 made from the routes', async () => {
    const answer = await get('/swagger.json')
    expect(answer.headers['content-type']).toContain('application/json')
    const document = answer.json<Document>()
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toEqual({
      title: 'Toota <test>',
      version: '1.2.3',
      description: 'Sockets: `/ws/x`',
    })
    expect(Object.keys(document.paths)).toEqual(['/parcels/{id}/'])
    const operation = document.paths['/parcels/{id}/']?.['post']
    expect(operation?.security).toEqual([{ bearer: [] }])
    expect(operation?.requestBody).toBeDefined()
    expect(Object.keys(operation?.responses ?? {})).toEqual(['201'])
    expect(document.components.securitySchemes).toHaveProperty('bearer')
    expect(document.components.schemas).toHaveProperty('Parcel')
  })

  it('[DO1] the same document comes as YAML', async () => {
    const answer = await get('/swagger.yaml')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('application/yaml')
    expect(answer.body).toMatch(/^openapi: 3\.1\.0$/m)
    expect(answer.body).toContain('/parcels/{id}/:')
  })

  it.each(['/swagger', '/swagger/', '/swagger-docs', '/swagger-docs/', '/redoc', '/redoc/'])(
    '[DO2] %s is a page whose every script and style is served here',
    async (url) => {
      const answer = await get(url)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.body).toContain('<title>Toota &lt;test&gt;</title>')
      expect(answer.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
      const names = [...answer.body.matchAll(/(?:src|href)="(\/docs-assets\/[^"]+)"/g)].map(
        (match) => match[1]!,
      )
      expect(names.length).toBeGreaterThanOrEqual(2)
      for (const name of names) expect((await get(name)).statusCode, name).toBe(200)
    },
  )

  it('[DO2] the pages forbid everything from elsewhere', async () => {
    for (const url of ['/swagger/', '/redoc/']) {
      const policy = String((await get(url)).headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toContain('http')
    }
  })

  it('[DO2] the viewers name no file of a content network', async () => {
    expect((await get('/docs-assets/redoc.js')).body).not.toContain('cdn.redoc.ly')
    expect((await get('/docs-assets/swagger-ui.css')).body).not.toMatch(/url\(["']?https?:/)
  })

  it('[DO18] the reference wears the colours of the pages, light and dark', () => {
    const tokens = readFileSync(join(serverRoot, '../web/src/styles/tokens.css'), 'utf8')
    const colours = [...REFERENCE_STYLE.matchAll(/--[a-z-]+:#[0-9a-f]{6}/g)].map(([colour]) => colour)
    expect(colours.length).toBeGreaterThan(15)
    expect(colours.filter((colour) => !tokens.includes(`${colour.replace(':', ': ')};`))).toEqual([])
  })

  it('[DO3] assets come compressed, and unchanged ones not again', async () => {
    const first = await get('/docs-assets/swagger-ui.js', { 'accept-encoding': 'gzip, br' })
    expect(first.headers['content-encoding']).toBe('gzip')
    expect(first.rawPayload.length).toBeLessThan(600_000)
    const again = await get('/docs-assets/swagger-ui.js', { 'if-none-match': String(first.headers['etag']) })
    expect(again.statusCode).toBe(304)
    expect(again.body).toBe('')
  })

  it.each(['nothing.js', '__proto__', 'toString', '..%2findex.ts'])(
    '[DO3] %s is not an asset',
    async (name) => {
      expect((await get(`/docs-assets/${name}`)).statusCode).toBe(404)
    },
  )
})
