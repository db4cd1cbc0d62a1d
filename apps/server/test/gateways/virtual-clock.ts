/** Something to do at an instant, in milliseconds since 1970. */
export type Due<Job> = { readonly at: number; readonly job: Job }

/** A timer can wait for 24.8 days at most. */
const LONGEST_WAIT = 2 ** 31 - 1

/**
 * A clock with an agenda of jobs. A virtual one stands still until it is advanced; a real one runs, and may be advanced as
 * well. However many jobs there are, there is one timer at most.
 */
export class Agenda<Job> {
  readonly #isVirtual: boolean
  readonly #run: (job: Job) => Promise<void>
  /** In order of time; of the same instant in order of entry. */
  #due: Due<Job>[] = []
  /** The instant where a virtual clock stands, or how far a real one was advanced. */
  #offset: number
  #timer: NodeJS.Timeout | undefined

  constructor(kind: 'real' | 'virtual', run: (job: Job) => Promise<void>) {
    this.#isVirtual = kind === 'virtual'
    this.#offset = this.#isVirtual ? Date.now() : 0
    this.#run = run
  }

  now(): Date {
    return new Date(this.#millis())
  }

  add(job: Job, seconds: number): void {
    const at = this.#millis() + seconds * 1000
    const later = this.#due.findLastIndex((other) => other.at <= at)
    this.#due.splice(later + 1, 0, { at, job })
    this.#arm()
  }

  /** Lets time pass and does what becomes due, one after another, each at its instant. */
  async advance(seconds: number): Promise<void> {
    const end = this.#millis() + seconds * 1000
    for (let next = this.#take(end); next; next = this.#take(end)) {
      this.#moveTo(next.at)
      await this.#run(next.job)
    }
    this.#moveTo(end)
    this.#arm()
  }

  all(): readonly Due<Job>[] {
    return this.#due
  }

  replace(due: readonly Due<Job>[]): void {
    this.#due = [...due]
    this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#due = []
  }

  #millis(): number {
    return this.#isVirtual ? this.#offset : Date.now() + this.#offset
  }

  #moveTo(instant: number): void {
    this.#offset += Math.max(0, instant - this.#millis())
  }

  #take(until: number): Due<Job> | undefined {
    const first = this.#due[0]
    return first && first.at <= until ? this.#due.shift() : undefined
  }

  #arm(): void {
    const first = this.#due[0]
    if (this.#isVirtual || !first) return
    clearTimeout(this.#timer)
    const wait = Math.min(Math.max(0, first.at - this.#millis()), LONGEST_WAIT)
    this.#timer = setTimeout(() => {
      for (let next = this.#take(this.#millis()); next; next = this.#take(this.#millis()))
        void this.#run(next.job)
      this.#arm()
    }, wait).unref()
  }
}
