import type { Loc } from '@toota/contract'
import type { Clock } from '../../platform/clock.ts'
import type { SocketSession } from '../../platform/socket/index.ts'

const BETWEEN_MS = 500

/** Lets a fix through at most twice a second; of the surplus only the newest counts, when its time has come. */
export class NewestLoc {
  readonly #clock: Clock
  readonly #session: SocketSession
  readonly #take: (loc: Loc) => void
  #takenAt = -Infinity
  /** Held back until its timer lets it go. */
  #newest: Loc | undefined

  constructor(clock: Clock, session: SocketSession, take: (loc: Loc) => void) {
    this.#clock = clock
    this.#session = session
    this.#take = take
  }

  offer(loc: Loc): void {
    if (this.#newest) {
      this.#newest = loc
      return
    }
    const now = this.#clock.now().getTime()
    const waitMs = Math.min(BETWEEN_MS, this.#takenAt + BETWEEN_MS - now)
    if (waitMs <= 0) {
      this.#takenAt = now
      this.#take(loc)
      return
    }
    this.#newest = loc
    this.#session.after(waitMs, () => this.#letGo())
  }

  #letGo(): void {
    const loc = this.#newest
    this.#newest = undefined
    this.#takenAt = this.#clock.now().getTime()
    if (loc) this.#take(loc)
  }
}
