import type { TootaError } from '../problem.ts'
import { OPEN, type Socket, type SocketConstructor } from './socket.ts'

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
  hello(): Promise<object>
  hear(data: unknown): void
  /** Why nobody should come back after this close code; undefined when one should. */
  finalReason(code: number): TootaError | undefined
  isFinal(error: unknown): error is TootaError
  changed(connection: Connection): void
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
/** A connection that held for so long is no part of a row of failures. */
const STEADY_MS = 10_000
/** The server pings at once and every 30 s. */
const SILENCE_MS = 75_000
/** By the client's own choice; browsers let it say no code below 3000 but this one. */
const DONE = 1000

/** One socket at a time, which comes back by itself: after half a second at most, then ever later up to half a minute. */
export class Line {
  readonly #options: LineOptions
  readonly #speech: Speech
  #state: Connection['state'] = 'stopped'
  #socket: Socket | undefined
  #failures = 0
  #welcomedAtMs = Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(options: LineOptions, speech: Speech) {
    this.#options = options
    this.#speech = speech
  }

  get state(): Connection['state'] {
    return this.#state
  }

  open(): void {
    if (this.#state !== 'stopped') return
    this.#failures = 0
    this.#connect()
  }

  /** The other side has answered the first frame. */
  welcomed(): void {
    this.#welcomedAtMs = this.#options.now()
    this.#become('open')
  }

  /** False when nothing can be said now; nothing is kept for later. */
  send(frame: object): boolean {
    if (this.#state !== 'open' || this.#socket?.readyState !== OPEN) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** Begins anew over another connection. */
  restart(): void {
    this.#drop()
    this.#comeBack()
  }

  stop(reason?: TootaError): void {
    clearTimeout(this.#timer)
    this.#drop()
    if (this.#state !== 'stopped') this.#become('stopped', reason)
  }

  #become(state: Connection['state'], reason?: TootaError): void {
    this.#state = state
    this.#speech.changed({ state, ...(reason && { reason }) })
  }

  #connect(): void {
    const { WebSocket = globalSocket(), baseUrl } = this.#options
    if (!WebSocket) throw new Error('There is no global WebSocket here: createToota({ WebSocket })')
    this.#become('connecting')
    this.#welcomedAtMs = Infinity
    const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/v1/live`)
    this.#socket = socket
    const isCurrent = (): boolean => this.#socket === socket
    socket.addEventListener('open', () => void this.#greet(socket))
    socket.addEventListener('message', ({ data }) => {
      if (!isCurrent()) return
      this.#expectNoise()
      this.#speech.hear(data)
    })
    // What went wrong is in the close that follows.
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', ({ code }) => {
      if (isCurrent()) this.#lose(code)
    })
    this.#expectNoise()
  }

  async #greet(socket: Socket): Promise<void> {
    try {
      const text = JSON.stringify(await this.#speech.hello())
      if (this.#socket === socket && socket.readyState === OPEN) socket.send(text)
    } catch (error) {
      if (this.#socket !== socket) return
      if (this.#speech.isFinal(error)) this.stop(error)
      else this.restart()
    }
  }

  #lose(code: number): void {
    this.#drop()
    const reason = this.#speech.finalReason(code)
    if (reason) this.#become('stopped', reason)
    else this.#comeBack()
  }

  #comeBack(): void {
    const hasHeld = this.#options.now() - this.#welcomedAtMs > STEADY_MS
    this.#failures = hasHeld ? 0 : this.#failures
    const longestMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#connect(), this.#options.random() * longestMs)
    this.#become('waiting')
  }

  /** A phone that changed networks hears nothing, not even a close. */
  #expectNoise(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.restart(), SILENCE_MS)
  }

  #drop(): void {
    clearTimeout(this.#silence)
    const socket = this.#socket
    this.#socket = undefined
    socket?.close(DONE)
  }
}

const globalSocket = (): SocketConstructor | undefined =>
  'WebSocket' in globalThis ? globalThis.WebSocket : undefined
