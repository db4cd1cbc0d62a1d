import fastify, { type FastifyInstance } from 'fastify'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerWeb } from './web.ts'

describe('the web pages', () => {
  let dist: string
  let app: FastifyInstance

  beforeEach(() => {
    dist = mkdtempSync(join(tmpdir(), 'toota-dist-'))
    app = fastify({ routerOptions: { ignoreTrailingSlash: true } })
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not found.' }))
    app.get('/trips', () => 'trips')
  })
  afterEach(async () => {
    await app.close()
    rmSync(dist, { recursive: true, force: true })
  })

  function build() {
    mkdirSync(join(dist, 'assets'))
    writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Toota</title>')
    writeFileSync(join(dist, 'assets/index-abc123.css'), 'body{}')
    writeFileSync(join(dist, '.built-from'), 'sources')
  }

  it('[WB8] the page is fresh each time and allows nothing from elsewhere', async () => {
    build()
    expect(await registerWeb(app, dist)).toBe(true)
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.headers['cache-control']).toBe('no-cache')
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|http|\*/)
    expect(answer.headers['etag']).toBeDefined()
  })

  it('[WB8] an asset is kept for a year', async () => {
    build()
    await registerWeb(app, dist)
    const answer = await app.inject('/assets/index-abc123.css')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('[WB8] other paths keep their own answers', async () => {
    build()
    await registerWeb(app, dist)
    expect((await app.inject('/trips')).body).toBe('trips')
    for (const path of [
      '/nowhere',
      '/assets/none.css',
      '/assets/..%2f..%2fetc/passwd',
      '/..%2fpackage.json',
    ]) {
      const answer = await app.inject(path)
      expect(answer.statusCode, path).toBe(404)
      expect(answer.json()).toEqual({ error: 'Not found.' })
    }
  })

  it('[WB9] without a build everything else is served', async () => {
    expect(await registerWeb(app, dist)).toBe(false)
    expect((await app.inject('/')).statusCode).toBe(404)
    expect((await app.inject('/trips')).body).toBe('trips')
  })
})
