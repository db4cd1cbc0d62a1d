import type { FastifyInstance } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { errorCode } from '../database/index.ts'

/**
 * Lets go of the request once it has become a socket: the answer that is never given, and the plugin's listener for errors,
 * would keep it with its headers as long as the socket is open, which is most of what an idle socket weighs.
 */
export function forgetHandshakes(server: FastifyInstance): void {
  const answers = new WeakMap<IncomingMessage, ServerResponse>()
  server.addHook('onRequest', (request, reply, done) => {
    if (request.ws) answers.set(request.raw, reply.raw)
    done()
  })
  function onError(this: WebSocket, error: Error): void {
    // A frame that is too large or broken is the peer's fault; ws has already told it so.
    const isPeersFault = errorCode(error)?.startsWith('WS_ERR_')
    server.log[isPeersFault ? 'debug' : 'error']({ err: error }, 'socket failed')
    this.terminate()
  }
  server.websocketServer.on('connection', (socket, request) => {
    answers.get(request)?.detachSocket(request.socket)
    // The plugin adds its own listener first of all, but only after this event.
    queueMicrotask(() => {
      const [plugins] = socket.listeners('error')
      if (plugins) socket.off('error', plugins as () => void)
      socket.on('error', onError)
    })
  })
}
