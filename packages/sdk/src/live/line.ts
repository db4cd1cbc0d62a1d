import type { TootaError } from '../problem.ts'
import { backOffMs } from './back-off.ts'
import type { ClientFrame, Hello, ServerFrame } from './frames.ts'
import { Link, LOST } from './link.ts'
import type { SocketConstructor } from './socket.ts'
import { watchWake } from './wake.ts'

/**
 * `waiting`: the connection is lost and will be tried again. `stopped`: it will not, for `reason`, or because `close` was
 * called.
 */
export type Connection = {
  readonly state: 'connecting' | 'open' | 'waiting' | 'stopped'
  readonly reason?: TootaError
}

export type LineOptions = {
  /** Of the server, http or https; the scheme is changed. */
  readonly baseUrl: string
  readonly WebSocket: SocketConstructor | undefined
  readonly now: () => number
  readonly random: () => number
}

/** What a {@link Line} asks of whoever speaks over it. */
export type Speech = {
  /** The first frame of a connection. Throws what makes a further attempt useless, or may be repeated. */
  hello(): Promise<Hello>
  hear(frame: ServerFrame): void
  /** From here on can be spoken, also where the state was `open` already: it is another connection. */
  opened(): void
  /** Why nobody should come back after this close code; undefined when one should. */
  finalReason(code: number): TootaError | undefined
  isFinal(error: unknown): error is TootaError
  changed(connection: Connection): void
}

/** A connection that held for so long is no part of a row of failures. */
const STEADY_MS = 60_000
/** A `pos` comes every 10 s: by then one is missing. */
const OVERDUE_MS = 12_000
/** Two signals of the same change. */
const SAME_CHANGE_MS = 1_000
/** The newer socket of this device is our own, where one is being opened. */
const REPLACED = 4505
/** Too many frames: not at once again. */
const FLOODED = 4029
const FLOODED_FAILURES = 4

/**
 * The connection, which comes back by itself. A socket that has to be given up but still works is kept until the next one has
 * been welcomed.
 */
export class Line {
  readonly #options: LineOptions
  readonly #speech: Speech
  #state: Connection['state'] = 'stopped'
  /** The one that was welcomed. */
  #link: Link | undefined
  /** The one that is being opened. */
  #next: Link | undefined
  #failures = 0
  #welcomedAtMs = Infinity
  /** Opens the next link. */
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopWatching = (): void => undefined

  constructor(options: LineOptions, speech: Speech) {
    this.#options = options
    this.#speech = speech
  }

  get state(): Connection['state'] {
    return this.#state
  }

  get isOpen(): boolean {
    return this.#state === 'open' && this.#link?.isOpen === true
  }

  open(): void {
    if (this.#state !== 'stopped') return
    this.#failures = 0
    const { now } = this.#options
    this.#connect()
    this.#stopWatching = watchWake({
      now,
      slept: () => this.check(),
      networkChanged: () => this.hurry(),
    })
  }

  /** False when nothing can be said now; nothing is kept for later. */
  send(frame: ClientFrame): boolean {
    return this.#state === 'open' && this.#link?.send(frame) === true
  }

  /** Begins anew over another connection. */
  restart(): void {
    this.#drop()
    this.#comeBack()
  }

  /** This server goes away: another connection at a moment of chance, while this one still speaks. */
  drain(afterMs: number): void {
    this.#plan(this.#options.random() * afterMs)
  }

  /** What is open may belong to a network that is gone: opens another at once. */
  hurry(): void {
    if (this.#state === 'stopped') return
    if (this.#next && this.#options.now() - this.#next.openedAtMs < SAME_CHANGE_MS) return
    this.#failures = 0
    this.#connect()
  }

  /** Time has passed unseen: tries at once, or looks whether the connection still lives. */
  check(): void {
    const silentMs = this.#options.now() - ((this.#link ?? this.#next)?.heardAtMs ?? 0)
    if (this.#state === 'waiting' || silentMs > OVERDUE_MS) this.hurry()
  }

  stop(reason?: TootaError): void {
    this.#stopWatching()
    this.#stopWatching = () => undefined
    this.#drop()
    if (this.#state !== 'stopped') this.#become('stopped', reason)
  }

  #become(state: Connection['state'], reason?: TootaError): void {
    if (this.#state === state) return
    this.#state = state
    this.#speech.changed({ state, ...(reason && { reason }) })
  }

  #connect(): void {
    const { WebSocket = globalSocket(), baseUrl, now } = this.#options
    if (!WebSocket) throw new Error('There is no global WebSocket here: createToota({ WebSocket })')
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#next?.drop()
    this.#next = new Link(`${baseUrl.replace(/^http/, 'ws')}/v1/live`, WebSocket, now, {
      hello: () => this.#speech.hello(),
      heard: (link, frame) => this.#hear(link, frame),
      ended: (link, code, error) => this.#lose(link, code, error),
    })
    if (!this.#link) this.#become('connecting')
  }

  #hear(link: Link, frame: ServerFrame): void {
    if (link === this.#next && frame.t === 'welcome') {
      this.#link?.drop()
      this.#link = link
      this.#next = undefined
      this.#welcomedAtMs = this.#options.now()
      this.#speech.hear(frame)
      this.#become('open')
      this.#speech.opened()
    } else if (link === this.#link) this.#speech.hear(frame)
  }

  #lose(link: Link, code: number, error: unknown): void {
    const isReplaced = link === this.#link && code === REPLACED && this.#next !== undefined
    if (link === this.#link) this.#link = undefined
    else this.#next = undefined

    const reason = this.#speech.isFinal(error) ? error : isReplaced ? undefined : this.#finalReason(code)
    if (reason) this.stop(reason)
    else if (this.#next) this.#become('connecting')
    else if (this.#timer === undefined) this.#comeBack(code)
    // The moment that was drawn for the drain stays.
    else if (!this.#link) this.#become('waiting')
  }

  #finalReason(code: number): TootaError | undefined {
    return code === LOST ? undefined : this.#speech.finalReason(code)
  }

  #comeBack(code = LOST): void {
    const { now, random } = this.#options
    if (now() - this.#welcomedAtMs > STEADY_MS) this.#failures = 0
    this.#welcomedAtMs = Infinity
    if (code === FLOODED) this.#failures = Math.max(this.#failures, FLOODED_FAILURES)
    this.#plan(backOffMs(this.#failures++, random))
    if (!this.#link) this.#become('waiting')
  }

  #plan(afterMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#connect(), afterMs)
  }

  #drop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const link of [this.#link, this.#next]) link?.drop()
    this.#link = this.#next = undefined
  }
}

const globalSocket = (): SocketConstructor | undefined =>
  'WebSocket' in globalThis ? globalThis.WebSocket : undefined
