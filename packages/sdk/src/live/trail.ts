/** The how-manyth it was. */
type Numbered = { readonly n: number }

const MOST = 500

/** The points of a time without a connection. Where they become too many, the older half loses every other one. */
export class Trail<Fix extends Numbered> {
  #fixes: Fix[] = []

  get length(): number {
    return this.#fixes.length
  }

  add(fix: Fix): void {
    this.#fixes.push(fix)
    this.#thin()
  }

  /** Points that were thought to be sent; they take their places among the others. */
  putBack(fixes: readonly Fix[]): void {
    this.#fixes = [...this.#fixes, ...fixes].sort((one, other) => one.n - other.n)
    this.#thin()
  }

  takeNewest(): Fix | undefined {
    return this.#fixes.pop()
  }

  /** The oldest ones, at most so many. */
  takeOldest(count: number): Fix[] {
    return this.#fixes.splice(0, count)
  }

  #thin(): void {
    while (this.#fixes.length > MOST) {
      const half = this.#fixes.length / 2
      this.#fixes = this.#fixes.filter((_, index) => index >= half || index % 2 === 0)
    }
  }
}
