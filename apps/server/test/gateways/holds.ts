/** Where a call can be held: before the gateway has done anything, or after, before it answers. */
export type HoldPoint = 'before' | 'after'

/** Which call is held, and where. */
export type Hold = { readonly call: string; readonly when: HoldPoint }

/** Holds calls so that somebody can be killed while one is under way. */
export class HoldDesk {
  #wanted: Hold[] = []
  #held: { readonly hold: Hold; readonly go: () => void }[] = []

  /** The next such call. */
  add(hold: Hold): void {
    this.#wanted.push(hold)
  }

  /** Waits if this call is to be held here. */
  async pass(call: string, when: HoldPoint): Promise<void> {
    const index = this.#wanted.findIndex((hold) => hold.call === call && hold.when === when)
    const [hold] = index < 0 ? [] : this.#wanted.splice(index, 1)
    if (hold) await new Promise<void>((go) => this.#held.push({ hold, go }))
  }

  held(): readonly Hold[] {
    return this.#held.map(({ hold }) => hold)
  }

  /** Lets go what is held, and holds nothing more. */
  release(): void {
    const held = this.#held
    this.#held = []
    this.#wanted = []
    for (const { go } of held) go()
  }
}
