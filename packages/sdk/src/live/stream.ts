import type { Hello, LiveEvent, Position, FrameOf, Snapshot, Welcome } from './frames.ts'

type Reset = FrameOf<'reset'>

/** The state of the account where its events could not be told one by one; what is told later goes on from `seq`. */
export type StateSnapshot = Omit<Snapshot, 't'> & {
  /** Why: the events are numbered anew, are no longer kept, or are too many. */
  readonly reason: Reset['reason']
}

export type StreamEvents = {
  /** Asks the server for what came after `seq`. */
  ask(seq: number): void
  /** Asking has not helped. */
  restart(): void
  event(event: LiveEvent): void
  snapshot(snapshot: StateSnapshot): void
  /** What was told up to here need not be told again. */
  moved(position: Position): void
}

/** By then what was asked for should have come. */
const ANSWER_MS = 5_000
/** No server numbers by it, so the answer is the whole state. */
const NO_POSITION: Position = { epoch: 'none', seq: 0 }

/** The account's events, each told once and in order, wherever they come from. */
export class Stream {
  readonly #events: StreamEvents
  #position: Position | undefined
  #wantsSnapshot = false
  /** Set from a `reset` to its `snapshot`; events in between belong to neither. */
  #reset: Reset['reason'] | undefined
  /** The last event that is known to be missing. */
  #missing = 0
  #patience: ReturnType<typeof setTimeout> | undefined

  constructor(events: StreamEvents) {
    this.#events = events
  }

  get position(): Position | undefined {
    return this.#position
  }

  /** Goes on where an earlier program stopped. */
  resumeAt(position: Position): void {
    this.#position ??= position
  }

  /** Begins with the whole state, unless there is something to go on from. */
  wantSnapshot(): void {
    this.#wantsSnapshot = this.#position === undefined
  }

  forget(): void {
    this.#position = undefined
    this.#settle()
  }

  /** The connection is over; the next one asks by its hello. */
  lost(): void {
    this.#settle()
  }

  resume(): Pick<Hello, 'resume'> {
    const resume = this.#position ?? (this.#wantsSnapshot ? NO_POSITION : undefined)
    return resume ? { resume } : {}
  }

  welcome({ epoch, seq, recovered }: Welcome): void {
    this.#settle()
    // Otherwise a reset follows, or what was missed.
    if (recovered) this.#position ??= { epoch, seq }
  }

  apply(event: LiveEvent): void {
    if (this.#reset !== undefined || this.#position === undefined) return
    const { epoch, seq } = this.#position
    if (event.seq <= seq) return
    if (event.seq > seq + 1) {
      this.reach(event.seq)
      return
    }
    this.#position = { epoch, seq: event.seq }
    if (event.seq >= this.#missing) this.#settle()
    this.#events.event(event)
    this.#events.moved(this.#position)
  }

  reset({ reason }: Reset): void {
    this.#settle()
    this.#reset = reason
  }

  snapshot({ epoch, seq, state }: Snapshot): void {
    const reason = this.#reset ?? 'epoch'
    this.#settle()
    this.#position = { epoch, seq }
    this.#wantsSnapshot = false
    this.#events.snapshot({ epoch, seq, state, reason })
    this.#events.moved(this.#position)
  }

  /** The stream is known to go up to here. One question per gap: what comes behind it widens the gap. */
  reach(seq: number): void {
    if (this.#reset !== undefined || this.#position === undefined || seq <= this.#position.seq) return
    this.#missing = Math.max(this.#missing, seq)
    if (this.#patience !== undefined) return
    this.#patience = setTimeout(() => this.#events.restart(), ANSWER_MS)
    this.#events.ask(this.#position.seq)
  }

  #settle(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#missing = 0
    this.#reset = undefined
  }
}
