import type { TripConcern } from '@toota/contract'

/** What is remembered of a driver on his way, from one look to the next. Times in ms since 1970. */
export type Watch = {
  /** His last sign of life, or when the watch began: a process that has just started knows of none. */
  readonly heardAt: number
  /** The nearest to the pickup that he has been, and when he last got a good deal nearer. Undefined before his first position. */
  readonly approach: { readonly nearestMeters: number; readonly progressAt: number } | undefined
}

export type Sight = {
  readonly now: number
  /** Of his last position; undefined when none is known. */
  readonly fixAt: number | undefined
  /** From his last position to the pickup; undefined when none is known, or when he has arrived there. */
  readonly toPickupMeters: number | undefined
}

/** When to worry; 0 means never. */
export type WatchLimits = {
  readonly darkSeconds: number
  readonly stallMinutes: number
  readonly retreatMeters: number
}

/** Less than this is no progress: a parked truck's positions wander that far. */
const PROGRESS_METERS = 100
/** He is there, and only has not said so yet. */
const AT_PICKUP_METERS = 200

/** What is known after another look. */
export function look(watch: Watch | undefined, { now, fixAt, toPickupMeters }: Sight): Watch {
  const heardAt = Math.max(watch?.heardAt ?? now, fixAt ?? 0)
  const before = watch?.approach
  if (toPickupMeters === undefined) return { heardAt, approach: before }
  const isProgress = !before || toPickupMeters < before.nearestMeters - PROGRESS_METERS
  return {
    heardAt,
    approach: {
      nearestMeters: isProgress ? toPickupMeters : before.nearestMeters,
      progressAt: isProgress ? now : before.progressAt,
    },
  }
}

/** Why the customer should know, the worst first; undefined when all is well. */
export function concernOf(
  { heardAt, approach }: Watch,
  { now, toPickupMeters }: Sight,
  { darkSeconds, stallMinutes, retreatMeters }: WatchLimits,
): TripConcern | undefined {
  if (darkSeconds > 0 && now - heardAt > darkSeconds * 1000) return 'dark'
  if (!approach || toPickupMeters === undefined || toPickupMeters <= AT_PICKUP_METERS) return undefined
  if (retreatMeters > 0 && toPickupMeters - approach.nearestMeters > retreatMeters) return 'retreating'
  if (stallMinutes > 0 && now - approach.progressAt > stallMinutes * 60_000) return 'stalled'
  return undefined
}
