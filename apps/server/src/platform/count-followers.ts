import type { Metrics } from './metrics.ts'
import type { Positions } from './positions.ts'

export function countFollowers(positions: Positions, metrics: Metrics): Positions {
  let followers = 0
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
