import type { FastifyInstance } from 'fastify'
import { PassThrough } from 'node:stream'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createMetrics } from '../metrics.ts'
import { createHttpServer, type HttpServerOptions } from './index.ts'

const open: FastifyInstance[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function start(options: Partial<HttpServerOptions> = {}) {
  const lines: string[] = []
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
  const server = await createHttpServer({
    log: pino({ level: 'info' }, sink),
    corsOrigins: 'any',
    trustProxyHops: 0,
    health: { notReadyBecause: () => Promise.resolve(undefined) },
    metrics: createMetrics(),
    ...options,
  })
  open.push(server)
  return { server, lines }
}

function upgrade(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
    socket.on('open', () => {
      resolve(101)
      socket.close()
    })
    socket.on('error', reject)
  })
}

describe('the HTTP server', () => {
  it('[OP1] healthz answers 200 whatever the database does', async () => {
    const { server } = await start({ health: { notReadyBecause: () => Promise.reject(new Error('away')) } })
    expect((await server.inject('/healthz')).statusCode).toBe(200)
  })

  it('[OP2] readyz is 503 with the reason until ready, and when the check itself fails', async () => {
    let reason: string | undefined = 'draining'
    const { server } = await start({ health: { notReadyBecause: () => Promise.resolve(reason) } })
    const red = await server.inject('/readyz')
    expect(red.statusCode).toBe(503)
    expect(red.json()).toMatchObject({ reason: 'draining' })
    reason = undefined
    expect((await server.inject('/readyz/')).statusCode).toBe(200)
    const broken = await start({ health: { notReadyBecause: () => Promise.reject(new Error('away')) } })
    expect((await broken.server.inject('/readyz')).statusCode).toBe(503)
  })

  it('[OP3] a request is one log line with id, method, path, status and time, and no query, header or body', async () => {
    const { server, lines } = await start()
    server.post('/things/:id', (_request, reply) => reply.send({}))
    const answer = await server.inject({
      method: 'POST',
      url: '/things/7?email=canary-query%40x.co',
      headers: { authorization: 'Bearer canary-token', 'content-type': 'application/json' },
      payload: { otp: 'canary-body' },
    })
    await server.inject('/canary@x.co/nowhere')
    await expect.poll(() => lines.length).toBe(2)
    expect(JSON.parse(lines[0]!)).toMatchObject({
      reqId: answer.headers['x-request-id'],
      method: 'POST',
      path: '/things/7',
      status: 200,
      ms: expect.any(Number) as number,
    })
    expect(lines.join()).not.toContain('canary')
    expect(lines.join()).not.toContain('127.0.0.1')
  })

  it('[OP4] every answer carries x-request-id, made here and never taken from the client', async () => {
    const { server } = await start()
    const answer = await server.inject({ url: '/healthz', headers: { 'x-request-id': 'forged' } })
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('[OP5] with open CORS any origin is echoed with credentials, and its preflight answered', async () => {
    const { server } = await start()
    server.put('/thing', (_request, reply) => reply.send({}))
    const simple = await server.inject({ url: '/healthz', headers: { origin: 'null' } })
    expect(simple.headers).toMatchObject({
      'access-control-allow-origin': 'null',
      'access-control-allow-credentials': 'true',
    })
    const preflight = await server.inject({
      method: 'OPTIONS',
      url: '/thing/',
      headers: { origin: 'http://localhost:5500', 'access-control-request-method': 'PUT' },
    })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:5500',
      'access-control-allow-methods': 'DELETE, GET, OPTIONS, PATCH, POST, PUT',
      'access-control-max-age': '86400',
    })
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
  })

  it('[OP5] with a list only its exact origins are allowed', async () => {
    const { server } = await start({ corsOrigins: ['https://toota.example'] })
    const allowed = await server.inject({ url: '/healthz', headers: { origin: 'https://toota.example' } })
    expect(allowed.headers['access-control-allow-origin']).toBe('https://toota.example')
    for (const origin of ['https://toota.example.evil.org', 'http://toota.example', 'null']) {
      const refused = await server.inject({ url: '/healthz', headers: { origin } })
      expect(refused.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('[OP6] an upgrade is 404 at an unknown path and at a plain route, 403 when its route refuses', async () => {
    const { server } = await start()
    server.get('/plain', (_request, reply) => reply.send({}))
    const refuse = {
      preValidation: (_request: unknown, reply: { code(n: number): { send(x: object): void } }) => {
        reply.code(403).send({})
      },
    }
    server.get('/closed', { websocket: true, ...refuse }, () => undefined)
    server.get('/open', { websocket: true }, () => undefined)
    const url = (await server.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
    expect(await upgrade(`${url}/nowhere`)).toBe(404)
    expect(await upgrade(`${url}/plain`)).toBe(404)
    expect(await upgrade(`${url}/closed/`)).toBe(403)
    expect(await upgrade(`${url}/open/`)).toBe(101)
  })

  it('[OP7] an outage is 503 with Retry-After, a defect 500, and neither shows the inside', async () => {
    const { server, lines } = await start()
    server.get('/away', () =>
      Promise.reject(Object.assign(new Error('connect ECONNREFUSED 10.0.0.5'), { code: 'ECONNREFUSED' })),
    )
    server.get('/shutdown', () =>
      Promise.reject(Object.assign(new pg.DatabaseError('bye', 3, 'error'), { code: '57P01' })),
    )
    server.get('/defect', () => Promise.reject(new Error('secret inside')))
    for (const path of ['/away', '/shutdown']) {
      const answer = await server.inject(path)
      expect(answer.statusCode).toBe(503)
      expect(answer.headers['retry-after']).toBe('2')
      expect(answer.body).not.toContain('10.0.0.5')
    }
    const defect = await server.inject('/defect')
    expect(defect.statusCode).toBe(500)
    expect(defect.body).not.toContain('secret')
    expect(lines.some((line) => line.includes('secret inside') && line.includes('stack'))).toBe(true)
  })

  it('[OP8] a body over the limit is 413', async () => {
    const { server } = await start({ bodyLimit: 1000 })
    server.post('/thing', (_request, reply) => reply.send({}))
    const answer = await server.inject({ method: 'POST', url: '/thing', payload: { text: 'x'.repeat(1000) } })
    expect(answer.statusCode).toBe(413)
  })
})
