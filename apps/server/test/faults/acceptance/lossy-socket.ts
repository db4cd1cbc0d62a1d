import type { SocketConstructor } from '@toota/sdk'
import { WebSocket } from 'ws'

type Chances = { readonly loses: number; readonly repeats: number; readonly swaps: number }

/**
 * A socket on which what no TCP connection does happens to events all the same: some are lost without a trace, come twice, or
 * after the one that follows them. What loses them in reality is a node that was not woken, or a bug.
 */
export function createLossySocket(
  random: () => number,
  { loses, repeats, swaps }: Chances,
): SocketConstructor {
  return class extends WebSocket {
    #held: unknown[] | undefined

    override emit(name: string | symbol, ...args: unknown[]): boolean {
      if (name !== 'message' || !String(args[0]).includes('"t":"evt"')) return super.emit(name, ...args)
      const chance = random()
      if (chance < loses) return true
      if (chance < loses + swaps && !this.#held) {
        this.#held = args
        return true
      }
      const isHeard = super.emit(name, ...args)
      if (chance > 1 - repeats) super.emit(name, ...args)
      const held = this.#held
      this.#held = undefined
      if (held) super.emit(name, ...held)
      return isHeard
    }
  }
}
