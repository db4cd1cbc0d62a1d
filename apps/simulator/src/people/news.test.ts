import { createToota, type Toota } from '@toota/sdk'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { followTrip } from './news.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const TOKENS = {
  accountId: 'me',
  role: 'customer',
  accessToken: 'a',
  accessExpiresAt: '2999-01-01T00:00:00Z',
  refreshToken: 'r',
  refreshExpiresAt: '2999-01-01T00:00:00Z',
}

/** A connected client, and what makes its server tell it something. */
async function connect(): Promise<{ toota: Toota; tell: (kind: string, data: object) => void }> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(TOKENS))
  })
  let seq = 0
  let say: (frame: object) => void
  new WebSocketServer({ server }).on('connection', (socket) => {
    say = (frame) => socket.send(JSON.stringify(frame))
    socket.once('message', () => say({ t: 'welcome', epoch: 'e1', seq: 0, recovered: true }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const toota = createToota({ baseUrl, WebSocket })
  closing.push(() => {
    toota.live.close()
    server.closeAllConnections()
    server.close()
  })
  await toota.account.signIn({ role: 'customer', email: 'a', password: 'b' })
  await toota.live.connect()
  return { toota, tell: (kind, data) => say({ t: 'evt', seq: ++seq, kind, data }) }
}

describe('the news of a trip', () => {
  it('[SI14] is kept in order for whoever asks, and other trips are not heard', async () => {
    const { toota, tell } = await connect()
    const story = followTrip(toota, 'mine')
    tell('offer.ended', { tripId: 'mine', state: 'rejected' })
    tell('trip.changed', { tripId: 'theirs', status: 'completed' })
    tell('trip.changed', { tripId: 'mine', status: 'accepted' })
    expect(await story.next(5_000)).toMatchObject({ kind: 'offer.ended', data: { state: 'rejected' } })
    expect(await story.next(5_000)).toMatchObject({ kind: 'trip.changed', data: { status: 'accepted' } })
    story.stop()
  })

  it('[SI14] silence ends the wait', async () => {
    const { toota, tell } = await connect()
    const story = followTrip(toota, 'mine')
    tell('trip.changed', { tripId: 'theirs', status: 'completed' })
    expect(await story.next(50)).toBeUndefined()
    story.stop()
  })
})
