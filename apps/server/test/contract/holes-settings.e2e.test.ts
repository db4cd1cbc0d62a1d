import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createTrip } from './kit/desk.ts'
import { fareRange } from './kit/fares.ts'
import { join, joinUser, newPlace } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

const PAGE = 'https://app.example.com'
const STRANGERS = ['https://evil.example', `${PAGE}.evil.example`, 'http://app.example.com', 'null']

/** A route service that takes every question and answers none. */
let silence: HttpServer
let production: Server
beforeAll(async () => {
  silence = createServer(() => undefined)
  silence.listen(0, '127.0.0.1')
  await once(silence, 'listening')
  production = await startServer({
    DEBUG: 'false',
    CORS_ORIGINS: PAGE,
    OSRM_URL: `http://127.0.0.1:${(silence.address() as AddressInfo).port}`,
    // Far from the market's clocks.
    TZ: 'Pacific/Auckland',
  })
})
afterAll(async () => {
  await production.stop()
  silence.closeAllConnections()
  silence.close()
})

const handshakeFrom = (origin: string, token: string): Promise<number> =>
  new Promise((done) => {
    const socket = new WebSocket(`${production.base.replace('http', 'ws')}/ws/trips/user/request/`, {
      origin,
      headers: { authorization: `Bearer ${token}` },
    })
    socket.once('open', () => {
      socket.terminate()
      done(101)
    })
    socket.once('unexpected-response', (_request, { statusCode }) => done(statusCode ?? 0))
    socket.on('error', () => undefined)
  })

describe('holes of the original: settings', () => {
  it('[CT10] settings.py:14 in production only pages on the list may call', async () => {
    const preflight = (origin: string) =>
      production.call('OPTIONS', '/auth/login/user/', {
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    expect((await preflight(PAGE)).headers.get('access-control-allow-origin')).toBe(PAGE)
    for (const origin of STRANGERS) {
      const answer = await preflight(origin)
      expect(answer.headers.get('access-control-allow-origin'), origin).toBeNull()
      const plain = await production.call('POST', '/auth/login/user/', { json: {}, headers: { origin } })
      expect(plain.headers.get('access-control-allow-origin'), origin).toBeNull()
    }
  })

  it('[CT10] middleware.py:16 a socket from a page that is not on the list is refused', async () => {
    const { access } = await join(production, 'user')
    expect(await handshakeFrom(PAGE, access)).toBe(101)
    for (const origin of STRANGERS) expect(await handshakeFrom(origin, access), origin).toBe(403)
  })

  it('[CT10] settings.py:12 production tells nothing of the inside and has no open outbox', async () => {
    expect((await production.get('/dev/mail')).status).toBe(404)
    const answer = await production.get('/nowhere/')
    expect(answer.text).not.toMatch(/\n\s+at |node_modules|\.ts:/)
  })

  it('[CT10] settings.py:191 a weak SECRET_KEY and none at all start nothing', async () => {
    const starts = ['', 'guessable', 'x'.repeat(31)].map((SECRET_KEY) =>
      expect(startServer({ DEBUG: 'false', SECRET_KEY })).rejects.toThrow(/SECRET_KEY: /),
    )
    await Promise.all(starts)
  })

  it('[CT10] trips/utils.py:50 a route service that hangs costs seconds, and the fare is an estimate, not the base', async () => {
    const request = await production.socket('/ws/trips/user/request/', (await joinUser(production)).access)
    const askedAt = Date.now()
    const quote = await createTrip(request, newPlace())
    expect(Date.now() - askedAt).toBeLessThan(6_000)
    expect(quote['distance_km']).toBeGreaterThanOrEqual(10)
    expect(quote['estimated_fare']).toBeGreaterThan(180)
  })

  it("[CT10] trips/utils.py:80 peak goes by the market's clocks, not by the server's", async () => {
    const request = await production.socket('/ws/trips/user/request/', (await joinUser(production)).access)
    const quote: Json = await createTrip(request, newPlace())
    const { min, max } = fareRange('Bakkie', quote)
    expect(quote['estimated_fare']).toBeGreaterThanOrEqual(min)
    expect(quote['estimated_fare']).toBeLessThanOrEqual(max)
  })
})
