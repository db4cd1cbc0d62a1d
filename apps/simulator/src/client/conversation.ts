import type { Message } from './reading.ts'
import { openSocket, type SocketOptions } from './socket.ts'

/** Nothing fitting came in time, or the connection was lost and is back: what was said may be lost too. */
export type Interruption = 'silence' | 'reopened'

/** A socket whose messages are read in order, when the reader wants them. */
export type Conversation = {
  /** Waits for a connection if there is none. */
  say(message: Message): Promise<void>
  /** The first message that `read` understands; those before it are kept for later readers. */
  hear<Understood extends object>(
    read: (message: Message) => Understood | undefined,
    timeoutMs: number,
  ): Promise<Understood | Interruption>
  /** Forgets what was said and not read. */
  forget(): void
  close(): Promise<void>
}

type Reader = { tryRead(message: Message): boolean; interrupt(): void }

const KEPT_MESSAGES = 100
const SAY_PATIENCE_MS = 40_000

export type ConversationOptions = Omit<SocketOptions, 'onMessage' | 'onReopen'> & {
  /** Sees every message as it comes, read or not. */
  readonly overhear?: (message: Message) => void
}

export async function converse(options: ConversationOptions): Promise<Conversation> {
  const unread: Message[] = []
  const readers = new Set<Reader>()
  const reopened = new Set<() => void>()

  const socket = await openSocket({
    ...options,
    onMessage: (message) => {
      options.overhear?.(message)
      for (const reader of readers) if (reader.tryRead(message)) return
      unread.push(message)
      if (unread.length > KEPT_MESSAGES) unread.shift()
    },
    onReopen: () => {
      for (const reader of [...readers]) reader.interrupt()
      for (const wake of [...reopened]) wake()
    },
  })

  return {
    say: async (message) => {
      const giveUpAt = performance.now() + SAY_PATIENCE_MS
      while (!socket.say(message)) {
        const left = giveUpAt - performance.now()
        if (left <= 0) throw new Error(`No connection for ${options.path}`)
        await nextReopening(reopened, left)
      }
    },
    hear: (read, timeoutMs) => hearFrom(unread, readers, read, timeoutMs),
    forget: () => void unread.splice(0),
    close: () => socket.close(),
  }
}

function hearFrom<Understood extends object>(
  unread: Message[],
  readers: Set<Reader>,
  read: (message: Message) => Understood | undefined,
  timeoutMs: number,
): Promise<Understood | Interruption> {
  for (const [index, message] of unread.entries()) {
    const understood = read(message)
    if (understood !== undefined) {
      unread.splice(index, 1)
      return Promise.resolve(understood)
    }
  }
  return new Promise((resolve) => {
    const finish = (result: Understood | Interruption): true => {
      clearTimeout(timer)
      readers.delete(reader)
      resolve(result)
      return true
    }
    const timer = setTimeout(() => finish('silence'), timeoutMs)
    const reader: Reader = {
      tryRead: (message) => {
        const understood = read(message)
        return understood !== undefined && finish(understood)
      },
      interrupt: () => finish('reopened'),
    }
    readers.add(reader)
  })
}

function nextReopening(reopened: Set<() => void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      reopened.delete(wake)
      resolve()
    }
    const timer = setTimeout(wake, timeoutMs)
    reopened.add(wake)
  })
}
