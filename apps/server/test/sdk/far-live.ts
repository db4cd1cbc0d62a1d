import { createToota, type Toota, type TootaOptions } from '@toota/sdk'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { json, newTokens, PERSON, type Turn } from './far-api.ts'

export type Frame = Record<string, unknown>

/** One connection as the far end sees it. */
export type Peer = {
  readonly heard: Frame[]
  /** Of one kind only. */
  of(t: string): Frame[]
  say(frame: unknown): void
  close(code: number): void
  hangUp(): void
  closedBy(): number | undefined
}

type FarEnd = Partial<TootaOptions> & {
  /** Over the usual welcome; undefined says nothing. */
  readonly welcome?: (hello: Frame) => Frame | undefined
  /** What calls are answered with, those about sessions apart. */
  readonly turn?: Turn
  /** How long an access token lives. */
  readonly lifeMs?: number
}

type Call = {
  readonly method: string
  readonly url: string
  readonly key: string | undefined
  readonly body: string
}

/** What a stream that begins and ends at `seq` is welcomed by. */
export const at = (seq: number) => (): Frame => ({ seq })
export const silent = (): undefined => undefined

/** A signed-in client before a far end that welcomes, and whose connections the test holds in its hands. */
export async function beforeFarEnd({ welcome = at(0), turn, lifeMs, ...options }: FarEnd = {}): Promise<{
  toota: Toota
  peers: Peer[]
  calls: Call[]
  refreshes: () => number
  /** Another run of the program, or another program. */
  again: (more?: Partial<TootaOptions>) => Toota
  /** From now on nobody listens there. */
  leave: () => void
}> {
  let refreshes = 0
  const calls: Call[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    request.on('data', (data: Buffer) => (body += data.toString('utf8')))
    request.on('end', () => {
      if (url === '/v1/sessions/refresh') refreshes++
      const call = { method, url, headers, body }
      if (url.startsWith('/v1/sessions')) json(200, newTokens(lifeMs))(response, call)
      else {
        calls.push({ method, url, key: headers['idempotency-key'] as string | undefined, body })
        ;(turn ?? json(200, {}))(response, call)
      }
    })
  })
  const peers: Peer[] = []
  new WebSocketServer({ server }).on('connection', (socket, { url }) => {
    expect(url).toBe('/v1/live')
    const heard: Frame[] = []
    let closedBy: number | undefined
    const say = (frame: unknown): void =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    peers.push({
      heard,
      of: (t) => heard.filter((frame) => frame['t'] === t),
      say,
      close: (code) => socket.close(code),
      hangUp: () => socket.terminate(),
      closedBy: () => closedBy,
    })
    socket.on('close', (code) => (closedBy = code))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as Frame
      heard.push(frame)
      const answer = frame['t'] === 'hello' ? welcome(frame) : undefined
      if (answer) say({ ...WELCOME, serverTime: new Date().toISOString(), ...answer })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const programs: Toota[] = []
  const again = (more: Partial<TootaOptions> = {}): Toota => {
    const toota = createToota({ baseUrl, WebSocket, random: () => 0, ...options, ...more })
    programs.push(toota)
    return toota
  }
  const leave = (): void => {
    for (const peer of peers) peer.hangUp()
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(() => {
    for (const { live } of programs) live.close()
    leave()
  })
  const toota = again()
  await toota.account.signIn(PERSON)
  return { toota, peers, calls, refreshes: () => refreshes, again, leave }
}

const WELCOME = {
  t: 'welcome',
  session: '0b3c4f0e-8a53-4d43-9a64-4a3e6f1a2b11',
  epoch: 'e1',
  seq: 0,
  recovered: true,
  heartbeatSeconds: 10,
}
