import { createToota, type Toota, type TootaOptions } from '@toota/sdk'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { json, newTokens, PERSON } from './far-api.ts'

type Frame = Record<string, unknown>

/** One connection as the far end sees it. */
export type Peer = {
  readonly heard: Frame[]
  say(frame: unknown): void
  close(code: number): void
  hangUp(): void
}

type FarEnd = Partial<TootaOptions> & {
  readonly welcomes?: boolean
  /** What calls are answered with, those about sessions apart. */
  readonly answer?: (url: string) => object
}

/** A signed-in client before a far end that welcomes, and whose connections the test holds in its hands. */
export async function beforeFarEnd(
  { welcomes = true, answer = () => newTokens(), ...options }: FarEnd = {},
  position = (): number => 0,
): Promise<{ toota: Toota; peers: Peer[]; refreshes: () => number }> {
  let refreshes = 0
  const server = createServer((request, response) => {
    const { url = '' } = request
    if (url === '/v1/sessions/refresh') refreshes++
    const body = url.startsWith('/v1/sessions') ? newTokens() : answer(url)
    json(200, body)(response, { method: '', url: '', headers: {}, body: '' })
    request.resume()
  })
  const peers: Peer[] = []
  new WebSocketServer({ server }).on('connection', (socket, { url }) => {
    expect(url).toBe('/v1/live')
    const heard: Frame[] = []
    const say = (frame: unknown): void =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    peers.push({ heard, say, close: (code) => socket.close(code), hangUp: () => socket.terminate() })
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as Frame
      heard.push(frame)
      if (frame['t'] === 'hello' && welcomes) say({ t: 'welcome', seq: position() })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const toota = createToota({ baseUrl, WebSocket, random: () => 0, ...options })
  onTestFinished(() => {
    toota.live.close()
    server.closeAllConnections()
    server.close()
  })
  await toota.account.signIn(PERSON)
  return { toota, peers, refreshes: () => refreshes }
}
