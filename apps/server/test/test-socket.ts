import { WebSocket } from 'ws'
import { undocumented } from './documented-messages.ts'

export type Json = Record<string, unknown>
export type TestSocket = Awaited<ReturnType<typeof openTestSocket>>

const PATIENCE_MS = 5_000

/**
 * A client that misses no message: they wait in a queue until the test asks for them. Pings are left out of it. A message
 * that the documents do not know fails whatever is asked of it next, its end at the latest.
 */
export async function openTestSocket(url: string, token?: string) {
  const socket = new WebSocket(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  const queue: Json[] = []
  const heard: Json[] = []
  let wake: () => void = () => undefined
  let closeCode: number | undefined
  let fault: string | undefined

  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Json
    heard.push(message)
    fault ??= undocumented(url, message)
    if (message['type'] !== 'ping') queue.push(message)
    wake()
  })
  socket.on('close', (code) => {
    closeCode = code
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`))
      response.destroy()
    })
  })
  socket.on('error', () => undefined)

  const until = async <T>(look: () => T | undefined, what: string): Promise<T> => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      if (fault !== undefined) throw new Error(fault)
      const found = look()
      if (found !== undefined) return found
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`no ${what}; waiting: ${JSON.stringify(queue)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, left)
      })
    }
  }

  return {
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    sendRaw: (data: string | Buffer) => socket.send(data),
    /** The next message, whatever it is. */
    next: () => until(() => queue.shift(), 'message'),
    /** The next message that has this in it; those before it are dropped. */
    find: (part: Json) =>
      until(() => {
        const index = queue.findIndex((message) =>
          Object.entries(part).every(
            ([key, value]) => JSON.stringify(message[key]) === JSON.stringify(value),
          ),
        )
        return index < 0 ? undefined : queue.splice(0, index + 1).at(-1)
      }, JSON.stringify(part)),
    /** Everything that has come and was not asked for yet, after the server has answered a malformed frame. */
    async drained(): Promise<Json[]> {
      socket.send('not json')
      await until(
        () => queue.find((message) => message['error'] === 'Invalid JSON format'),
        'answer to a malformed frame',
      )
      return queue.splice(0).filter((message) => message['error'] !== 'Invalid JSON format')
    },
    closed: () => until(() => closeCode, 'close'),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    /** The first so many messages of the connection, pings included. */
    first: (count: number) =>
      until(() => (heard.length >= count ? heard.slice(0, count) : undefined), 'so many'),
    close() {
      socket.terminate()
      if (fault !== undefined) throw new Error(fault)
    },
  }
}
