import { z } from 'zod'
import { Contact, Id, Instant, Latitude, Longitude, Money, Page, text, VehicleClassName } from './common.ts'
import { Payment } from './payments.ts'
import { MARKETS, OFFER_STATES, TRIP_CONCERNS, TRIP_STATUSES } from './vocabulary.ts'

const NewPlace = z.strictObject({ address: text(3, 255), latitude: Latitude, longitude: Longitude })
const Place = z
  .object({ address: z.string(), latitude: Latitude, longitude: Longitude })
  .meta({ id: 'Place' })

export const NewTrip = z
  .strictObject({
    vehicleClass: VehicleClassName,
    pickup: NewPlace,
    destination: NewPlace,
    loadDescription: text(0, 2_000).default(''),
  })
  .meta({ id: 'NewTrip' })

const TripStatusName = z.enum(TRIP_STATUSES)

export const Trip = z
  .object({
    id: Id,
    status: TripStatusName,
    version: z.int().describe('Grows by one with each change of status'),
    market: z.enum(MARKETS),
    vehicleClass: VehicleClassName,
    pickup: Place,
    destination: Place,
    loadDescription: z.string(),
    distanceMeters: z.int(),
    durationSeconds: z.int(),
    isRouteEstimated: z.boolean().describe('No road distance was to be had'),
    fare: Money.describe('Fixed when the trip was requested'),
    driverId: Id.nullable(),
    concern: z
      .object({ kind: z.enum(TRIP_CONCERNS), noticedAt: Instant })
      .nullable()
      .describe(
        '`dark`: nothing heard of the driver; `stalled`, `retreating`: he does not come to the pickup',
      ),
    createdAt: Instant,
  })
  .meta({ id: 'Trip' })

export const Concerns = z.object({ trips: z.array(Trip) }).meta({ id: 'Concerns' })

export const Trips = z
  .object({ trips: z.array(Trip), nextCursor: z.string().nullable().describe('Null on the last page') })
  .meta({ id: 'Trips' })

export const TripPage = Page.extend({
  cursor: Id.optional().describe('`nextCursor` of the page before'),
  status: TripStatusName.optional(),
})

export const NewOffer = z.strictObject({ driverId: Id }).meta({ id: 'NewOffer' })

export const Offer = z
  .object({
    id: Id,
    tripId: Id,
    driverId: Id,
    state: z.enum(OFFER_STATES),
    expiresAt: Instant.describe("By the server's clock, which alone decides"),
  })
  .meta({ id: 'Offer' })

/** A trip with its people, its payment and the offer that is still open. */
export const TripDetails = Trip.extend({
  payment: Payment.nullable(),
  customer: Contact,
  driver: Contact.nullable().describe('On the trip, or being asked'),
  openOffer: Offer.nullable(),
}).meta({ id: 'TripDetails' })

export const OpenOffer = Offer.extend({ trip: TripDetails }).meta({ id: 'OpenOffer' })
export const OpenOffers = z
  .object({ offers: z.array(OpenOffer).describe('At most one') })
  .meta({ id: 'OpenOffers' })

export const Cancellation = z
  .strictObject({ reason: text(0, 500).optional().describe('Needed from staff') })
  .meta({ id: 'Cancellation' })

export const StatusReport = z
  .strictObject({
    status: z.enum(['en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest', 'completed']),
  })
  .meta({ id: 'StatusReport' })
