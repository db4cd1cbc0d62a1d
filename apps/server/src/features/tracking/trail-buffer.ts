import type { TrailPoint } from './model/trail.ts'

const DUE_POINTS = 500
const DUE_MS = 10_000
/** About 10 MB: an hour of a thousand drivers on the road, thinned out, while the database is away. */
const MAX_POINTS = 50_000

type Outcome = { readonly written: number; readonly ownerless: number; readonly days: readonly string[] }

/** What of this process's drivers is to be written next. In memory only: what a kill takes is the last ten seconds. */
export class TrailBuffer {
  readonly #max: number
  readonly #openDays = new Set<string>()
  #points: TrailPoint[] = []
  #written = 0
  #thinnedOut = 0
  #ownerless = 0
  #told = 0

  constructor(max = MAX_POINTS) {
    this.#max = max
  }

  add(point: TrailPoint): void {
    this.#points.push(point)
    this.#bound()
  }

  /** Enough of them, or one that has waited long enough. */
  isDue(now: number): boolean {
    const [oldest] = this.#points
    return oldest !== undefined && (this.#points.length >= DUE_POINTS || now - oldest.receivedAt >= DUE_MS)
  }

  /** The oldest of them, which are no longer here. */
  take(count: number): TrailPoint[] {
    return this.#points.splice(0, count)
  }

  /** They could not be written: perhaps for want of a partition, so that none is taken for granted any more. */
  putBack(points: readonly TrailPoint[]): void {
    this.#openDays.clear()
    this.#points = [...points, ...this.#points]
    this.#bound()
  }

  /** Of those taken, so many are new in the database, and so many were of no trip; these days have partitions. */
  count({ written, ownerless, days }: Outcome): void {
    for (const day of days) this.#openDays.add(day)
    this.#written += written
    this.#ownerless += ownerless
  }

  /** Whether there are partitions for these days. */
  hasOpen(days: readonly string[]): boolean {
    return days.every((day) => this.#openDays.has(day))
  }

  /** How many were thinned out since this was asked last. */
  takeThinnedOut(): number {
    const untold = this.#thinnedOut - this.#told
    this.#told = this.#thinnedOut
    return untold
  }

  /** Since the start, but `waiting`. */
  counts() {
    return {
      waiting: this.#points.length,
      written: this.#written,
      ownerless: this.#ownerless,
      thinnedOut: this.#thinnedOut,
    }
  }

  /** Coarser instead of shorter: of the older half every second one goes. */
  #bound(): void {
    if (this.#points.length <= this.#max) return
    const half = this.#points.length >> 1
    const kept = this.#points.filter((_, index) => index >= half || index % 2 === 0)
    this.#thinnedOut += this.#points.length - kept.length
    this.#points = kept
  }
}
