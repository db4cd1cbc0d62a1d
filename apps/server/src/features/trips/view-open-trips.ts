import type { DriverId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPeople, type Person } from '../accounts/index.ts'
import { findDriverCards } from '../drivers/index.ts'
import { findPayments } from '../payments/index.ts'
import type { Offer } from './model/offer.ts'
import type { Trip } from './model/trip.ts'
import { findOpenOfferOfDriver, findOpenOffers } from './offer-store.ts'
import { findOpenTripsOf, findTrip } from './trip-store.ts'
import { showTrip, type TripView, type Viewer } from './view-trip.ts'

export type OpenTrips = {
  readonly trips: readonly TripView[]
  /** What a driver still has to answer, with its trip. */
  readonly offers: readonly { readonly offer: Offer; readonly view: TripView }[]
}

type Showing = Pick<Platform, 'settings' | 'tokens'>

/**
 * Everything the viewer has under way, each as `viewTrip` shows it, in as many statements however much it is: all of
 * them on `tx`, so that they see one instant where it is a snapshot.
 */
export async function viewOpenTrips(platform: Showing, tx: Tx, viewer: Viewer): Promise<OpenTrips> {
  const trips = await findOpenTripsOf(tx, viewer)
  const asked =
    viewer.role === 'driver' ? await findOpenOfferOfDriver(tx, viewer.accountId as DriverId) : undefined
  const askedTrip = asked && (await findTrip(tx, asked.tripId))

  const views = await showTrips(platform, tx, viewer, askedTrip ? [...trips, askedTrip] : trips)
  return {
    trips: views.slice(0, trips.length),
    offers: views.slice(trips.length).flatMap((view) => (asked ? [{ offer: asked, view }] : [])),
  }
}

async function showTrips(
  platform: Showing,
  tx: Tx,
  viewer: Viewer,
  trips: readonly Trip[],
): Promise<TripView[]> {
  if (trips.length === 0) return []
  const ids = trips.map(({ id }) => id)
  const offers = byId(await findOpenOffers(tx, ids), ({ tripId }) => tripId)
  const payments = byId(await findPayments(tx, ids), ({ tripId }) => tripId)
  const driverOf = ({ id, driverId, status }: Trip): DriverId | undefined =>
    driverId ?? (status === 'pending' ? offers.get(id)?.driverId : undefined)
  const people = byId<string, Person>(
    await findPeople(tx, [...new Set(trips.map(({ customerId }) => customerId))]),
    ({ id }) => id,
  )
  const drivers = byId(
    await findDriverCards(tx, [...new Set(trips.flatMap((trip) => driverOf(trip) ?? []))]),
    ({ id }) => id,
  )

  return trips.map((trip) => {
    const driverId = driverOf(trip)
    return showTrip(platform, viewer, {
      trip,
      offer: trip.status === 'pending' ? offers.get(trip.id) : undefined,
      payment: payments.get(trip.id),
      customer: people.get(trip.customerId),
      driver: driverId && drivers.get(driverId),
    })
  })
}

const byId = <Id, Item>(items: readonly Item[], idOf: (item: Item) => Id): Map<Id, Item> =>
  new Map(items.map((item) => [idOf(item), item]))
