import type { WebSocket } from 'ws'
import { setTimeout as delay } from 'node:timers/promises'
import type { SessionId } from '../../kernel/index.ts'
import type { Logger } from '../log.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { createSocketCounts, type SocketCounts } from './socket-counts.ts'

/** What is used of a socket of `ws`. */
export type RawSocket = Pick<
  WebSocket,
  'on' | 'off' | 'send' | 'ping' | 'close' | 'terminate' | 'readyState' | 'OPEN' | 'bufferedAmount'
>

/** One open socket, whatever it speaks. Text frames only go out; what comes in is handed on raw. */
export type SocketSession = {
  send(text: string): void
  /** UTF-8 text that the next one replaces (a position): left out while the peer is slow. */
  sendLatest(text: Buffer): void
  /** Runs tasks one after the other: an answer never overtakes what was asked before it. */
  enqueue(task: () => Promise<void>): void
  onFrame(listener: (frame: Frame) => void): void
  onClose(listener: () => void): void
  /** Runs `task` after so many milliseconds, unless the socket closes or the returned function is called before. */
  after(ms: number, task: () => void): () => void
  close(code: number, reason: string): void
  /**
   * Whose session this socket acts in. When that has ended, nothing more is read or done here, not even what waits
   * already, and the socket closes as said.
   */
  standFor(sessionId: SessionId, end: SocketEnd): void
  readonly isOpen: boolean
}

export type SocketEnd = { readonly code: number; readonly reason: string }

export type Frame = { readonly text: string } | { readonly binary: true }

const SLOW_BYTES = 256 * 1024
const STUCK_BYTES = 1024 * 1024
/** More waiting tasks than a well-behaved client can cause. */
const MAX_QUEUED = 100

/** Sockets of one process: their pings, their dead peers, their end. One timer for all of them. */
export type SocketHub = {
  open(socket: RawSocket, options: SessionOptions): SocketSession
  readonly size: number
  /** The sessions that open sockets stand for. */
  openSessions(): SessionId[]
  /** Closes every socket of these sessions. */
  endSessions(sessionIds: readonly SessionId[]): void
  /** Asks every client to come back later, and after a moment cuts those who do not answer. */
  drain(): Promise<void>
}

export type SessionOptions = {
  /** What the socket is for, in a word of the code: its metrics are counted by it. */
  readonly kind: string
  /** A divisor of 30. */
  readonly everySeconds: number
  /** Text sent at once (after `greeting`) and then every so many seconds; undefined: nothing to say yet. */
  readonly ping: () => string | undefined
  readonly greeting: string | undefined
}

/** Sockets are spread over this many seconds. */
const PING_GROUPS = 30
/** Clients block for a minute and more while a driver thinks, so silence is tolerated longer than usual. */
const SILENCE_MS = 150_000
/** A phone without signal never answers the close. */
const DRAIN_MS = 1_500
/** Nor does somebody who was shut out and wants to stay. */
const LEAVE_MS = 1_000

type Peer = { socket: RawSocket; group: number; options: SessionOptions; heardAt: number }

export function createSocketHub(
  log: Logger,
  now: () => number,
  metrics: Metrics = createMetrics(),
): SocketHub {
  const countsOf = createSocketCounts(metrics)
  const peers = new Set<Peer>()
  const endings = new Map<SessionId, Set<() => void>>()
  let opened = 0
  let second = 0

  const timer = setInterval(() => {
    second = (second + 1) % PING_GROUPS
    for (const peer of peers) {
      if ((peer.group - second) % peer.options.everySeconds === 0) pingOrCut(peer, now(), metrics)
    }
  }, 1_000)

  return {
    open(socket, options) {
      const peer: Peer = { socket, group: opened++ % PING_GROUPS, options, heardAt: now() }
      const counts = countsOf(options.kind)
      peers.add(peer)
      counts.opened()
      socket.on('pong', () => (peer.heardAt = now()))
      socket.on('message', () => {
        peer.heardAt = now()
        counts.in.add()
      })
      socket.on('error', (error) => log.debug({ err: error }, 'socket error'))
      socket.on('close', () => {
        peers.delete(peer)
        counts.closed()
      })
      const session = createSession(socket, log, counts, (sessionId, end) => {
        const ends = endings.get(sessionId) ?? new Set()
        endings.set(sessionId, ends.add(end))
        socket.on('close', () => {
          ends.delete(end)
          if (ends.size === 0 && endings.get(sessionId) === ends) endings.delete(sessionId)
        })
      })
      if (options.greeting !== undefined) session.send(options.greeting)
      const text = options.ping()
      if (text !== undefined) session.send(text)
      return session
    },
    get size() {
      return peers.size
    },
    openSessions: () => [...endings.keys()],
    endSessions(sessionIds) {
      for (const sessionId of sessionIds) for (const end of endings.get(sessionId) ?? []) end()
    },
    async drain() {
      clearInterval(timer)
      await sendAway(peers)
    },
  }
}

async function sendAway(peers: ReadonlySet<Peer>): Promise<void> {
  for (const { socket } of peers) socket.close(1012, 'restarting')
  for (let waited = 0; peers.size > 0 && waited < DRAIN_MS; waited += 50) await delay(50)
  for (const { socket } of peers) socket.terminate()
}

/** A peer that has said nothing for long is cut, any other asked for a sign. */
function pingOrCut({ socket, options, heardAt }: Peer, now: number, metrics: Metrics): void {
  if (now - heardAt > SILENCE_MS) {
    metrics.count('toota_sockets_cut_total', { reason: 'silent' })
    socket.terminate()
  } else if (socket.readyState === socket.OPEN) {
    const text = options.ping()
    if (text !== undefined) socket.send(text)
    socket.ping()
  }
}

function createSession(
  socket: RawSocket,
  log: Logger,
  counts: SocketCounts,
  register: (sessionId: SessionId, end: () => void) => void,
): SocketSession {
  let hasEnded = false
  const enqueue = createQueue(socket, log)

  const write = (text: string | Buffer): void => {
    if (socket.readyState !== socket.OPEN) return
    // A peer that stopped reading comes back for the current state; what is stored is not lost.
    if (socket.bufferedAmount > STUCK_BYTES) {
      counts.cut.slow.add()
      socket.terminate()
    } else {
      counts.out.add()
      socket.send(text, { binary: false })
    }
  }

  return {
    send: write,
    sendLatest: (text) => {
      if (socket.bufferedAmount <= SLOW_BYTES) write(text)
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
    onClose: (listener) => socket.on('close', listener),
    after: (ms, task) => runAfter(socket, ms, task),
    close: (code, reason) => socket.close(code, reason),
    standFor(sessionId, { code, reason }) {
      // Its close is over, and nothing would ever forget it.
      if (socket.readyState !== socket.OPEN) {
        socket.terminate()
        return
      }
      register(sessionId, () => {
        if (hasEnded) return
        hasEnded = true
        socket.close(code, reason)
        setTimeout(() => socket.terminate(), LEAVE_MS).unref()
      })
    },
    get isOpen() {
      return socket.readyState === socket.OPEN
    },
  }
}

/** One task after the other, whatever becomes of each. */
function createQueue(socket: RawSocket, log: Logger): (task: () => Promise<void>) => void {
  let queue: Promise<void> = Promise.resolve()
  let queued = 0
  return (task) => {
    if (++queued > MAX_QUEUED) {
      socket.close(1008, 'too many messages at once')
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

function runAfter(socket: RawSocket, ms: number, task: () => void): () => void {
  const cancel = (): void => {
    clearTimeout(timer)
    socket.off('close', cancel)
  }
  const timer = setTimeout(() => {
    cancel()
    task()
  }, ms)
  socket.on('close', cancel)
  return cancel
}
