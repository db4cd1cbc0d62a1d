import type { Role } from '@toota/contract'
import type { AccountId, DriverId, TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { getTrip } from '../trips/index.ts'
import { lengthMeters, thinTo } from './model/trail.ts'
import { findTrail, type TrailRow } from './trail-store.ts'

/** More is no use on a map. */
const MAX_POINTS = 2_000

export type Trail = {
  readonly driverId: DriverId | null
  /** Along all points that are known, also those left out. */
  readonly distanceMeters: number
  readonly isThinned: boolean
  readonly points: readonly TrailRow[]
}

/** Where the trip's driver was on this trip; what was heard in the last seconds may be missing. Refuses not-found to strangers. */
export async function viewTrail(
  { db }: Pick<Platform, 'db'>,
  viewer: { readonly role: Role; readonly accountId: AccountId },
  tripId: TripId,
): Promise<Trail> {
  const { driverId, createdAt } = await getTrip({ db }, viewer, tripId)
  const requestedOn = createdAt.toISOString().slice(0, 10)
  const rows = driverId ? await findTrail(db.single, { tripId, requestedOn, driverId }) : []
  const points = thinTo(rows, MAX_POINTS)
  return { driverId, distanceMeters: lengthMeters(rows), isThinned: points.length < rows.length, points }
}
