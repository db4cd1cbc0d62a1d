import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createSocketHub } from './index.ts'

afterEach(() => vi.useRealTimers())

it('[CW69] every socket is pinged once in 30 s, spread over the seconds; a peer silent for minutes is cut', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let now = 0
  const hub = createSocketHub(pino({ level: 'silent' }), () => now)
  const http = createServer().listen(0, '127.0.0.1')
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) =>
    hub.open(socket, { kind: 'test', everySeconds: 30, ping: () => 'ping', greeting: undefined }),
  )
  await new Promise((done) => http.once('listening', done))
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`

  const counts = [0, 0, 0]
  const clients = counts.map((_, index) => {
    const client = new WebSocket(url, { autoPong: false })
    client.on('message', () => counts[index]!++)
    return client
  })
  await vi.waitFor(() => expect(counts).toEqual([1, 1, 1]))
  for (let second = 0; second < 90; second++) vi.advanceTimersByTime(1_000)
  await vi.waitFor(() => expect(counts).toEqual([4, 4, 4]))

  now = 151_000
  vi.advanceTimersByTime(30_000)
  await vi.waitFor(() => expect(clients.map((client) => client.readyState)).toEqual([3, 3, 3]))
  expect(hub.size).toBe(0)
  await hub.drain()
  sockets.close()
  http.close()
})
