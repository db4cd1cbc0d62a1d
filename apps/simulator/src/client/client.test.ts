import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { enrol, NoOutbox } from './accounts.ts'
import { converse } from './conversation.ts'
import { createRest } from './rest.ts'
import { openSocket, SocketRefused } from './socket.ts'
import { readText, type Message } from './reading.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(handler: RequestListener, onSocket?: (socket: WebSocket) => void): Promise<string> {
  const server = createServer(handler)
  if (onSocket !== undefined) new WebSocketServer({ server }).on('connection', onSocket)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const answer =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

const patient = { accessToken: 'token', retryDelayMs: () => 20, path: '/ws/x/' }

describe('the classic client', () => {
  it('[SI10] says that it needs DEBUG when there is no outbox', async () => {
    const baseUrl = await serve((request, response) => {
      answer(request.url?.startsWith('/dev/mail') === true ? 404 : 201, {})(request, response)
    })
    const enrolment = enrol(createRest(baseUrl), 'user', 'a@example.com', 'long-password')
    await expect(enrolment).rejects.toThrow(NoOutbox)
    await expect(enrolment).rejects.toThrow('DEBUG=true')
  })

  it('[SI11] a dropped socket comes back, says so, and goes on', async () => {
    const connections: WebSocket[] = []
    const baseUrl = await serve(answer(404, {}), (socket) => {
      connections.push(socket)
      socket.send('{"type":"ping"}')
      if (connections.length === 1) setTimeout(() => socket.terminate(), 20)
      else socket.on('message', () => socket.send('{"message":"welcome back"}'))
    })
    const talk = await converse({ baseUrl, ...patient })
    const readWelcome = (message: Message) =>
      readText(message, 'message') === 'welcome back' ? { heard: true } : undefined
    expect(await talk.hear(readWelcome, 5_000)).toBe('reopened')
    await talk.say({ hello: 1 })
    expect(await talk.hear(readWelcome, 5_000)).toEqual({ heard: true })
    await talk.close()
    expect(connections).toHaveLength(2)
  })

  it('[SI11] a message nobody waited for is kept for whoever understands it; pings are not', async () => {
    const baseUrl = await serve(answer(404, {}), (socket) => {
      socket.send('{"type":"ping"}')
      socket.send('{"n":"one"}')
      socket.send('{"n":"two"}')
    })
    const talk = await converse({ baseUrl, ...patient })
    const read = (n?: string) => (message: Message) =>
      n === undefined || readText(message, 'n') === n ? message : undefined
    expect(await talk.hear(read('two'), 5_000)).toEqual({ n: 'two' })
    expect(await talk.hear(read(), 5_000)).toEqual({ n: 'one' })
    expect(await talk.hear(read(), 30)).toBe('silence')
    await talk.close()
  })

  it('[SI11] a refused handshake is an error at once', async () => {
    const baseUrl = await serve(answer(403, {}))
    const onMessage = (): void => undefined
    await expect(openSocket({ baseUrl, ...patient, onMessage })).rejects.toThrow(SocketRefused)
  })
})
