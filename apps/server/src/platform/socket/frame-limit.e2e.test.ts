import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { TEST_SETTINGS } from '../../../test/world.ts'

let server: LiveServer
afterEach(() => server.close())

/** A driver's socket on a server where it may say so much, and the errors it hears. */
async function openSocket(count: number, seconds: number) {
  server = await startLiveServer({ limits: { ...TEST_SETTINGS.limits, frames: { count, seconds } } })
  const token = await server.signIn(await server.addDriver())
  const socket = new WebSocket(`${server.address.replace('http', 'ws')}/ws/driver/location/`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const heard: unknown[] = []
  let closeCode: number | undefined
  socket.on('message', (data: Buffer) => {
    const { error } = JSON.parse(data.toString()) as { error?: string }
    if (error !== undefined) heard.push(error)
  })
  socket.on('close', (code) => (closeCode = code))
  await new Promise((resolve) => socket.once('open', resolve))
  return { socket, errors: () => heard, closeCode: () => closeCode }
}

const FIX = JSON.stringify({ latitude: -26.2041, longitude: 28.0473 })
const FLOODED = 'Too many messages'
const MALFORMED = 'Invalid JSON format'

describe('a socket that says too much', () => {
  it('[TH10] [CW92] is heard so often, told once a second, and heard again in the next window', async () => {
    const { socket, errors } = await openSocket(5, 2)
    const answered = () => errors().filter((error) => error === MALFORMED).length
    const complaints = () => errors().filter((error) => error === FLOODED).length
    for (let n = 0; n < 10; n++) socket.send('not json')
    await expect.poll(complaints).toBe(1)
    expect(answered()).toBe(5)
    const sayMore = (): number => {
      socket.send('not json')
      return answered()
    }
    await expect.poll(sayMore, { interval: 400, timeout: 8_000 }).toBeGreaterThan(5)
    // One a second at most while the window lasted.
    expect(complaints()).toBeLessThanOrEqual(3)
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })

  it('[TH11] is closed at five times the rate, by messages or by pings of the protocol', async () => {
    const talker = await openSocket(10, 60)
    for (let n = 0; n < 51; n++) talker.socket.send('not json')
    await expect.poll(talker.closeCode).toBe(1008)
    expect(talker.errors()).toEqual([...Array.from({ length: 10 }, () => MALFORMED), FLOODED])
    await server.close()

    const pinger = await openSocket(10, 60)
    for (let n = 0; n < 51; n++) pinger.socket.ping()
    await expect.poll(pinger.closeCode).toBe(1008)
  })

  it('[TH11] is cut when it goes on after the close', async () => {
    const { socket, closeCode } = await openSocket(10, 60)
    // It never gets to answer the close: all this is under way before the close arrives.
    for (let n = 0; n < 2_000; n++) socket.send(FIX)
    await expect.poll(closeCode).not.toBeUndefined()
    expect([1006, 1008]).toContain(closeCode())
  })
})
