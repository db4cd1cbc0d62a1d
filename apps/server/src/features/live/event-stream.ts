import type { LiveEvent, ServerFrame } from '@toota/contract'
import type { News } from '../../platform/news.ts'
import type { Platform } from '../../platform/platform.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { Principal } from '../accounts/index.ts'
import { catchUp, type CaughtUp } from './catch-up.ts'
import type { Place } from './model/resume.ts'

type Hearing = Pick<Platform, 'db' | 'metrics' | 'settings' | 'tokens' | 'pictureUrls' | 'news'>

/** The events of one connection: each once, in order, from where the client has got to. */
export class EventStream {
  readonly #platform: Hearing
  readonly #principal: Principal
  readonly #session: SocketSession
  readonly #told: (event: LiveEvent) => void
  /** Heard while the missed ones are still being read. */
  #waiting: News[] | undefined = []
  /** The last event that was sent. */
  #seq = 0
  #epoch = ''

  constructor(
    platform: Hearing,
    principal: Principal,
    session: SocketSession,
    told: (event: LiveEvent) => void,
  ) {
    this.#platform = platform
    this.#principal = principal
    this.#session = session
    this.#told = told
  }

  get epoch(): string {
    return this.#epoch
  }

  /** The last event that was sent; undefined while what was missed is being read. */
  get seq(): number | undefined {
    return this.#waiting ? undefined : this.#seq
  }

  /** Listens first and reads afterwards, so that nothing falls between what was missed and what is new. */
  async start(from: Place | undefined, welcome: (start: CaughtUp) => void): Promise<void> {
    const stop = await this.#platform.news.listen(this.#principal.accountId, (item) => this.#hear(item))
    this.#session.onClose(stop)
    if (!this.#session.isOpen) stop()

    const caughtUp = await catchUp(this.#platform, this.#principal, from)
    welcome(caughtUp)
    this.#goOn(from?.seq ?? caughtUp.seq, caughtUp)
  }

  /** What came after `seq`, again, as if a new connection had asked. */
  async resume(seq: number): Promise<void> {
    this.#waiting = []
    this.#goOn(seq, await catchUp(this.#platform, this.#principal, { epoch: this.#epoch, seq }))
  }

  #goOn(seq: number, caughtUp: CaughtUp): void {
    this.#epoch = caughtUp.epoch
    this.#seq = caughtUp.recovered ? seq : caughtUp.seq
    if (caughtUp.recovered) for (const item of caughtUp.events) this.#tell(item)
    else {
      const { reset: reason, epoch, state } = caughtUp
      this.#send({ t: 'reset', reason })
      this.#send({ t: 'snapshot', epoch, seq: caughtUp.seq, state })
    }
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const item of waiting) this.#tell(item)
  }

  #hear(item: News): void {
    if (this.#waiting) this.#waiting.push(item)
    else this.#tell(item)
  }

  #tell(item: News): void {
    if (item.seq <= this.#seq) return
    this.#seq = item.seq
    const event = eventOf(item)
    this.#send(event)
    this.#told(event)
  }

  #send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame))
  }
}

/** News as the protocol tells it. */
export const eventOf = ({ seq, at, kind, data }: News): LiveEvent =>
  ({ t: 'evt', seq, at: at.toISOString(), kind, data }) as LiveEvent
