import type { Role } from '@toota/contract'
import { Refusal, type AccountId, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPeople, type Person } from '../accounts/index.ts'
import { findDriverCards, type DriverCard } from '../drivers/index.ts'
import { findPayment, showPayment, type Payment, type ShownPayment } from '../payments/index.ts'
import type { Offer } from './model/offer.ts'
import { isActive, type Trip } from './model/trip.ts'
import { findOpenOffer, findOpenOfferOfDriver } from './offer-store.ts'
import { findTrip } from './trip-store.ts'

export type Viewer = { readonly role: 'customer' | 'driver'; readonly accountId: AccountId }

/** A trip as one of its parties may see it. `driver` is the one on the trip, or else the one being asked. */
export type TripView = {
  readonly trip: Trip
  readonly payment: ShownPayment | undefined
  readonly customer: Contact<Person>
  readonly driver: Contact<DriverCard> | undefined
  readonly openOffer: Offer | undefined
}

/** The other side's e-mail and phone are there only while the two have business with each other. */
export type Contact<P extends { email: string; phone: string | null }> = Omit<P, 'email' | 'phone'> & {
  readonly email: string | null
  readonly phone: string | null
}

/** The viewer's own trip, and any for staff, as it stands; refuses not-found for everybody else's and unknown ones alike. */
export async function getTrip(
  { db }: Pick<Platform, 'db'>,
  viewer: { readonly role: Role; readonly accountId: AccountId },
  tripId: TripId,
): Promise<Trip> {
  const trip = await findTrip(db.single, tripId)
  const isParty =
    viewer.role === 'staff' ||
    viewer.accountId === (viewer.role === 'customer' ? trip?.customerId : trip?.driverId)
  if (!trip || !isParty) throw new Refusal('not-found')
  return trip
}

/** The trip with its people and its payment. A driver who is being asked may look too. */
export async function viewTrip(
  { db, settings, tokens }: Pick<Platform, 'db' | 'settings' | 'tokens'>,
  viewer: Viewer,
  tripId: TripId,
): Promise<TripView> {
  const trip = await findTrip(db.single, tripId)
  if (!trip) throw new Refusal('not-found')
  const offer = trip.status === 'pending' ? await findOpenOffer(db.single, tripId) : undefined
  const driverId = trip.driverId ?? offer?.driverId
  if (viewer.accountId !== (viewer.role === 'customer' ? trip.customerId : driverId))
    throw new Refusal('not-found')

  const [payment, { customer, driver }] = await Promise.all([
    findPayment(db.single, tripId),
    findParties(db.single, trip.customerId, driverId),
  ])
  return showTrip({ settings, tokens }, viewer, { trip, offer, payment, customer, driver })
}

type Found = {
  readonly trip: Trip
  readonly offer: Offer | undefined
  readonly payment: Payment | undefined
  readonly customer: Person | undefined
  readonly driver: DriverCard | undefined
}

/** What was found of a trip, as its viewer may see it. */
export function showTrip(
  { settings, tokens }: Pick<Platform, 'settings' | 'tokens'>,
  viewer: Viewer,
  { trip, offer, payment, customer, driver }: Found,
): TripView {
  if (!customer) throw new Error(`the customer ${trip.customerId} of a trip is gone`)
  const mayContact = isActive(trip.status) || (offer !== undefined && settings.contactsFrom === 'offer')
  return {
    trip,
    payment: payment && showPayment(tokens, payment, viewer.role),
    openOffer: offer,
    customer: viewer.role === 'customer' || mayContact ? customer : withoutContact(customer),
    driver: driver && (viewer.role === 'driver' || mayContact ? driver : withoutContact(driver)),
  }
}

/** The offer the driver still has to answer. */
export const viewOpenOffer = ({ db }: Pick<Platform, 'db'>, driverId: DriverId): Promise<Offer | undefined> =>
  findOpenOfferOfDriver(db.single, driverId)

async function findParties(
  tx: Tx,
  customerId: CustomerId,
  driverId: DriverId | undefined,
): Promise<{ customer: Person | undefined; driver: DriverCard | undefined }> {
  const [[customer], [driver]] = await Promise.all([
    findPeople(tx, [customerId]),
    driverId ? findDriverCards(tx, [driverId]) : [],
  ])
  return { customer, driver }
}

export const withoutContact = <P extends { email: string; phone: string | null }>(person: P): Contact<P> => ({
  ...person,
  email: null,
  phone: null,
})
