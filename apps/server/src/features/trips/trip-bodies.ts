import type { Offer as OfferBody, Trip as TripBody, TripDetails } from '@toota/contract'
import type { z } from 'zod'
import { paymentBody } from '../payments/index.ts'
import type { Offer } from './model/offer.ts'
import type { Trip } from './model/trip.ts'
import type { TripView } from './view-trip.ts'

/** What `/v1` shows of trips: built from models, so that nothing of a row comes along by itself. */

export const tripBody = (trip: Trip): z.input<typeof TripBody> => ({
  id: trip.id,
  status: trip.status,
  version: trip.version,
  market: trip.market,
  vehicleClass: trip.vehicleClass,
  pickup: trip.pickup,
  destination: trip.destination,
  loadDescription: trip.loadDescription,
  distanceMeters: trip.distanceMeters,
  durationSeconds: trip.durationSeconds,
  isRouteEstimated: trip.isRouteEstimated,
  fare: trip.fare,
  driverId: trip.driverId,
  concern: trip.concern && { kind: trip.concern.kind, noticedAt: trip.concern.noticedAt.toISOString() },
  createdAt: trip.createdAt.toISOString(),
})

export const offerBody = (offer: Offer): z.input<typeof OfferBody> => ({
  ...offer,
  expiresAt: offer.expiresAt.toISOString(),
})

/** `picture` turns a stored name into an address. */
export const tripDetailsBody = (
  { trip, payment, customer, driver, openOffer }: TripView,
  picture: (name: string | null) => string | null,
): z.input<typeof TripDetails> => ({
  ...tripBody(trip),
  payment: payment ? paymentBody(payment) : null,
  customer: contactBody(customer, picture),
  driver: driver ? contactBody(driver, picture) : null,
  openOffer: openOffer ? offerBody(openOffer) : null,
})

type Known = {
  readonly id: string
  readonly name: string
  readonly phone: string | null
  readonly email: string | null
  readonly profilePicture?: string | null
}

const contactBody = (
  { id, name, phone, email, profilePicture }: Known,
  picture: (name: string | null) => string | null,
) => ({ id, name, phone, email, picture: picture(profilePicture ?? null) })
