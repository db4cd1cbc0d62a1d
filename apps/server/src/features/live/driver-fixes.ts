import type { Loc, Trail } from '@toota/contract'
import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Principal } from '../accounts/index.ts'
import { reportFix, type Roster } from '../tracking/index.ts'

/** Where the driver of one connection says he is, and was. */
export class DriverFixes {
  readonly #platform: Platform
  readonly #roster: Roster
  readonly #principal: Principal

  constructor(
    { platform, roster }: { readonly platform: Platform; readonly roster: Roster },
    principal: Principal,
  ) {
    this.#platform = platform
    this.#roster = roster
    this.#principal = principal
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
    if (!reportFix(this.#platform, this.#driverId(), loc)) throw noPlace()
  }

  /** Late fixes never move the live position. Refuses: wrong-role, invalid-request. */
  keepTrail({ fixes }: Trail): void {
    this.#driverId()
    if (fixes.length === 0) throw noPlace()
  }

  #driverId(): DriverId {
    if (this.#principal.role !== 'driver') throw new Refusal('wrong-role')
    return this.#principal.accountId as DriverId
  }
}

const noPlace = (): Refusal => new Refusal('invalid-request', { position: 'is no place' })
