import { WebSocket } from 'ws'
import { appendFile, type APPLICATION_FILES } from '../pictures.ts'

export type Json = Record<string, unknown>

/** The server went away while something was under way: whether it happened is unknown. */
export class Gone extends Error {}

export type Line = {
  send(message: Json): void
  /** The next message that fits; those before it are dropped. @throws Gone when the connection breaks */
  next(fits: (message: Json) => boolean): Promise<Json>
  close(): void
}

type Files = typeof APPLICATION_FILES
type Request = { token?: string; json?: Json; form?: Record<string, string>; files?: Files }

export type Wire = ReturnType<typeof createWire>

/** The server as an existing client reaches it. */
export function createWire(baseUrl: string) {
  return {
    async call(method: string, path: string, { token, json, form, files = [] }: Request = {}) {
      const body = form ? formOf(form, files) : json && JSON.stringify(json)
      try {
        const response = await fetch(baseUrl + path, {
          method,
          headers: {
            accept: 'application/json',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(json && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body }),
        })
        // The database is killed in the same moment, a little earlier or later.
        if (response.status >= 500) throw new Gone(`${path}: HTTP ${response.status}`)
        return { status: response.status, body: (await response.json()) as Json }
      } catch (error) {
        throw error instanceof Gone ? error : new Gone(`${path}: ${String(error)}`)
      }
    },

    /** An open socket; `hear` gets each message the moment it comes. */
    line: (path: string, token: string, hear: (message: Json) => void): Promise<Line> =>
      openLine(baseUrl.replace('http', 'ws') + path, token, hear),
  }
}

async function openLine(url: string, token: string, hear: (message: Json) => void): Promise<Line> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } })
  const waiting: Json[] = []
  let wake: () => void = () => undefined
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as Json
    if (message['type'] === 'ping') return
    hear(message)
    waiting.push(message)
    wake()
  })
  socket.on('close', () => wake())
  await new Promise<void>((opened, refused) => {
    socket.once('open', opened)
    socket.on('error', (error) => refused(new Gone(`${url}: ${error.message}`)))
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy()
      refused(
        statusCode >= 500 ? new Gone(`${url}: HTTP ${statusCode}`) : new Error(`${url}: HTTP ${statusCode}`),
      )
    })
  })

  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    async next(fits) {
      for (;;) {
        for (let message = waiting.shift(); message; message = waiting.shift())
          if (fits(message)) return message
        if (socket.readyState !== WebSocket.OPEN) throw new Gone(`${url}: closed`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    close: () => socket.terminate(),
  }
}

function formOf(fields: Record<string, string>, files: Files): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const file of files) appendFile(form, ...file)
  return form
}
