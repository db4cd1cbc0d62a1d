import { expect } from 'vitest'
import type { CustomerId, DriverId, Point, TripId } from '../src/kernel/index.ts'
import type { Roster } from '../src/features/tracking/index.ts'
import { acceptOffer } from '../src/features/trips/index.ts'
import { JOHANNESBURG, type World } from './world.ts'

export type UnderWay = {
  readonly customerId: CustomerId
  readonly driverId: DriverId
  readonly tripId: TripId
}

/** So many metres north of where the tests' trips begin. */
export const north = (meters: number): Point => ({
  ...JOHANNESBURG,
  latitude: JOHANNESBURG.latitude + meters / 111_195,
})

/** A driver who has taken a trip, as this roster knows. */
export async function takeTrip(world: World, roster: Roster): Promise<UnderWay> {
  const [customerId, driverId] = [await world.addCustomer(), await world.addDriver()]
  await roster.enter(driverId)
  const { id: tripId } = await world.requestTrip(customerId)
  await acceptOffer(world.platform, driverId, await world.offer(customerId, tripId, driverId))
  await expect.poll(() => roster.drive(driverId).job?.status).toBe('accepted')
  return { customerId, driverId, tripId }
}
