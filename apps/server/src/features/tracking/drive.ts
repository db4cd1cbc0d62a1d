import { distanceMeters, type Fix, type TripId } from '../../kernel/index.ts'
import { NEW_TRACK, type Track } from './model/fix.ts'
import type { Work } from './model/pace.ts'
import type { TrailPoint } from './model/trail.ts'

/** The trip under way; `acceptedAt` in milliseconds since 1970. */
export type Job = Work & { readonly tripId: TripId; readonly acceptedAt: number }

const STILL_METERS = 50
const STILL_MS = 120_000

/** What this process keeps of the way of one driver. Judgement is in `model/`; here is what it remembers. */
export class Drive {
  track: Track = NEW_TRACK
  /** The last point that went into the trail of the job. */
  lastKept: TrailPoint | undefined
  #job: Job | undefined
  #anchor: Fix | undefined

  constructor(live?: Fix) {
    if (live) this.track = { live, suspects: [] }
  }

  get job(): Job | undefined {
    return this.#job
  }

  take(job: Job | undefined): void {
    if (job?.tripId !== this.#job?.tripId) this.lastKept = undefined
    this.#job = job
  }

  /** He is there now. */
  move(fix: Fix): void {
    if (!this.#anchor || distanceMeters(this.#anchor, fix) > STILL_METERS) this.#anchor = fix
  }

  /** Whether he has not moved for a while. */
  get isStill(): boolean {
    const { live } = this.track
    return live !== undefined && this.#anchor !== undefined && live.at - this.#anchor.at >= STILL_MS
  }
}
