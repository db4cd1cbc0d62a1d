import { signedOut, TootaError } from '../problem.ts'
import type { Session, SignOutReason, Storage } from '../session.ts'
import type { CommandArgs, CommandData, CommandName } from './commands.ts'
import { Fixes, type PositionReport } from './fixes.ts'
import type { FrameOf, LiveEvent, Position, ServerFrame, Welcome } from './frames.ts'
import { Greeting } from './greeting.ts'
import { KeptCommands } from './kept-commands.ts'
import { KeptPosition } from './kept-position.ts'
import { Line, type Connection, type LineOptions } from './line.ts'
import { Listeners } from './listeners.ts'
import type { LiveEvents } from './live-events.ts'
import {
  Outbox,
  type CommandOutcome,
  type HttpRoad,
  type PendingCommand,
  type SendOptions,
} from './outbox.ts'
import { Stream } from './stream.ts'

export type ConnectOptions = {
  /** Begins with a `snapshot` of the whole state, where there is no event to go on from. */
  readonly snapshot?: boolean
  /** Goes on behind this event of an earlier run; {@link Live.position} is what to keep for it. */
  readonly resume?: Position
}

export type LiveOptions = LineOptions & {
  readonly storage: Storage
  readonly keepsPosition: boolean
  readonly byHttp: HttpRoad
}

/** Nobody drives there any more, or another one will. */
const WITHOUT_DRIVER: ReadonlySet<string> = new Set(['pending', 'completed', 'cancelled', 'expired'])

/**
 * The one connection of an account. It comes back by itself, asks for what it missed, and tells each event once and in order.
 * What happened before its first connection is told where {@link ConnectOptions} ask for it.
 */
export class Live {
  readonly #session: Session
  readonly #options: LiveOptions
  readonly #listeners = new Listeners<LiveEvents>()
  readonly #watched = new Set<string>()
  readonly #keptPosition: KeptPosition
  readonly #greeting: Greeting
  readonly #line: Line
  readonly #stream: Stream
  readonly #fixes: Fixes
  readonly #outbox: Outbox
  #serverAheadMs = 0

  constructor(options: LiveOptions, session: Session) {
    const { now, random, storage, byHttp } = options
    this.#session = session
    this.#options = options
    this.#keptPosition = new KeptPosition(storage)
    this.#greeting = new Greeting(session)
    this.#line = new Line(options, {
      hello: () => this.#greeting.hello(() => this.#stream.resume()),
      hear: (frame) => this.#hear(frame),
      opened: () => this.#opened(),
      finalReason: (code) => this.#greeting.finalReason(code),
      isFinal: (error): error is TootaError => error instanceof TootaError && error.status === 401,
      changed: (connection) => this.#changed(connection),
    })
    const say = this.#line.send.bind(this.#line)
    this.#stream = new Stream({
      ask: (seq) => say({ t: 'resume', seq }),
      restart: () => this.#line.restart(),
      event: (event) => this.#tell(event),
      snapshot: (snapshot) => this.#listeners.emit('snapshot', snapshot),
      moved: (position) => this.#keep(position),
    })
    this.#fixes = new Fixes({ send: say, isOpen: () => this.#line.isOpen, now })
    const tell = (outcome: CommandOutcome): void => this.#listeners.emit('command', outcome)
    this.#outbox = new Outbox({ kept: new KeptCommands(storage), byHttp, say, now, random, tell })
    session.onEnd((reason) => void this.#leave(reason))
  }

  get state(): Connection['state'] {
    return this.#line.state
  }

  /** The last event that was told, for {@link ConnectOptions.resume}. */
  get position(): Position | undefined {
    return this.#stream.position
  }

  /** What waits for a connection or for its answer, oldest first. */
  get pendingCommands(): readonly PendingCommand[] {
    return this.#outbox.pending
  }

  /** Milliseconds since 1970 by the server's clock, which decides when an offer ends. */
  serverNow(): number {
    return this.#options.now() + this.#serverAheadMs
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
    return this.#listeners.next(kind, isWanted, signal)
  }

  /** Resolves when the server has said welcome, however often that takes trying. `not-authenticated`, and the final close codes. */
  async connect({ snapshot = false, resume }: ConnectOptions = {}): Promise<void> {
    if (this.#line.state === 'open') return
    await this.#session.restore()
    const { accountId } = this.#session.identity ?? {}
    if (accountId === undefined) throw signedOut('Nobody is signed in (not-authenticated)')
    const kept = this.#options.keepsPosition ? await this.#keptPosition.of(accountId) : undefined
    const from = resume ?? kept
    if (from) this.#stream.resumeAt(from)
    if (snapshot) this.#stream.wantSnapshot()
    const settled = this.next('connection', ({ state }) => state === 'open' || state === 'stopped')
    if (this.#line.state === 'stopped') this.#greeting.begin()
    void this.#outbox.start(accountId)
    this.#line.open()
    const { state, reason } = await settled
    if (state === 'stopped') throw reason ?? new Error('The connection was closed')
  }

  /** Ends the connection; {@link Live.connect} opens another, which goes on where this one ended. */
  close(): void {
    this.#line.stop()
  }

  /**
   * For programs that know more of their network than a browser's page: opens another connection at once, whatever the old one seems
   * to be.
   */
  networkChanged(): void {
    this.#line.hurry()
  }

  /**
   * Says something to the server, over the socket or else by HTTP, until it is answered. While there is no connection it waits: half a
   * minute, or where it is a fact (a step of the trip, cash), for a day or more and also over a restart of the program. Without
   * {@link Live.connect} it is a call like any other.
   */
  async command<Op extends CommandName>(
    op: Op,
    args: CommandArgs<Op>,
    options: SendOptions = {},
  ): Promise<CommandData<Op>> {
    return (await this.#outbox.send(op, args, options)) as CommandData<Op>
  }

  /**
   * A driver says where he is. False while there is no connection: some 500 points are kept, and told after it. More often than the
   * server's `pace` only the newest counts.
   */
  reportPosition(report: PositionReport): boolean {
    return this.#fixes.report(report)
  }

  /** Follows the driver of an own active trip, by `position`, until the trip or the returned function ends it. */
  watch(tripId: string): () => void {
    this.#watched.add(tripId)
    this.#line.send({ t: 'watch', tripId })
    return () => {
      if (this.#watched.delete(tripId)) this.#line.send({ t: 'watch', tripId, on: false })
    }
  }

  /** A newer server may say what this client does not know yet. */
  #hear(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.#welcome(frame)
        break
      case 'evt':
        this.#stream.apply(frame)
        break
      case 'reset':
        this.#stream.reset(frame)
        break
      case 'snapshot':
        this.#stream.snapshot(frame)
        break
      case 'pos':
        this.#beat(frame)
        break
      case 'res':
        this.#outbox.answered(frame)
        break
      case 'loc':
        this.#listeners.emit('position', frame)
        break
      case 'pace':
        this.#fixes.pace(frame)
        this.#listeners.emit('pace', frame)
        break
      case 'auth-required':
        void this.#renew()
        break
      case 'drain':
        this.#line.drain(frame.afterMs)
        this.#listeners.emit('drain', frame)
        break
      case 'degraded':
        this.#listeners.emit('degraded', frame)
        break
      case 'problem':
        this.#listeners.emit('problem', frame)
        break
      case 'auth':
        break
    }
  }

  #welcome(welcome: Welcome): void {
    this.#greeting.begin()
    this.#serverAheadMs = Date.parse(welcome.serverTime) - this.#options.now()
    this.#stream.welcome(welcome)
  }

  /** The server forgets with the connection. */
  #opened(): void {
    for (const tripId of this.#watched) this.#line.send({ t: 'watch', tripId })
    this.#fixes.opened()
    this.#outbox.opened()
  }

  #beat({ seq, serverTime }: FrameOf<'pos'>): void {
    // What came with the least delay is nearest to the truth.
    this.#serverAheadMs = Math.max(this.#serverAheadMs, Date.parse(serverTime) - this.#options.now())
    this.#stream.reach(seq)
    this.#fixes.confirmed()
    this.#line.send({ t: 'ack', seq: this.#stream.position?.seq ?? 0 })
  }

  async #renew(): Promise<void> {
    const token = await this.#greeting.renew()
    if (token !== undefined) this.#line.send({ t: 'auth', token })
  }

  #tell(event: LiveEvent): void {
    if (event.kind === 'trip.changed' && WITHOUT_DRIVER.has(event.data.status))
      this.#watched.delete(event.data.tripId)
    this.#listeners.emit('event', event)
    this.#listeners.emit(event.kind, event)
  }

  #keep(position: Position): void {
    const { accountId } = this.#session.identity ?? {}
    if (this.#options.keepsPosition && accountId !== undefined) this.#keptPosition.keep(accountId, position)
  }

  #changed(connection: Connection): void {
    if (connection.state !== 'open') {
      this.#stream.lost()
      this.#outbox.lost()
    }
    if (connection.state === 'stopped') {
      this.#fixes.stop()
      this.#outbox.stop()
    }
    this.#listeners.emit('connection', connection)
  }

  /** Who signs out has said all; who was signed out may come back. */
  async #leave(reason: SignOutReason): Promise<void> {
    this.#stream.forget()
    this.#watched.clear()
    this.#line.stop(signedOut('The session has ended'))
    if (reason !== 'signed-out') return
    await Promise.all([this.#outbox.clear(), this.#keptPosition.forget()])
  }
}
