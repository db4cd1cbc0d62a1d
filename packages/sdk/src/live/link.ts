import { readJson } from '../problem.ts'
import type { ClientFrame, Hello, ServerFrame } from './frames.ts'
import { OPEN, type Socket, type SocketConstructor } from './socket.ts'

/** What a {@link Link} tells whoever opened it. After `ended` it says nothing more. */
export type LinkEvents = {
  /** The first frame, asked for before anything is opened. What it throws ends the link. */
  hello(): Promise<Hello>
  heard(link: Link, frame: ServerFrame): void
  /** `code` of the close, or {@link LOST}; `error` is what `hello` threw. */
  ended(link: Link, code: number, error?: unknown): void
}

/** In place of a close code: nothing came for too long, or nothing could be opened. */
export const LOST = 0

const PROTOCOL = 'toota.v1'
/** From the first try to the welcome. */
const OPENING_MS = 10_000
/** The server says something every 10 s. */
const SILENCE_MS = 25_000
/** By the client's own choice; browsers let it say no code below 3000 but this one. */
const DONE = 1000

/** One socket from its opening to its end. */
export class Link {
  readonly openedAtMs: number
  heardAtMs: number
  readonly #events: LinkEvents
  readonly #now: () => number
  #socket: Socket | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #isOver = false

  constructor(url: string, WebSocket: SocketConstructor, now: () => number, events: LinkEvents) {
    this.#events = events
    this.#now = now
    this.openedAtMs = this.heardAtMs = now()
    void this.#open(url, WebSocket)
  }

  get isOpen(): boolean {
    return !this.#isOver && this.#socket?.readyState === OPEN
  }

  send(frame: Hello | ClientFrame): boolean {
    if (!this.isOpen) return false
    this.#socket?.send(JSON.stringify(frame))
    return true
  }

  /** Ends it without a word to the listener. */
  drop(): void {
    this.#isOver = true
    clearTimeout(this.#silence)
    this.#socket?.close(DONE)
  }

  #hear(data: unknown): void {
    if (this.#isOver) return
    this.heardAtMs = this.#now()
    this.#expectNoise(SILENCE_MS)
    const frame = typeof data === 'string' ? readJson(data) : undefined
    if (typeof frame === 'object' && frame !== null) this.#events.heard(this, frame as ServerFrame)
  }

  /** The hello is ready first: its token may have to be renewed, and the server waits for it only a moment. */
  async #open(url: string, WebSocket: SocketConstructor): Promise<void> {
    try {
      const hello = await this.#events.hello()
      if (this.#isOver) return
      this.#expectNoise(OPENING_MS)
      const socket = new WebSocket(url, PROTOCOL)
      this.#socket = socket
      socket.addEventListener('open', () => this.send(hello))
      socket.addEventListener('message', ({ data }) => this.#hear(data))
      // What went wrong is in the close that follows.
      socket.addEventListener('error', () => undefined)
      socket.addEventListener('close', ({ code }) => this.#end(code))
    } catch (error) {
      this.#end(LOST, error)
    }
  }

  /** A phone that changed networks hears nothing, not even a close. */
  #expectNoise(withinMs: number): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#end(LOST), withinMs)
  }

  #end(code: number, error?: unknown): void {
    if (this.#isOver) return
    this.drop()
    this.#events.ended(this, code, error)
  }
}
