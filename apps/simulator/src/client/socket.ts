import { WebSocket, type RawData } from 'ws'
import { parseMessage, readText, type Message } from './reading.ts'

export type SocketOptions = {
  /** http(s) base URL of the server; the path is appended and the scheme changed. */
  readonly baseUrl: string
  readonly path: string
  readonly accessToken: string
  /** Everything but the server's pings. */
  readonly onMessage: (message: Message) => void
  /** The connection is back after a loss. */
  readonly onReopen?: () => void
  /** How long to stay away after a loss, in milliseconds. */
  readonly retryDelayMs: () => number
}

export type ClassicSocket = {
  /** @returns false when there is no connection now; nothing is kept for later */
  say(message: Message): boolean
  close(): Promise<void>
}

/** The server refused the handshake: no retry will help. */
export class SocketRefused extends Error {
  readonly status: number
  constructor(path: string, status: number) {
    super(`The socket ${path} was refused with HTTP ${status}`)
    this.name = 'SocketRefused'
    this.status = status
  }
}

const HANDSHAKE_TIMEOUT_MS = 10_000
const CLOSE_PATIENCE_MS = 1_000
// The original's clients give up after ten tries.
const MAX_TRIES = 10

/** Opens a socket that reconnects by itself. @throws SocketRefused when the first handshake is refused */
export async function openSocket(options: SocketOptions): Promise<ClassicSocket> {
  let current = await connect(options)
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  const watch = (socket: WebSocket): void => {
    socket.once('close', () => {
      if (!isClosed) comeBack(1)
    })
  }
  const comeBack = (tries: number): void => {
    timer = setTimeout(() => void retry(tries), options.retryDelayMs())
  }
  const retry = async (tries: number): Promise<void> => {
    try {
      const socket = await connect(options)
      if (isClosed) {
        socket.terminate()
        return
      }
      current = socket
      watch(socket)
      options.onReopen?.()
    } catch {
      if (!isClosed && tries < MAX_TRIES) comeBack(tries + 1)
    }
  }
  watch(current)

  return {
    say: (message) => {
      if (current.readyState !== WebSocket.OPEN) return false
      current.send(JSON.stringify(message))
      return true
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
      return closeGently(current)
    },
  }
}

function connect({ baseUrl, path, accessToken, onMessage }: SocketOptions): Promise<WebSocket> {
  const url = baseUrl.replace(/^http/, 'ws') + path
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${accessToken}` },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    })
    // Listening from the start: the first message may come in the same packet as the handshake's answer.
    socket.on('message', (data) => hear(data, onMessage))
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (request, response) => {
      reject(new SocketRefused(path, response.statusCode ?? 0))
      response.resume()
      request.destroy()
    })
    socket.on('error', reject)
  })
}

function hear(data: RawData, onMessage: (message: Message) => void): void {
  const text = Buffer.isBuffer(data) ? data.toString('utf8') : ''
  const message = parseMessage(text)
  if (message !== undefined && readText(message, 'type') !== 'ping') onMessage(message)
}

function closeGently(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.close(1000)
  })
}
