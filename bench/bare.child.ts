/** The yardstick: a bare `ws` server that keeps its sockets open and forgets those that do not answer its pings. */
import { createServer } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { listenOn, reportToParent } from './child-process.ts'

const SWEEP_MS = 30_000

const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
const silent = new WeakSet<WebSocket>()

function onPong(this: WebSocket): void {
  silent.delete(this)
}
function onMessage(this: WebSocket, data: Buffer): void {
  this.send(data)
}

server.on('connection', (socket) => {
  socket.on('pong', onPong)
  socket.on('message', onMessage)
})
setInterval(() => {
  for (const socket of server.clients) {
    if (silent.has(socket)) socket.terminate()
    else {
      silent.add(socket)
      socket.ping()
    }
  }
}, SWEEP_MS)
reportToParent({ address: await listenOn(http), pairs: [] })
