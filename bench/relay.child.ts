/** The yardstick: a bare `ws` server that hands what a driver sends, as it is, to his follower and back to him. */
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { answerCpuUsage } from './child-process.ts'

const followers = new Map<string, WebSocket>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket, request) => {
  const [, role = '', id = ''] = (request.url ?? '').split('/')
  if (role === 'follow') {
    followers.set(id, socket)
    return
  }
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    socket.send(text)
    followers.get(id)?.send(text)
  })
})
server.on('listening', () => {
  answerCpuUsage()
  process.send?.({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pairs: [] })
})
