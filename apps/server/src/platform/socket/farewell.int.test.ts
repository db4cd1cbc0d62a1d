import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createSocketHub, type Farewell, type SocketHub, type SocketSession } from './index.ts'

const end = (code: number) => ({ code, reason: String(code) })
const FAREWELL: Farewell = {
  silence: { afterMs: 25_000, end: end(4002) },
  slow: end(4003),
  flood: end(4029),
  drain: { text: () => 'drain', end: end(4001) },
}

let now = 0
let hub: SocketHub
let http: Server
let sockets: WebSocketServer
const sessions: SocketSession[] = []

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  now = 0
  sessions.length = 0
  hub = createSocketHub(pino({ level: 'silent' }), () => now)
  http = createServer().listen(0, '127.0.0.1')
  sockets = new WebSocketServer({ server: http })
  sockets.on('connection', (socket) => {
    const options = { kind: 'test', everySeconds: 10, ping: () => 'pos', greeting: undefined }
    sessions.push(hub.open(socket, { ...options, farewell: FAREWELL }))
  })
  await new Promise((done) => http.once('listening', done))
})
afterEach(async () => {
  vi.useRealTimers()
  for (const client of sockets.clients) client.terminate()
  await hub.drain()
  sockets.close()
  http.close()
})

async function connect(options: { autoPong?: boolean } = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, options)
  const heard: string[] = []
  let code: number | undefined
  socket.on('message', (data: Buffer) => heard.push(data.toString()))
  socket.on('close', (closed) => (code = closed))
  await new Promise((done) => socket.once('open', done))
  await vi.waitFor(() => expect(heard).toEqual(['pos']))
  const session = sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  return { socket, session, heard, code: () => code }
}

const pass = (seconds: number): void => {
  for (let second = 0; second < seconds; second++) {
    now += 1_000
    vi.advanceTimersByTime(1_000)
  }
}

it('[LV13] a heartbeat every 10 s, and whoever is silent for 25 s is told 4002', async () => {
  const [alive, silent, talking] = [
    await connect(),
    await connect({ autoPong: false }),
    await connect({ autoPong: false }),
  ]
  for (let round = 1; round <= 3; round++) {
    pass(9)
    talking.socket.send('ack')
    await vi.waitFor(() => expect(alive.heard.length).toBeGreaterThanOrEqual(round))
    // Pongs and frames are on their way while the clock stands still.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await vi.waitFor(() => expect(silent.code()).toBe(4002))
  expect([alive.code(), talking.code()]).toEqual([undefined, undefined])
  expect(alive.heard.length).toBeGreaterThanOrEqual(3)
})

/** The client's TCP connection, to hold what comes over it. */
const tcpOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket

const KILOBYTE = 'x'.repeat(1_024)
/** Kilobytes; no system takes so much for one connection. */
const MOST = 64 * 1_024

it('[LV14] while a reader is slow only the newest of each key waits, and comes when he reads on', async () => {
  const { socket, session, heard, code } = await connect()
  tcpOf(socket).pause()
  // More than the system takes for him.
  for (let n = 0; n < MOST && !session.isSlow; n++) session.sendLatest(Buffer.from(KILOBYTE), `fill ${n}`)
  expect(session.isSlow).toBe(true)
  for (let n = 1; n <= 1_000; n++) session.sendLatest(Buffer.from(`a ${n} ${KILOBYTE}`), 'a')
  session.sendLatest(Buffer.from('b 1'), 'b')
  tcpOf(socket).resume()
  await vi.waitFor(() => expect(heard).toContain('b 1'))
  const ofA = heard.filter((text) => text.startsWith('a '))
  expect(ofA.map((text) => text.split(' ')[1])).toEqual(['1000'])
  expect(code()).toBeUndefined()
})

it('[LV14] whoever has over 1 MB to read is told 4003 after what was under way', async () => {
  const { socket, session, heard, code } = await connect()
  tcpOf(socket).pause()
  let sent = 0
  while (sent < MOST && !session.hasEnded) session.send(`${++sent} ${KILOBYTE}`)
  expect(session.hasEnded).toBe(true)
  tcpOf(socket).resume()
  await vi.waitFor(() => expect(code()).toBe(4003), { timeout: 5_000 })
  const numbers = heard.slice(1).map((text) => Number(text.split(' ')[0]))
  expect(numbers).toEqual(numbers.map((_, n) => n + 1))
  expect(numbers.length).toBeLessThan(sent)
})
