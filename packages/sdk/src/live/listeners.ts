/** Listeners by kind. One that throws disturbs neither the others nor the client. */
export class Listeners<Events extends object> {
  readonly #byKind = new Map<keyof Events, Set<(event: never) => void>>()

  on<Kind extends keyof Events>(kind: Kind, listener: (event: Events[Kind]) => void): () => void {
    const listeners = this.#byKind.get(kind) ?? new Set()
    this.#byKind.set(kind, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  /** The next one that is wanted. Throws the signal's reason when it is aborted first. */
  next<Kind extends keyof Events>(
    kind: Kind,
    isWanted: (event: Events[Kind]) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Events[Kind]> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        off()
        signal?.removeEventListener('abort', giveUp)
        settle()
      }
      const giveUp = (): void => finish(() => reject(signal?.reason as Error))
      const off = this.on(kind, (event) => {
        if (isWanted(event)) finish(() => resolve(event))
      })
      if (signal?.aborted) giveUp()
      else signal?.addEventListener('abort', giveUp)
    })
  }

  emit<Kind extends keyof Events>(kind: Kind, event: Events[Kind]): void {
    for (const listener of [...(this.#byKind.get(kind) ?? [])]) {
      try {
        listener(event as never)
      } catch (error) {
        // Uncaught, as in an event target: whoever wrote the listener should hear of it.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
