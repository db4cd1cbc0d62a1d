import type { Loc, Trail } from '@toota/contract'
import type { Reading } from '../../kernel/index.ts'
import type { Timed } from './model/fix.ts'

/** What a phone says, in the words of `/v1`. */
export const readingOf = (told: Omit<Loc, 't'>): Reading => ({
  latitude: told.latitude,
  longitude: told.longitude,
  session: told.s,
  n: told.n,
  deviceAt: told.at === undefined ? undefined : Date.parse(told.at),
  accuracyMeters: told.accuracyMeters,
  headingDegrees: told.headingDegrees,
  speedMps: told.speedMps,
})

export const timedReadingsOf = ({ s, fixes }: Omit<Trail, 't'>): Timed[] =>
  fixes.map((told) => ({ ...readingOf({ ...told, s }), deviceAt: Date.parse(told.at) }))
