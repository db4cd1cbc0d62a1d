import type { LiveEvent, ServerFrame } from '@toota/contract'
import type { News, NewsDesk } from '../../platform/news.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { Principal } from '../accounts/index.ts'

/** Missed events are read this many at a time. */
const PAGE = 500

/** The events of one connection: each once, in order, from where the client has got to. */
export class EventStream {
  readonly #news: NewsDesk
  readonly #principal: Principal
  readonly #session: SocketSession
  readonly #told: (event: LiveEvent) => void
  /** Heard while the missed ones are still being read. */
  #waiting: News[] | undefined = []
  /** The last event that was sent. */
  #seq = 0
  #epoch = ''

  constructor(
    news: NewsDesk,
    principal: Principal,
    session: SocketSession,
    told: (event: LiveEvent) => void,
  ) {
    this.#news = news
    this.#principal = principal
    this.#session = session
    this.#told = told
  }

  get seq(): number {
    return this.#seq
  }

  /** Listens first and reads afterwards, so that nothing falls between what was missed and what is new. */
  async start(
    from: { readonly epoch: string; readonly seq: number } | undefined,
    welcome: (start: { epoch: string; seq: number; recovered: boolean }) => void,
  ): Promise<void> {
    const { accountId } = this.#principal
    const stop = await this.#news.listen(accountId, (item) => this.#hear(item))
    this.#session.onClose(stop)
    if (!this.#session.isOpen) stop()

    this.#epoch = await this.#news.epoch()
    const seq = await this.#news.position(accountId)
    const isSame = from?.epoch === this.#epoch && from.seq <= seq
    this.#seq = isSame ? from.seq : seq
    welcome({ epoch: this.#epoch, seq, recovered: from === undefined || isSame })
    await this.#tellMissed()
  }

  /** What came after `seq`, again. */
  async resume(seq: number): Promise<void> {
    this.#waiting = []
    this.#seq = Math.min(seq, this.#seq)
    await this.#tellMissed()
  }

  async #tellMissed(): Promise<void> {
    for (;;) {
      const missed = await this.#news.since(this.#principal.accountId, this.#seq, PAGE)
      for (const item of missed) this.#tell(item)
      if (missed.length < PAGE) break
    }
    for (const item of this.#waiting ?? []) this.#tell(item)
    this.#waiting = undefined
  }

  #hear(item: News): void {
    if (this.#waiting) this.#waiting.push(item)
    else this.#tell(item)
  }

  #tell({ seq, at, kind, data }: News): void {
    if (seq <= this.#seq) return
    this.#seq = seq
    const event = { t: 'evt', seq, at: at.toISOString(), kind, data } as LiveEvent
    this.#session.send(JSON.stringify(event satisfies ServerFrame))
    this.#told(event)
  }
}
