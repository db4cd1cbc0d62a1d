import { Parser } from '@asyncapi/parser'
import { ERRORS } from '@toota/contract'
import { Validator } from '@seriousme/openapi-schema-validator'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeApi } from '../src/app.ts'
import { exampleOf } from '../src/platform/http/docs/example-of.ts'
import type { JsonSchema, OpenApi } from '../src/platform/http/docs/index.ts'
import { startLiveServer, type LiveServer } from './live-server.ts'

/** Served, and no part of either wire: pages, documents, health, and the desk of a developer. */
const INTERNAL = [
  /^GET \/(docs|docs-assets|swagger|swagger-docs|redoc|assets)(\/|$)/,
  /^GET \/(swagger\.json|swagger\.yaml|healthz|readyz|index\.html|mark\.svg|\*)?$/,
  /^GET \/dev\/mail\/?$/,
  /^GET \/\.built-from$/,
]

type Message = { readonly payload: JsonSchema; readonly examples: { readonly payload: unknown }[] }
type AsyncApi = {
  readonly channels: Record<string, { readonly address: string }>
  readonly components: { readonly messages: Record<string, Message> }
}

let server: LiveServer
let product: OpenApi
let classic: OpenApi
let sockets: AsyncApi
let page: string
beforeAll(async () => {
  server = await startLiveServer()
  const get = (path: string) => fetch(server.address + path)
  product = (await (await get('/docs/openapi.json')).json()) as OpenApi
  classic = (await (await get('/swagger.json')).json()) as OpenApi
  sockets = (await (await get('/docs/asyncapi.json')).json()) as AsyncApi
  page = await (await get('/docs/')).text()
})
afterAll(() => server.close())

const plain = (route: string): string => route.replace(/\/$/, '').replace(/:(\w+)/g, '{$1}')
const callsOf = ({ paths }: OpenApi): string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => plain(`${method.toUpperCase()} ${path}`)),
  )

/** What stands in only one of the two lists: first the undocumented, then the invented. */
function differences(routes: readonly string[], documented: readonly string[]): string[] {
  const [there, told] = [new Set(routes), new Set(documented)]
  return [
    ...[...there].filter((route) => !told.has(route)).map((route) => `undocumented: ${route}`),
    ...[...told].filter((route) => !there.has(route)).map((route) => `no such route: ${route}`),
  ]
}

describe('the documents and the routes', () => {
  const routes = () => server.routeTable().filter((route) => !INTERNAL.some((each) => each.test(route)))
  const calls = () => routes().filter((route) => !route.startsWith('WS '))

  it('[DO7] every call is in exactly one document, and every documented call exists', () => {
    const documented = [...callsOf(product), ...callsOf(classic)]
    expect(differences(calls().map(plain), documented)).toEqual([])
    expect(new Set(documented).size).toBe(documented.length)
    expect(callsOf(product).every((call) => / \/v1\//.test(call))).toBe(true)
    expect(callsOf(classic).some((call) => / \/v1\//.test(call))).toBe(false)
  })

  it('[DO7] a route that nobody documented, and one that is not there, are found', () => {
    const documented = [...callsOf(product), ...callsOf(classic)]
    expect(differences([...calls().map(plain), 'PUT /v1/secret'], documented)).toEqual([
      'undocumented: PUT /v1/secret',
    ])
    expect(differences(calls().map(plain), [...documented, 'GET /v1/none'])).toEqual([
      'no such route: GET /v1/none',
    ])
  })

  it('[DO8] every socket is documented at each of its addresses, and no other', () => {
    const there = routes().filter((route) => route.startsWith('WS '))
    const told = Object.values(sockets.channels).map(({ address }) => plain(`WS ${address}`))
    expect(there.length).toBeGreaterThan(12)
    expect(differences(there.map(plain), told)).toEqual([])
  })

  it('[DO9] the document of /v1 needs no database: a script gets the one that is served', async () => {
    expect(await describeApi()).toEqual(product)
  })

  it('[DO10] a call that may answer 422 asks for the Idempotency-Key it needs', () => {
    const operations = Object.values(product.paths).flatMap((methods) => Object.values(methods))
    const keyed = operations.filter((each) => each.parameters?.some(({ name }) => name === 'Idempotency-Key'))
    expect(keyed.length).toBeGreaterThan(2)
    expect(operations.filter((each) => '422' in each.responses)).toEqual(keyed)
  })
})

describe('public validators', () => {
  it('[DO11] the document of /v1 is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(product))).toMatchObject({ valid: true })
  })

  it('[DO11] the classic document is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(classic))).toMatchObject({ valid: true })
  })

  it('[DO12] the document of the sockets is valid AsyncAPI 3.0', { timeout: 120_000 }, async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify(sockets))
    // Errors and warnings; the rest is advice.
    const faults = diagnostics.filter(({ severity }: { severity: number }) => severity <= 1)
    expect(faults.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([])
  })

  it('[DO13] every example fits its schema', () => {
    const misfits: string[] = []
    const check = (name: string, schema: object, example: unknown): void => {
      const { success, error } = z
        .fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
        .safeParse(example)
      if (!success) misfits.push(`${name}: ${error.message} ${JSON.stringify(example)}`)
    }
    for (const [name, { payload, examples }] of Object.entries(sockets.components.messages))
      check(name, payload, examples[0]?.payload)
    const { schemas } = product.components
    const $defs = JSON.parse(
      JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/'),
    ) as object
    for (const [name, schema] of Object.entries(schemas))
      check(name, { $ref: `#/$defs/${name}`, $defs }, exampleOf(schema, schemas))
    expect(misfits).toEqual([])
  })
})

describe('/docs/', () => {
  const ids = () => [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1] ?? '')

  it('[DO14] has an anchor for every error code, every call and every message, each once', () => {
    const all = ids()
    expect(all.length).toBe(new Set(all).size)
    const calls = Object.values(product.paths).flatMap((methods) => Object.values(methods))
    const expected = [
      ...Object.keys(ERRORS),
      ...calls.map(({ operationId }) => operationId ?? 'no operationId'),
    ]
    expect(expected.filter((id) => !all.includes(id))).toEqual([])
    const messages = Object.keys(sockets.components.messages).map(
      (name) => `socket-${name.replace(/\.(takes|sends)\./, '-$1-')}`,
    )
    expect(messages.filter((id) => !all.includes(id))).toEqual([])
  })

  it('[DO14] leads nowhere that is not there', async () => {
    const targets = [...page.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '')
    const all = new Set(ids())
    expect(targets.filter((each) => each.startsWith('#') && !all.has(each.slice(1)))).toEqual([])
    const pages = new Set(targets.filter((each) => each.startsWith('/') && each !== '/'))
    for (const each of pages) expect((await fetch(server.address + each)).status, each).toBe(200)
    expect(targets.filter((each) => /^(https?:)?\/\//.test(each))).toEqual([])
  })

  it('[DO15] comes whole in at most 60 KB, compressed, and again only when it has changed', async () => {
    const assets = ['/docs/', '/docs-assets/reference.css', '/docs-assets/reference.js']
    let bytes = 0
    for (const asset of assets) {
      const answer = await fetch(server.address + asset, { headers: { 'accept-encoding': 'gzip' } })
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      bytes += gzipSync(await answer.text(), { level: 9 }).length
      const etag = answer.headers.get('etag') ?? ''
      const again = await fetch(server.address + asset, { headers: { 'if-none-match': etag } })
      expect(again.status).toBe(304)
    }
    expect(bytes).toBeLessThan(60 * 1024)
    expect(bytes).toBeGreaterThan(10 * 1024)
  })

  it('[DO16] reads without a script, and lets nothing of another host in', async () => {
    const { headers } = await fetch(`${server.address}/docs/`)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).not.toContain('http')
    const scripts = [...page.matchAll(/<script[^>]*>/g)].map((match) => match[0])
    expect(scripts).toEqual(['<script defer src="/docs-assets/reference.js">'])
    expect(page).not.toMatch(/ style="|<style| on\w+="/)
    expect(page).toContain('Ask for a price')
  })
})
