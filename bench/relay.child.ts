/**
 * The yardstick: a bare `ws` server that hands what a driver sends to his follower and back to him, made as long as what
 * the real server says of a position: `fork(this, [bytes])`. What goes to `/follow/all` hears every driver.
 */
import { createServer } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { listenOn, reportToParent } from './child-process.ts'

const bytes = Number(process.argv[2] ?? 0)
const followers = new Map<string, WebSocket>()
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })

server.on('connection', (socket, request) => {
  const [, role = '', id = ''] = (request.url ?? '').split('/')
  if (role === 'follow') {
    followers.set(id, socket)
    return
  }
  let filler: string | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    filler ??= ' '.repeat(Math.max(bytes - text.length, 0))
    const message = text + filler
    socket.send(message)
    followers.get(id)?.send(message)
  })
})
reportToParent({ address: await listenOn(http), pairs: [] })
