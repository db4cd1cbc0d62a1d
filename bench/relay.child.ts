/**
 * The yardstick: a bare `ws` server that hands what a driver sends to his follower and back to him, made as long as what
 * the real server says of a position: `fork(this, [bytesToDriver, bytesToFollower])`. `/follow/x` hears all of `/drive/x`.
 */
import { createServer } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { listenOn, reportToParent } from './child-process.ts'

const [echoBytes = 0, followerBytes = 0] = process.argv.slice(2).map(Number)
const followers = new Map<string, WebSocket>()
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })

const fillerFor = (text: string, bytes: number): string => ' '.repeat(Math.max(bytes - text.length, 0))

server.on('connection', (socket, request) => {
  const [, role = '', id = ''] = (request.url ?? '').split('/')
  if (role === 'follow') {
    followers.set(id, socket)
    return
  }
  let fillers: { echo: string; follower: string } | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    fillers ??= { echo: fillerFor(text, echoBytes), follower: fillerFor(text, followerBytes) }
    socket.send(text + fillers.echo)
    followers.get(id)?.send(text + fillers.follower)
  })
})
reportToParent({ address: await listenOn(http), pairs: [] })
