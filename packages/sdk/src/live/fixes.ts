import type { ClientFrame, Fix, FrameOf } from './frames.ts'
import { Trail } from './trail.ts'

/** What a phone's GPS says: WGS 84 degrees, and the rest where it is known. `at` is now unless told. */
export type PositionReport = {
  readonly latitude: number
  readonly longitude: number
  readonly at?: string | number | Date
  readonly accuracyMeters?: number | null
  readonly headingDegrees?: number | null
  readonly speedMps?: number | null
}

/** How often the server wants to know where a driver is, and why. */
export type Pace = FrameOf<'pace'>

type Numbered = Omit<Fix, 's' | 'n' | 'at'> & { readonly n: number; readonly at: string }

type FixesOptions = {
  /** False when there is no connection. */
  readonly send: (frame: ClientFrame) => boolean
  readonly isOpen: () => boolean
  readonly now: () => number
}

/** A frame may have 16 KB, and a fix with everything takes 170 bytes. */
const FIXES_A_FRAME = 50
/** A fix that is older says where somebody was, not where he is. */
const CURRENT_MS = 15_000
/** Without a connection points are kept no closer than this. */
const KEEP_EVERY_MS = 1_000
const MOST_UNSURE = 500

/** A driver's fixes: numbered, at the server's pace, and kept while there is no connection. */
export class Fixes {
  readonly #options: FixesOptions
  /** Numbers begin anew with the program. */
  readonly #session = crypto.randomUUID()
  readonly #trail = new Trail<Numbered>()
  #count = 0
  #everyMs = 0
  #tookAtMs = -Infinity
  /** The newest that came too early, and what sends it when it is due. */
  #held: Numbered | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Sent since the last `pos`, and since the one before: a connection may be dead for long before it is noticed. */
  #unsure: Numbered[] = []
  #unsureBefore: Numbered[] = []

  constructor(options: FixesOptions) {
    this.#options = options
  }

  /** False when it is kept for later. */
  report(report: PositionReport): boolean {
    const nowMs = this.#options.now()
    const at = new Date(report.at ?? nowMs).toISOString()
    const fix = { ...measured(report), at, n: ++this.#count }
    const waitMs = this.#tookAtMs + this.#everyMs - nowMs
    // A clock that was set back must not silence a driver; and the pace spares a connection, where there is one.
    if (waitMs <= 0 || waitMs > this.#everyMs || !this.#options.isOpen()) return this.#take(fix)
    this.#held = fix
    this.#timer ??= setTimeout(() => this.#takeHeld(), waitMs)
    return true
  }

  pace({ everySeconds }: Pace): void {
    this.#everyMs = everySeconds * 1_000
    // Whoever comes near is wanted at once.
    if (this.#tookAtMs + this.#everyMs <= this.#options.now()) this.#takeHeld()
  }

  /** There is a connection again: where he is, then where he was. */
  opened(): void {
    this.#trail.putBack([...this.#unsureBefore, ...this.#unsure])
    this.#unsure = this.#unsureBefore = []
    const newest = this.#trail.takeNewest()
    if (newest && Date.parse(newest.at) >= this.#options.now() - CURRENT_MS) this.#take(newest)
    else if (newest) this.#trail.add(newest)
    while (this.#trail.length > 0) {
      const fixes = this.#trail.takeOldest(FIXES_A_FRAME)
      if (!this.#options.send({ t: 'trail', s: this.#session, fixes })) {
        this.#trail.putBack(fixes)
        return
      }
      this.#unsure.push(...fixes)
    }
  }

  /** The server was heard: what was said well before has arrived. */
  confirmed(): void {
    this.#unsureBefore = this.#unsure
    this.#unsure = []
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#held = undefined
  }

  #takeHeld(): void {
    const held = this.#held
    this.stop()
    if (held) this.#take(held)
  }

  #take(fix: Numbered): boolean {
    const nowMs = this.#options.now()
    const sinceMs = nowMs - this.#tookAtMs
    if (this.#options.send({ t: 'loc', s: this.#session, ...fix })) {
      this.#unsure.push(fix)
      if (this.#unsure.length > MOST_UNSURE) this.#unsure.shift()
      this.#tookAtMs = nowMs
      return true
    }
    if (sinceMs >= KEEP_EVERY_MS || sinceMs < 0) {
      this.#trail.add(fix)
      this.#tookAtMs = nowMs
    }
    return false
  }
}

/** What the server takes of it. More digits than any GPS has are bytes for nothing; one fix out of range refuses a whole trail. */
function measured(report: PositionReport): Omit<Fix, 'n' | 's' | 'at'> {
  const latitude = round(report.latitude, 6)
  const longitude = round(report.longitude, 6)
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    throw new RangeError(`No place: latitude ${report.latitude}, longitude ${report.longitude}`)
  return {
    latitude,
    longitude,
    ...within('accuracyMeters', report.accuracyMeters, 100_000),
    ...within('headingDegrees', report.headingDegrees, 360),
    ...within('speedMps', report.speedMps, 200),
  }
}

/** Phones say null or -1 where they do not know. */
function within<Name extends string>(name: Name, value: number | null | undefined, most: number) {
  const isKnown = typeof value === 'number' && value >= 0 && value <= most
  return isKnown ? ({ [name]: round(value, 1) } as Record<Name, number>) : {}
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
