import { WebSocket } from 'ws'

export type BenchSocket = {
  send(text: string): void
  /** The next message with this in it; those before it are dropped. */
  next(part: string): Promise<string>
  /** From now on each message goes here, and {@link BenchSocket.next} hears none. */
  hear(listener: () => void): void
  close(): void
}

const PATIENCE_MS = 20_000

export async function openBenchSocket(url: string, token?: string): Promise<BenchSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), {
    perMessageDeflate: false,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  })
  const waiting: string[] = []
  let wake: () => void = () => undefined
  let listener: (() => void) | undefined
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    if (text.startsWith('{"type":"ping"')) return
    if (listener) listener()
    else {
      waiting.push(text)
      wake()
    }
  })
  await new Promise((open, refused) => {
    socket.once('open', open)
    socket.once('error', refused)
  })
  return {
    send: (text) => socket.send(text),
    async next(part) {
      const deadline = Date.now() + PATIENCE_MS
      for (;;) {
        for (let text = waiting.shift(); text !== undefined; text = waiting.shift())
          if (text.includes(part)) return text
        if (Date.now() > deadline) throw new Error(`no ${part} came`)
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, PATIENCE_MS).unref()
        })
      }
    },
    hear: (each) => (listener = each),
    close: () => socket.terminate(),
  }
}
