import { z } from 'zod'
import { Id, Instant, Latitude, Longitude } from './common.ts'
import { Loc, Trail } from './live-client-frames.ts'

/** What a driver's phone says of where it is and was, without a socket. */
export const FixReport = Loc.omit({ t: true }).meta({
  id: 'FixReport',
  description: 'Everything but the place is optional, and makes the judgement better',
})
export const LateFixes = Trail.omit({ t: true }).meta({ id: 'LateFixes', description: 'Oldest first' })

export const TripTrail = z
  .object({
    tripId: Id,
    driverId: Id.nullable(),
    distanceMeters: z.int().describe('Along all points that are known, also those left out'),
    isThinned: z.boolean().describe('There are more points than are shown'),
    points: z.array(
      z.object({
        latitude: Latitude,
        longitude: Longitude,
        at: Instant,
        accuracyMeters: z.number().nullable(),
        headingDegrees: z.number().nullable(),
        speedMps: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'TripTrail' })
