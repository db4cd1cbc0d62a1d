import { Refusal } from '../kernel/index.ts'

export type Turns = {
  /** Waits for a turn and answers how to end it. Throws `busy` when too many wait already. */
  take: () => Promise<() => void>
  /** Does the work in a turn of its own. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** At most `atOnce` at the same time; the others wait in the order in which they came. */
export function createTurns({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }): Turns {
  let running = 0
  const waiting: (() => void)[] = []

  const end = (): void => {
    // Whoever ends hands the turn over, so `running` stays as it is.
    const next = waiting.shift()
    if (next) next()
    else running--
  }
  const take = async (): Promise<() => void> => {
    if (running < atOnce) running++
    else if (waiting.length >= maxWaiting) throw new Refusal('busy')
    else await new Promise<void>((resolve) => waiting.push(resolve))
    let isOver = false
    return () => {
      if (!isOver) end()
      isOver = true
    }
  }
  return {
    take,
    async inTurn(work) {
      const endTurn = await take()
      try {
        return await work()
      } finally {
        endTurn()
      }
    },
  }
}
