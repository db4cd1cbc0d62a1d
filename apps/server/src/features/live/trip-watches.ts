import type { CustomerId, DriverId, TripId } from '../../kernel/index.ts'
import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { Principal } from '../accounts/index.ts'
import { watchTrip, type Roster } from '../tracking/index.ts'

/** Trips of one customer that he can watch at once, if he may not even have more open. */
const MAX_WATCHED = 20

/** The trips whose drivers one connection follows. */
export class TripWatches {
  readonly #context: { readonly platform: Platform; readonly roster: Roster }
  readonly #principal: Principal
  readonly #session: SocketSession
  readonly #watched = new Map<TripId, () => void>()
  /** The trip whose watch is just being set up; frames are taken one after the other, so there is at most one. */
  #beginning: TripId | undefined

  constructor(
    context: { readonly platform: Platform; readonly roster: Roster },
    principal: Principal,
    session: SocketSession,
  ) {
    this.#context = context
    this.#principal = principal
    this.#session = session
    session.onClose(() => {
      for (const stop of this.#watched.values()) stop()
    })
  }

  /** Refuses: wrong-role, too-many-requests, not-found. */
  async begin(tripId: TripId): Promise<void> {
    if (this.#principal.role !== 'customer') throw new Refusal('wrong-role')
    if (this.#watched.has(tripId)) return
    const { platform, roster } = this.#context
    if (this.#watched.size >= Math.max(MAX_WATCHED, platform.settings.maxOpenTrips))
      throw new Refusal('too-many-requests')
    const customerId = this.#principal.accountId as CustomerId
    this.#beginning = tripId
    const stop = await watchTrip(platform, roster, customerId, tripId, (driverId, fix) => {
      this.#session.sendLatest(locFrame(tripId, driverId, fix, platform.clock.now().getTime()), tripId)
    })
    if (this.#hasEndedMeanwhile() || !this.#session.isOpen) stop()
    else this.#watched.set(tripId, stop)
  }

  /** Also of a watch that is just being set up. */
  end(tripId: TripId): void {
    if (this.#beginning === tripId) this.#beginning = undefined
    this.#watched.get(tripId)?.()
    this.#watched.delete(tripId)
  }

  /** Whether the trip ended while its watch was being set up, which is over now. */
  #hasEndedMeanwhile(): boolean {
    const hasEnded = this.#beginning === undefined
    this.#beginning = undefined
    return hasEnded
  }
}

/** The last frame of a fix: everybody who follows the trip, from however many devices, gets the same bytes. */
const frames = new WeakMap<
  Fix,
  { readonly tripId: TripId; readonly sentAt: number; readonly frame: Buffer }
>()

function locFrame(tripId: TripId, driverId: DriverId, fix: Fix, now: number): Buffer {
  const made = frames.get(fix)
  if (made?.tripId === tripId && made.sentAt === now) return made.frame
  const { latitude, longitude, at } = fix
  const ageMs = Math.max(0, now - at)
  const frame = Buffer.from(
    JSON.stringify({
      t: 'loc',
      tripId,
      driverId,
      latitude,
      longitude,
      at: new Date(at).toISOString(),
      ageMs,
      n: fix.n,
      headingDegrees: fix.headingDegrees,
      speedMps: fix.speedMps,
      accuracyMeters: fix.accuracyMeters,
    }),
  )
  frames.set(fix, { tripId, sentAt: now, frame })
  return frame
}
