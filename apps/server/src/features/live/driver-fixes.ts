import type { Loc, ServerFrame, Trail } from '@toota/contract'
import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { Principal } from '../accounts/index.ts'
import {
  readingOf,
  reportFix,
  reportTrail,
  timedReadingsOf,
  watchPace,
  type Roster,
} from '../tracking/index.ts'

/** Where the driver of one connection says he is, and was. */
export class DriverFixes {
  readonly #platform: Platform
  readonly #roster: Roster
  readonly #principal: Principal
  readonly #session: SocketSession

  constructor(
    { platform, roster }: { readonly platform: Platform; readonly roster: Roster },
    principal: Principal,
    session: SocketSession,
  ) {
    this.#platform = platform
    this.#roster = roster
    this.#principal = principal
    this.#session = session
  }

  /** From now on a driver's phone is told how often to say where it is. */
  start(): void {
    if (this.#principal.role !== 'driver' || !this.#session.isOpen) return
    this.#session.onClose(
      watchPace(this.#platform, this.#roster, this.#driverId(), (pace) =>
        this.#session.send(JSON.stringify({ t: 'pace', ...pace } satisfies ServerFrame)),
      ),
    )
  }

  /** Whether a fix needs no query, so that it waits for nothing. */
  get isKnown(): boolean {
    return this.#principal.role === 'driver' && this.#roster.knows(this.#principal.accountId as DriverId)
  }

  /** The first fix of a driver whom this process does not know yet. Refuses: wrong-role, invalid-request. */
  async enter(loc: Loc): Promise<void> {
    await this.#roster.enter(this.#driverId())
    this.report(loc)
  }

  /** Refuses: wrong-role, invalid-request. */
  report(loc: Loc): void {
    if (reportFix(this.#platform, this.#roster, this.#driverId(), readingOf(loc)) === 'no-place')
      throw noPlace()
  }

  /** Late fixes never move the live position. Refuses: wrong-role. */
  async keepTrail(trail: Trail): Promise<void> {
    const driverId = this.#driverId()
    await this.#roster.enter(driverId)
    reportTrail(this.#platform, this.#roster, driverId, timedReadingsOf(trail))
  }

  #driverId(): DriverId {
    if (this.#principal.role !== 'driver') throw new Refusal('wrong-role')
    return this.#principal.accountId as DriverId
  }
}

const noPlace = (): Refusal => new Refusal('invalid-request', { position: 'is no place' })
