/** `dark`: nobody knows where he is. */
export type Approach = 'approaching' | 'stalled' | 'retreating' | 'dark'

/** How far he was from where he is to be, by great circle. `at`: the server's clock, in milliseconds since 1970. */
export type Sample = { readonly at: number; readonly meters: number }

export type ApproachLimits = {
  /** Silent for longer is dark. */
  readonly darkSeconds: number
  /** He is compared with where he was this long ago. */
  readonly windowSeconds: number
  /** A smaller difference within the window is standing still. */
  readonly stepMeters: number
  /** So close he has arrived, and may stand as he likes. */
  readonly nearMeters: number
}

/**
 * Whether somebody gets nearer, by where he was from time to time (`samples`, oldest first) and by his last reading. Before a
 * whole window has been seen he is believed to.
 */
export function approachOf(
  samples: readonly Sample[],
  last: Sample | undefined,
  now: number,
  limits: ApproachLimits,
): Approach {
  if (!last || now - last.at > limits.darkSeconds * 1000) return 'dark'
  if (last.meters <= limits.nearMeters) return 'approaching'
  const before = samples.findLast((sample) => last.at - sample.at >= limits.windowSeconds * 1000)
  if (!before) return 'approaching'
  const gained = before.meters - last.meters
  if (gained >= limits.stepMeters) return 'approaching'
  return gained <= -limits.stepMeters ? 'retreating' : 'stalled'
}
