import { readJson } from '../problem.ts'
import type { Storage } from '../session.ts'
import type { Position } from './frames.ts'

type Kept = Position & { readonly accountId: string }

const KEY = 'toota.position'

/** Where an account's stream stands, for the next run of the program. Of many changes at once the last is written. */
export class KeptPosition {
  readonly #storage: Storage
  #next: Kept | undefined
  #isWriting = false

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async of(accountId: string): Promise<Position | undefined> {
    const value = readJson((await this.#storage.getItem(KEY)) ?? '') as Partial<Kept> | null | undefined
    const { epoch, seq } = value ?? {}
    const isOurs = value?.accountId === accountId && typeof epoch === 'string' && typeof seq === 'number'
    return isOurs ? { epoch, seq } : undefined
  }

  keep(accountId: string, { epoch, seq }: Position): void {
    this.#next = { accountId, epoch, seq }
    if (!this.#isWriting) void this.#write()
  }

  async forget(): Promise<void> {
    this.#next = undefined
    await this.#storage.removeItem(KEY)
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#next) {
      const text = JSON.stringify(this.#next)
      this.#next = undefined
      try {
        await this.#storage.setItem(KEY, text)
      } catch {
        // A full storage costs a repeat after the next start, no more.
      }
    }
    this.#isWriting = false
  }
}
