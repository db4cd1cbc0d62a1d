import type { TripStatus } from '@toota/contract'
import type { TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Trip } from './model/trip.ts'
import { findTripsOf } from './trip-store.ts'
import type { Viewer } from './view-trip.ts'

export type TripPage = { readonly trips: readonly Trip[]; readonly nextCursor: TripId | null }

/** The viewer's own trips, newest first. A page goes on after the trip its cursor names, whatever came in since. */
export async function listTrips(
  { db }: Pick<Platform, 'db'>,
  viewer: Viewer,
  page: { limit: number; cursor?: TripId | undefined; status?: TripStatus | undefined },
): Promise<TripPage> {
  const found = await findTripsOf(db.single, viewer, { ...page, limit: page.limit + 1 })
  const trips = found.slice(0, page.limit)
  return { trips, nextCursor: found.length > page.limit ? (trips.at(-1)?.id ?? null) : null }
}
