import type { Actor, OfferState, TripConcern, TripStatus } from '@toota/contract'
import type { AccountId, CustomerId, DriverId, OfferId, TripId } from '../../kernel/index.ts'
import type { NewsItem } from '../../platform/news.ts'
import type { PaymentNews } from '../payments/index.ts'
import type { Offer } from './model/offer.ts'
import type { Trip } from './model/trip.ts'

/** What the two sides of a trip are told. Written with the change, so it is told if and only if it happened. */
export type TripNews =
  | { kind: 'offer.opened'; data: { offerId: OfferId; tripId: TripId } }
  | {
      kind: 'offer.ended'
      data: { offerId: OfferId; tripId: TripId; customerId: CustomerId; state: OfferState }
    }
  | {
      kind: 'trip.changed'
      data: {
        tripId: TripId
        customerId: CustomerId
        status: TripStatus
        version: number
        by: Actor
        isCashDue: boolean
      }
    }
  | { kind: 'trip.concern'; data: { tripId: TripId; customerId: CustomerId; concern: TripConcern | null } }
  | PaymentNews

const KINDS: readonly string[] = [
  'offer.opened',
  'offer.ended',
  'trip.changed',
  'payment.received',
  'payment.changed',
] satisfies TripNews['kind'][]

/** The part of a stream that is about trips. */
export const asTripNews = (news: NewsItem): TripNews | undefined =>
  KINDS.includes(news.kind) ? (news as unknown as TripNews) : undefined

const tell = (accountIds: readonly (AccountId | null)[], news: TripNews): NewsItem[] =>
  accountIds.filter((id) => id !== null).map((accountId) => ({ accountId, ...news }))

export const offerOpened = (offer: Offer): NewsItem[] =>
  tell([offer.driverId], { kind: 'offer.opened', data: { offerId: offer.id, tripId: offer.tripId } })

/** To both sides: the driver's screen closes, the customer chooses again. */
export const offerEnded = (offer: Offer, customerId: CustomerId): NewsItem[] =>
  tell([offer.driverId, customerId], {
    kind: 'offer.ended',
    data: { offerId: offer.id, tripId: offer.tripId, customerId, state: offer.state },
  })

export const tripChanged = (trip: Trip, by: Actor, isCashDue = false): NewsItem[] =>
  tellChange(trip, [trip.customerId, trip.driverId], by, isCashDue)

/** To the driver as well who is not on the trip any more: `pending` is how he learns it. */
export const driverReleased = (trip: Trip, driverId: DriverId | null, by: Actor): NewsItem[] =>
  tellChange(trip, [trip.customerId, driverId], by, false)

/** To both sides: the driver may only have lost his signal. */
export const concernChanged = ({ id, customerId, driverId, concern }: Trip): NewsItem[] =>
  tell([customerId, driverId], {
    kind: 'trip.concern',
    data: { tripId: id, customerId, concern: concern?.kind ?? null },
  })

const tellChange = (
  trip: Trip,
  to: readonly (AccountId | null)[],
  by: Actor,
  isCashDue: boolean,
): NewsItem[] =>
  tell(to, {
    kind: 'trip.changed',
    data: {
      tripId: trip.id,
      customerId: trip.customerId,
      status: trip.status,
      version: trip.version,
      by,
      isCashDue,
    },
  })
