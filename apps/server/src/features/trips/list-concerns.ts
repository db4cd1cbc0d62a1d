import type { Platform } from '../../platform/platform.ts'
import { findConcerns } from './concern-store.ts'
import type { Trip } from './model/trip.ts'

const MAX_SHOWN = 500

/** Trips under way whose driver worries us, longest first. */
export const listConcerns = ({ db }: Pick<Platform, 'db'>): Promise<Trip[]> =>
  findConcerns(db.single, MAX_SHOWN)
