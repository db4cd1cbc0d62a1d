import type { components } from '../api-types.ts'
import { readJson, TootaError, type ErrorCode } from '../problem.ts'
import type { Session } from '../session.ts'
import type { Point } from '../types.ts'
import { Line, type Connection, type LineOptions } from './line.ts'
import { Listeners } from './listeners.ts'

type Schemas = components['schemas']
type Welcome = Schemas['LiveWelcome']
type ClientFrame = Schemas['LiveHello'] | Schemas['LiveAck'] | Schemas['LiveLoc'] | Schemas['LiveWatch']
type ServerFrame =
  | Welcome
  | LiveEvent
  | Schemas['LiveDriverLoc']
  | Schemas['LiveProblem']
  | Schemas['LiveSnapshot']
  | Schemas['LivePos']

/** What an account is told, by kind. State with a version: look at the trip for more. */
export type LiveEvent = Schemas['LiveEvent']

/** What can be listened to. */
export type LiveEvents = { [Event in LiveEvent as Event['kind']]: Event } & {
  /** Where the driver of a watched trip is (WGS 84 degrees). */
  position: Schemas['LiveDriverLoc']
  /** The server refused a fix or a watch; the connection stays. */
  problem: Schemas['LiveProblem']
  connection: Connection
}

/** From here on coming back changes nothing by itself. */
const FIRST_FINAL_CODE = 4500
const BAD_TOKEN = 4501
const FINAL_CODES: Readonly<Record<number, ErrorCode>> = {
  [BAD_TOKEN]: 'not-authenticated',
  4504: 'not-authenticated',
  4507: 'too-many-requests',
}
const OVER: ReadonlySet<string> = new Set(['completed', 'cancelled', 'expired'])

/**
 * The one socket of an account. It comes back by itself, asks for what it missed, and tells each event once and in order.
 * What happened before its first connection is not told: read it by the calls.
 */
export class Live {
  readonly #session: Session
  readonly #listeners = new Listeners<LiveEvents>()
  readonly #watched = new Set<string>()
  readonly #line: Line
  /** The last event that was told. */
  #seq: number | undefined
  /** The numbering that `seq` belongs to. */
  #epoch = ''
  #token = ''
  /** The server refused the token; the next hello brings another, once. */
  #refusals = 0

  constructor(options: LineOptions, session: Session) {
    this.#session = session
    this.#line = new Line(options, {
      hello: () => this.#hello(),
      hear: (data) => this.#hear(data),
      finalReason: (code) => this.#finalReason(code),
      isFinal: (error): error is TootaError => error instanceof TootaError && error.status === 401,
      changed: (connection) => this.#listeners.emit('connection', connection),
    })
    session.onEnd(() => {
      this.#seq = undefined
      this.#watched.clear()
      this.#line.stop(signedOut('The session has ended'))
    })
  }

  get state(): Connection['state'] {
    return this.#line.state
  }

  /** Listens to one kind of event. Answers with a function that stops it. */
  on<Kind extends keyof LiveEvents>(kind: Kind, listener: (event: LiveEvents[Kind]) => void): () => void {
    return this.#listeners.on(kind, listener)
  }

  /** The next event of a kind that is wanted. Throws the signal's reason when it is aborted first. */
  next<Kind extends keyof LiveEvents>(
    kind: Kind,
    isWanted: (event: LiveEvents[Kind]) => boolean = () => true,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<LiveEvents[Kind]> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        off()
        signal?.removeEventListener('abort', giveUp)
        settle()
      }
      const giveUp = (): void => finish(() => reject(signal?.reason as Error))
      const off = this.on(kind, (event) => {
        if (isWanted(event)) finish(() => resolve(event))
      })
      if (signal?.aborted) giveUp()
      else signal?.addEventListener('abort', giveUp)
    })
  }

  /** Resolves when the server has said welcome, however often that takes trying. `not-authenticated`, and the final close codes. */
  async connect(): Promise<void> {
    if (this.#line.state === 'open') return
    await this.#session.accessToken()
    const settled = this.next('connection', ({ state }) => state === 'open' || state === 'stopped')
    if (this.#line.state === 'stopped') this.#refusals = 0
    this.#line.open()
    const { state, reason } = await settled
    if (state === 'stopped') throw reason ?? new Error('The connection was closed')
  }

  /** Ends the connection; {@link Live.connect} opens another, which goes on where this one ended. */
  close(): void {
    this.#line.stop()
  }

  /** A driver says where he is (WGS 84 degrees). False when there is no connection: the next fix will do. */
  reportPosition({ latitude, longitude }: Point): boolean {
    return this.#say({ t: 'loc', latitude, longitude })
  }

  /** Follows the driver of an own active trip, by `position`, until the trip or the returned function ends it. */
  watch(tripId: string): () => void {
    this.#watched.add(tripId)
    this.#say({ t: 'watch', tripId })
    return () => {
      if (this.#watched.delete(tripId)) this.#say({ t: 'watch', tripId, on: false })
    }
  }

  #say(frame: ClientFrame): boolean {
    return this.#line.send(frame)
  }

  async #hello(): Promise<ClientFrame> {
    this.#token = await (this.#refusals > 0 ? this.#session.renew(this.#token) : this.#session.accessToken())
    const resume = this.#seq === undefined ? {} : { resume: { epoch: this.#epoch, seq: this.#seq } }
    return { t: 'hello', v: 1, token: this.#token, ...resume }
  }

  #hear(data: unknown): void {
    const frame = (typeof data === 'string' ? readJson(data) : undefined) as Partial<ServerFrame> | undefined
    // A newer server may say what this client does not know yet.
    switch (frame?.t) {
      case 'welcome':
        this.#welcome(frame as Welcome)
        break
      case 'evt':
        this.#apply(frame as LiveEvent)
        break
      case 'loc':
        this.#listeners.emit('position', frame as Schemas['LiveDriverLoc'])
        break
      case 'problem':
        this.#listeners.emit('problem', frame as Schemas['LiveProblem'])
        break
      case 'snapshot':
        this.#seq = (frame as Schemas['LiveSnapshot']).seq
        break
      case 'pos':
        this.#say({ t: 'ack', seq: this.#seq ?? 0 })
        break
      case undefined:
        break
    }
  }

  #welcome({ epoch, seq }: Welcome): void {
    this.#refusals = 0
    this.#epoch = epoch
    this.#seq = Math.min(this.#seq ?? seq, seq)
    this.#line.welcomed()
    // The server forgets with the connection.
    for (const tripId of this.#watched) this.#say({ t: 'watch', tripId })
  }

  /** A repeat is passed over; behind a gap everything is asked for again. */
  #apply(event: LiveEvent): void {
    const expected = (this.#seq ?? 0) + 1
    if (event.seq < expected) return
    if (event.seq > expected) {
      this.#line.restart()
      return
    }
    this.#seq = event.seq
    if (event.kind === 'trip.changed' && OVER.has(event.data.status)) this.#watched.delete(event.data.tripId)
    this.#listeners.emit(event.kind, event)
  }

  #finalReason(code: number): TootaError | undefined {
    if (code === BAD_TOKEN && this.#refusals++ === 0) return undefined
    if (code < FIRST_FINAL_CODE) return undefined
    const known = FINAL_CODES[code]
    if (known === 'not-authenticated') return signedOut(`The server closed the connection (${code})`)
    const facts = { code: known ?? 'unexpected-answer', retryable: known !== undefined }
    return new TootaError({ ...facts, message: `The server closed the connection (${code})` })
  }
}

const signedOut = (message: string): TootaError =>
  new TootaError({ code: 'not-authenticated', message, status: 401, retryable: false })
