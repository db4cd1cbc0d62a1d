import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createMetrics } from '../metrics.ts'
import { createHttpServer } from './index.ts'

const open: FastifyInstance[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

/** What a handshake is answered when a page of this origin makes it. */
async function handshake(
  corsOrigins: 'any' | readonly string[],
  origin: string | undefined,
): Promise<number> {
  const server = await createHttpServer({
    log: pino({ level: 'silent' }),
    corsOrigins,
    trustProxyHops: 0,
    health: { notReadyBecause: () => Promise.resolve(undefined) },
    metrics: createMetrics(),
  })
  open.push(server)
  server.get('/socket', { websocket: true }, () => undefined)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  const own = `http://127.0.0.1:${port}`
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${own}/socket`.replace('http', 'ws'), {
      ...(origin !== undefined && { origin: origin.replace('OWN', own) }),
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}

describe('the origins of sockets', () => {
  const listed = ['https://app.example.com']

  it.each([undefined, 'https://app.example.com', 'OWN'])(
    '[OP30] listed pages, our own and native clients may open sockets: %s',
    async (origin) => {
      expect(await handshake(listed, origin)).toBe(101)
    },
  )

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'https://evil.example/app.example.com',
    'http://app.example.com',
  ])('[OP30] a foreign page may not: %s', async (origin) => {
    expect(await handshake(listed, origin)).toBe(403)
    expect(await handshake('any', origin)).toBe(101)
  })
})
