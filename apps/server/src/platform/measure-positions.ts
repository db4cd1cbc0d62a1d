import type { Metrics } from './metrics.ts'
import type { Positions } from './positions.ts'

/** The same positions, with their followers counted. */
export function measurePositions(positions: Positions, metrics: Metrics): Positions {
  let followers = 0
  metrics.counter('toota_fixes_total', { outcome: 'taken' })
  metrics.counter('toota_trail_points_total', { outcome: 'written' })
  metrics.gauge('toota_followers', () => followers)
  return {
    ...positions,
    follow(driverId, listener) {
      const stop = positions.follow(driverId, listener)
      let isFollowing = true
      followers++
      return () => {
        if (isFollowing) followers--
        isFollowing = false
        stop()
      }
    },
  }
}
