/** So many a second on average, and so many at once. */
export class Allowance {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #at = 0

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
  }

  /** Takes one, if there is one left at `now` (ms). */
  take(now: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}

/** Counts what must not happen often; true from the `most`-th time within a minute on. */
export class Patience {
  readonly #most: number
  #count = 0
  #since = 0

  constructor(most: number) {
    this.#most = most
  }

  isExhausted(now: number): boolean {
    if (now - this.#since > 60_000) {
      this.#since = now
      this.#count = 0
    }
    return ++this.#count >= this.#most
  }
}
