import { z } from 'zod'
import { number, text } from '../../rest/bodies.ts'
import { foundDriver, word, type Messages } from './parts.ts'

export const SearchPlace = z.object({ user_latitude: number(), user_longitude: number() })
export const VehicleWords = z.union([z.array(text()), text()])

const way = z.strictObject({
  distance: z.number(),
  distance_km: z.number(),
  duration: word.describe('Estimated'),
})

export const nearestDriversMessages = {
  about: 'The customer says where he is and sees the drivers around him from then on.',
  takes: {
    search: SearchPlace.extend({ vehicle_type: VehicleWords.nullish() }).describe(
      'Whom to look for; a later one replaces it',
    ),
  },
  sends: {
    nearest_drivers: z
      .strictObject({
        type: z.literal('nearest_drivers'),
        nearest_drivers: z.array(z.tuple([foundDriver, way])),
        drivers: z.array(z.unknown()).max(0).optional(),
      })
      .describe(
        'At once, and when they move, at most once a second; an empty list stands under `drivers` too',
      ),
    search_error: z
      .strictObject({ type: z.literal('error'), message: word })
      .describe('What is wrong with the search'),
  },
} satisfies Messages
