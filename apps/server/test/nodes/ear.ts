import { WebSocket } from 'ws'

type Frame = Readonly<Record<string, unknown>> & { readonly t: string }

/** One account's `/v1/live` that comes back at whichever node is there, and notes what it was told. */
export class Ear {
  /** Numbers of the events, as they came. */
  readonly seqs: number[] = []
  readonly events: Frame[] = []
  readonly locs: Frame[] = []
  /** How long each break lasted, until the welcome of another node. */
  readonly breaksMs: number[] = []
  readonly #token: string
  readonly #pick: () => string
  #socket: WebSocket | undefined
  #epoch: unknown
  #brokenAt: number | undefined
  #isClosed = false
  #ready: () => void = () => undefined

  constructor(token: string, pick: () => string) {
    this.#token = token
    this.#pick = pick
  }

  /** Resolves with the first welcome. */
  open(): Promise<void> {
    return new Promise((done) => {
      this.#ready = done
      this.#connect()
    })
  }

  send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  close(): void {
    this.#isClosed = true
    this.#socket?.terminate()
  }

  #connect(): void {
    const socket = new WebSocket(`${this.#pick().replace('http', 'ws')}/v1/live`, {
      headers: { authorization: `Bearer ${this.#token}` },
      handshakeTimeout: 2_000,
    })
    this.#socket = socket
    socket.on('open', () => {
      const resume =
        this.#epoch === undefined ? {} : { resume: { epoch: this.#epoch, seq: this.seqs.at(-1) ?? 0 } }
      socket.send(JSON.stringify({ t: 'hello', v: 1, ...resume }))
    })
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString('utf8')) as Frame))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#isClosed) return
      this.#brokenAt ??= performance.now()
      setTimeout(() => this.#connect(), 50 + Math.random() * 100)
    })
  }

  #hear(frame: Frame): void {
    if (frame.t === 'welcome') {
      this.#epoch = frame['epoch']
      if (this.#brokenAt !== undefined) this.breaksMs.push(performance.now() - this.#brokenAt)
      this.#brokenAt = undefined
      this.#ready()
    }
    if (frame.t === 'loc') this.locs.push(frame)
    if (frame.t !== 'evt') return
    const seq = Number(frame['seq'])
    if (seq <= (this.seqs.at(-1) ?? 0)) return
    this.seqs.push(seq)
    this.events.push(frame)
  }
}
