import { setTimeout as delay } from 'node:timers/promises'
import type { SessionId } from '../../kernel/index.ts'
import type { Logger } from '../log.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { createSession, type RawSocket, type SocketEnd, type SocketSession } from './session.ts'
import { createSocketCounts } from './socket-counts.ts'

/** Sockets of one process: their pings, their dead peers, their end. One timer for all of them. */
export type SocketHub = {
  open(socket: RawSocket, options: SessionOptions): SocketSession
  readonly size: number
  /** The sessions that open sockets stand for. */
  openSessions(): SessionId[]
  /** Closes every socket of these sessions. */
  endSessions(sessionIds: readonly SessionId[]): void
  /** Who comes now should go elsewhere. */
  readonly isDraining: boolean
  /** Asks every client to come back elsewhere, gives those who understand it so long, and then cuts who is still there. */
  drain(patienceMs?: number): Promise<void>
}

export type SessionOptions = {
  /** What the socket is for, in a word of the code: its metrics are counted by it. */
  readonly kind: string
  /** A divisor of 30. */
  readonly everySeconds: number
  /** Text sent at once (after `greeting`) and then every so many seconds; undefined: nothing to say yet. */
  readonly ping: () => string | undefined
  readonly greeting: string | undefined
  /** How its wire says goodbye. Without: cut without a word, and 1012 when the process stops. */
  readonly farewell?: Farewell
}

export type Farewell = {
  /** Nothing was heard for so long. */
  readonly silence: { readonly afterMs: number; readonly end: SocketEnd }
  /** It does not read what is sent. */
  readonly slow: SocketEnd
  /** It says more than can be answered. */
  readonly flood: SocketEnd
  /** Said first when the process stops, then the end for who is still there. */
  readonly drain: { readonly text: (afterMs: number) => string; readonly end: SocketEnd }
}

/** Sockets are spread over this many seconds. */
const PING_GROUPS = 30
/** Clients block for a minute and more while a driver thinks, so silence is tolerated longer than usual. */
const SILENCE_MS = 150_000
/** A phone without signal never answers the close. */
const CLOSE_MS = 1_500

type Peer = {
  readonly socket: RawSocket
  readonly session: SocketSession
  readonly group: number
  readonly options: SessionOptions
  heardAt: number
}

export function createSocketHub(
  log: Logger,
  now: () => number,
  metrics: Metrics = createMetrics(),
): SocketHub {
  const countsOf = createSocketCounts(metrics)
  const peers = new Set<Peer>()
  const endings = createEndings()
  let opened = 0
  let second = 0
  let isDraining = false

  const timer = setInterval(() => {
    second = (second + 1) % PING_GROUPS
    for (const peer of peers) cutOrPing(peer, now(), second, metrics)
  }, 1_000)

  return {
    open(socket, options) {
      const counts = countsOf(options.kind)
      const session = createSession(socket, {
        log,
        counts,
        slow: options.farewell?.slow,
        flood: options.farewell?.flood,
        register: (sessionId, end) => endings.add(sessionId, socket, end),
      })
      const peer: Peer = { socket, session, group: opened++ % PING_GROUPS, options, heardAt: now() }
      peers.add(peer)
      counts.opened()
      socket.on('pong', () => (peer.heardAt = now()))
      socket.on('ping', () => (peer.heardAt = now()))
      socket.on('message', () => {
        peer.heardAt = now()
        counts.in.add()
      })
      socket.on('error', (error) => log.debug({ err: error }, 'socket error'))
      socket.on('close', () => {
        peers.delete(peer)
        counts.closed()
      })
      for (const text of [options.greeting, options.ping()]) if (text !== undefined) session.send(text)
      return session
    },
    get size() {
      return peers.size
    },
    openSessions: endings.sessionIds,
    endSessions: endings.end,
    get isDraining() {
      return isDraining
    },
    async drain(patienceMs = 0) {
      isDraining = true
      await sendAway(peers, patienceMs)
      clearInterval(timer)
    },
  }
}

type Endings = {
  readonly add: (sessionId: SessionId, socket: RawSocket, end: () => void) => void
  readonly sessionIds: () => SessionId[]
  readonly end: (sessionIds: readonly SessionId[]) => void
}

/** What ends the sockets of each session. */
function createEndings(): Endings {
  const endings = new Map<SessionId, Set<() => void>>()
  return {
    add: (sessionId, socket, end) => {
      const ends = endings.get(sessionId) ?? new Set()
      endings.set(sessionId, ends.add(end))
      socket.on('close', () => {
        ends.delete(end)
        if (ends.size === 0 && endings.get(sessionId) === ends) endings.delete(sessionId)
      })
    },
    sessionIds: () => [...endings.keys()],
    end: (sessionIds) => {
      for (const sessionId of sessionIds) for (const end of endings.get(sessionId) ?? []) end()
    },
  }
}

/** A peer that has said nothing for long is cut, any other asked for a sign when it is its turn. */
function cutOrPing(peer: Peer, now: number, second: number, metrics: Metrics): void {
  const { socket, session, options, heardAt } = peer
  const { afterMs, end } = options.farewell?.silence ?? { afterMs: SILENCE_MS, end: undefined }
  if (now - heardAt > afterMs) {
    if (session.hasEnded) return
    metrics.count('toota_sockets_cut_total', { reason: 'silent' })
    if (end) session.end(end)
    else socket.terminate()
  } else if ((peer.group - second) % options.everySeconds === 0 && socket.readyState === socket.OPEN) {
    const text = options.ping()
    if (text !== undefined) session.send(text)
    socket.ping()
  }
}

async function sendAway(peers: ReadonlySet<Peer>, patienceMs: number): Promise<void> {
  for (const { socket, session, options } of peers) {
    if (options.farewell) session.send(options.farewell.drain.text(patienceMs))
    else socket.close(1012, 'restarting')
  }
  const hasPatient = (): boolean => [...peers].some(({ options }) => options.farewell !== undefined)
  for (let waited = 0; hasPatient() && waited < patienceMs; waited += 50) await delay(50)
  for (const { session, options } of peers) if (options.farewell) session.end(options.farewell.drain.end)
  for (let waited = 0; peers.size > 0 && waited < CLOSE_MS; waited += 50) await delay(50)
  for (const { socket } of peers) socket.terminate()
}
