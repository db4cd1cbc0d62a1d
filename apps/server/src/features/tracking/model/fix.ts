import { distanceMeters, isPlausible, ONLINE_SECONDS, type Fix, type Reading } from '../../../kernel/index.ts'

/**
 * `live`: where he is now. `late`: an older place, for the trail alone. What is neither goes nowhere: `no-place`, `inaccurate`,
 * `duplicate`, `jump`.
 */
export type Verdict = 'live' | 'late' | 'duplicate' | 'inaccurate' | 'jump' | 'no-place'

/** What is known of a driver's way. */
export type Track = {
  readonly live: Fix | undefined
  /** Readings that lead to one place far off, newest first; when there are enough of them he is there. */
  readonly suspects: readonly Fix[]
}

export type Timed = Reading & { readonly deviceAt: number }

export type Judged = { readonly verdict: Verdict; readonly fix: Fix; readonly track: Track }

export const NEW_TRACK: Track = { live: undefined, suspects: [] }

/** A phone's clock may be this much ahead of ours; beyond that our own is taken. */
const MAX_AHEAD_MS = 60_000
const JUMP_METERS = 2_000
/** 200 km/h. */
const MAX_SPEED_MPS = 200 / 3.6
/** So many readings that agree are believed after all. */
const CONSISTENT = 3
/** Either way, everywhere on earth, less than {@link JUMP_METERS} together. */
const NEAR_DEGREES = 0.01
const NONE: readonly Fix[] = []

/** Judges a reading by what is known so far; the track is the one to judge the next by. */
export function judgeFix(track: Track, reading: Reading, now: number, maxAccuracyMeters: number): Judged {
  const fix = toFix(reading, now)
  const { live } = track
  if (!isPlausible(reading)) return { verdict: 'no-place', fix, track }
  if (fix.accuracyMeters !== undefined && fix.accuracyMeters > maxAccuracyMeters)
    return { verdict: 'inaccurate', fix, track }
  if (!live) return goLive(fix)
  const order = compareFixes(fix, live)
  if (order === 0) return { verdict: 'duplicate', fix, track }
  if (isJump(live, fix)) return order < 0 ? { verdict: 'jump', fix, track } : suspect(track, fix)
  return order > 0 ? goLive(fix) : { verdict: 'late', fix, track }
}

const goLive = (fix: Fix): Judged => ({ verdict: 'live', fix, track: { live: fix, suspects: NONE } })

/** He cannot have come there, unless several readings say so. */
function suspect(track: Track, fix: Fix): Judged {
  const [newest] = track.suspects
  const isOneOfThem = newest !== undefined && !isJump(newest, fix)
  if (!isOneOfThem) return { verdict: 'jump', fix, track: { ...track, suspects: [fix] } }
  if (track.suspects.some((other) => compareFixes(fix, other) === 0))
    return { verdict: 'duplicate', fix, track }
  const suspects = [fix, ...track.suspects].sort((a, b) => compareFixes(b, a))
  if (suspects.length < CONSISTENT) return { verdict: 'jump', fix, track: { ...track, suspects } }
  return goLive({ ...(suspects[0] ?? fix), at: fix.at })
}

/**
 * Above zero when `a`, which came after `b`, was also measured after it, below when before, zero when it is the same reading: by the
 * number within a session of the phone's, else by the phone's clock where both have it. That clock, or ours, may have been set
 * back; so it does not count against whoever was silent for so long that he is no longer shown.
 */
export function compareFixes(a: Fix, b: Fix): number {
  if (a.session !== undefined && a.session === b.session && a.n !== undefined && b.n !== undefined)
    return a.n - b.n
  if (a.deviceAt === undefined || b.deviceAt === undefined) return 1
  if (a.deviceAt === b.deviceAt) return a.latitude === b.latitude && a.longitude === b.longitude ? 0 : 1
  return Math.abs(a.at - b.at) > ONLINE_SECONDS * 1000 ? 1 : a.deviceAt - b.deviceAt
}

/** For sorting what a phone kept while it could not send: oldest first. */
export function cameFirst(a: Timed, b: Timed): number {
  const isOneSession = a.session !== undefined && a.session === b.session
  return isOneSession && a.n !== undefined && b.n !== undefined ? a.n - b.n : a.deviceAt - b.deviceAt
}

/**
 * Of late readings, oldest first, those that can be: by each other and by where he is now. Where the phone's clock is ahead, the
 * newest counts as of now and the others by their distance from it.
 */
export function judgeLate(
  live: Fix | undefined,
  readings: readonly Timed[],
  now: number,
  maxAccuracyMeters: number,
): { readonly reading: Timed; readonly fix: Fix }[] {
  const newest = Math.max(...readings.map(({ deviceAt }) => deviceAt))
  const ahead = newest > now + MAX_AHEAD_MS ? newest - now : 0
  let track = NEW_TRACK
  return readings.flatMap((reading) => {
    const corrected = { ...reading, deviceAt: reading.deviceAt - ahead }
    if (live && isJump(live, toFix(corrected, now))) return []
    const judged = judgeFix(track, corrected, now, maxAccuracyMeters)
    track = judged.track
    return judged.verdict === 'live' ? [{ reading, fix: judged.fix }] : []
  })
}

/** More than 2 km at more than 200 km/h. Without a time of its own a reading may have waited anywhere, and is none. */
function isJump(from: Fix, to: Fix): boolean {
  if (to.deviceAt === undefined) return false
  if (
    Math.abs(to.latitude - from.latitude) < NEAR_DEGREES &&
    Math.abs(to.longitude - from.longitude) < NEAR_DEGREES
  )
    return false
  const meters = distanceMeters(from, to)
  if (meters <= JUMP_METERS) return false
  const elapsedMs = from.deviceAt === undefined ? to.at - from.at : to.deviceAt - from.deviceAt
  return meters > (MAX_SPEED_MPS * Math.abs(elapsedMs)) / 1000
}

/** Always with the same fields: there are thousands a second. */
function toFix(reading: Reading, now: number): Fix {
  const { deviceAt } = reading
  return {
    latitude: reading.latitude,
    longitude: reading.longitude,
    at: now,
    session: reading.session,
    n: reading.n,
    deviceAt: deviceAt !== undefined && deviceAt > now + MAX_AHEAD_MS ? now : deviceAt,
    accuracyMeters: reading.accuracyMeters,
    headingDegrees: reading.headingDegrees,
    speedMps: reading.speedMps,
  }
}
