import type { WebSocket } from 'ws'
import type { SessionId } from '../../kernel/index.ts'
import type { Logger } from '../log.ts'
import type { SocketCounts } from './socket-counts.ts'

/** What is used of a socket of `ws`. */
export type RawSocket = Pick<
  WebSocket,
  'on' | 'off' | 'send' | 'ping' | 'close' | 'terminate' | 'readyState' | 'OPEN' | 'bufferedAmount'
>

/** One open socket, whatever it speaks. Text frames only go out; what comes in is handed on raw. */
export type SocketSession = {
  send(text: string): void
  /** UTF-8 text that the next one of the same key replaces (a position): while the peer is slow, only the newest waits. */
  sendLatest(text: Buffer, key?: string): void
  /** Runs tasks one after the other: an answer never overtakes what was asked before it. */
  enqueue(task: () => Promise<void>): void
  onFrame(listener: (frame: Frame) => void): void
  onClose(listener: () => void): void
  /** Runs `task` after so many milliseconds, unless the socket closes or the returned function is called before. */
  after(ms: number, task: () => void): () => void
  close(code: number, reason: string): void
  /** Nothing more is read or done here, not even what waits already; who does not leave is cut. */
  end(end: SocketEnd): void
  /**
   * Whose session this socket acts in. When that has ended, this ends as said.
   */
  standFor(sessionId: SessionId, end: SocketEnd): void
  readonly isOpen: boolean
  readonly hasEnded: boolean
  /** Whether the peer is behind in reading. */
  readonly isSlow: boolean
}

export type SocketEnd = { readonly code: number; readonly reason: string }

export type Frame = { readonly text: string } | { readonly binary: true }

const SLOW_BYTES = 256 * 1024
const STUCK_BYTES = 1024 * 1024
/** More waiting tasks than a well-behaved client can cause. */
const MAX_QUEUED = 100
/** Nor does somebody who was shut out and wants to stay. */
const LEAVE_MS = 1_000
/** A slow reader has to read all that is under way before he hears why he must go. */
const SLOW_LEAVE_MS = 10_000

const TOO_MANY: SocketEnd = { code: 1008, reason: 'too many messages at once' }

type Surroundings = {
  readonly log: Logger
  readonly counts: SocketCounts
  readonly slow: SocketEnd | undefined
  readonly flood: SocketEnd | undefined
  readonly register: (sessionId: SessionId, end: () => void) => void
}

export function createSession(
  socket: RawSocket,
  { log, counts, slow, flood = TOO_MANY, register }: Surroundings,
): SocketSession {
  let hasEnded = false
  const closers = createClosers(socket)
  const end = ({ code, reason }: SocketEnd, patienceMs = LEAVE_MS): void => {
    if (hasEnded) return
    hasEnded = true
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), patienceMs).unref()
  }
  const { write, writeLatest } = createWriter(socket, () => {
    counts.cut.slow.add()
    // It comes back for the current state; what is stored is not lost.
    if (slow) end(slow, SLOW_LEAVE_MS)
    else socket.terminate()
  })
  const enqueue = createQueue(socket, log, () => end(flood))

  return {
    send(text) {
      counts.out.add()
      write(text)
    },
    sendLatest(text, key = '') {
      counts.out.add()
      writeLatest(text, key)
    },
    enqueue: (task) => enqueue(() => (hasEnded ? Promise.resolve() : task())),
    onFrame(listener) {
      socket.on('message', (data, isBinary) => {
        // A peer can talk on while it is asked to leave.
        if (hasEnded) return
        // ws gives one Buffer per message unless told otherwise.
        listener(isBinary ? { binary: true } : { text: (data as Buffer).toString('utf8') })
      })
    },
    onClose: (listener) => void closers.add(listener),
    after: (ms, task) => runAfter(closers, ms, task),
    close: (code, reason) => socket.close(code, reason),
    end,
    standFor(sessionId, why) {
      // Its close is over, and nothing would ever forget it.
      if (socket.readyState !== socket.OPEN) socket.terminate()
      else register(sessionId, () => end(why))
    },
    get isOpen() {
      return socket.readyState === socket.OPEN
    },
    get hasEnded() {
      return hasEnded
    },
    get isSlow() {
      return socket.bufferedAmount > SLOW_BYTES
    },
  }
}

/** What is to be done at the close: one listener for all of it, however much it is. */
function createClosers(socket: RawSocket): Set<() => void> {
  const closers = new Set<() => void>()
  socket.on('close', () => {
    for (const closer of closers) closer()
  })
  return closers
}

/** Writes what the peer still reads. What only counts while it is the newest waits here until he has caught up. */
function createWriter(socket: RawSocket, giveUp: () => void) {
  const waiting = new Map<string, Buffer>()

  const write = (text: string | Buffer): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > STUCK_BYTES) giveUp()
    else socket.send(text, { binary: false }, catchUp)
  }
  /** Called when a frame has gone out: whatever makes the peer slow is always one of those. */
  const catchUp = (): void => {
    if (waiting.size === 0 || socket.bufferedAmount > SLOW_BYTES) return
    const texts = [...waiting.values()]
    waiting.clear()
    for (const text of texts) write(text)
  }
  const writeLatest = (text: Buffer, key: string): void => {
    if (socket.bufferedAmount > SLOW_BYTES) waiting.set(key, text)
    else {
      waiting.delete(key)
      write(text)
    }
  }
  return { write, writeLatest }
}

/** One task after the other, whatever becomes of each. */
function createQueue(
  socket: RawSocket,
  log: Logger,
  giveUp: () => void,
): (task: () => Promise<void>) => void {
  let queue: Promise<void> = Promise.resolve()
  let queued = 0
  return (task) => {
    if (++queued > MAX_QUEUED) {
      giveUp()
      return
    }
    queue = queue
      .then(task)
      .catch((error: unknown) => {
        // What it should have told is stored: the client comes back and gets the state.
        log.error({ err: error }, 'a socket task failed')
        socket.close(1013, 'try again')
      })
      .finally(() => queued--)
  }
}

function runAfter(closers: Set<() => void>, ms: number, task: () => void): () => void {
  const cancel = (): void => {
    clearTimeout(timer)
    closers.delete(cancel)
  }
  const timer = setTimeout(() => {
    cancel()
    task()
  }, ms)
  closers.add(cancel)
  return cancel
}
