import type { Settings } from '../platform/platform.ts'
import type { Values } from './settings.ts'

/** What rules about positions depend on. */
export const positionSettingsOf = (
  values: Values,
): Pick<Settings, 'maxFixAccuracyMeters' | 'trailRetentionDays' | 'pace'> => ({
  maxFixAccuracyMeters: values.MAX_FIX_ACCURACY_METERS,
  trailRetentionDays: values.TRAIL_RETENTION_DAYS,
  pace: {
    movingSeconds: values.PACE_MOVING_SECONDS,
    nearSeconds: values.PACE_NEAR_SECONDS,
    idleSeconds: values.PACE_IDLE_SECONDS,
    nearMeters: values.PACE_NEAR_METERS,
  },
})
