import type { ServerFrame } from '@toota/contract'
import type { Clock } from '../../platform/clock.ts'
import type { SocketSession } from '../../platform/socket/index.ts'

const NOTICE_MS = 60_000

/** The time that the access token of one connection still has: a notice a minute before its end, and the end. */
export class TokenLife {
  readonly #clock: Clock
  readonly #session: SocketSession
  readonly #send: (frame: ServerFrame) => void
  readonly #end: () => void
  #timers: readonly (() => void)[] = []

  constructor(
    clock: Clock,
    session: SocketSession,
    { send, end }: { readonly send: (frame: ServerFrame) => void; readonly end: () => void },
  ) {
    this.#clock = clock
    this.#session = session
    this.#send = send
    this.#end = end
  }

  lastsUntil(expiresAt: Date): void {
    for (const stop of this.#timers) stop()
    const leftMs = Math.max(0, expiresAt.getTime() - this.#clock.now().getTime())
    this.#timers = [
      this.#session.after(Math.max(0, leftMs - NOTICE_MS), () =>
        this.#send({ t: 'auth-required', by: expiresAt.toISOString() }),
      ),
      this.#session.after(leftMs, this.#end),
    ]
  }
}
