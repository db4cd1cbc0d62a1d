import type { OfferState } from '@toota/contract'
import type { DriverId, OfferId, TripId } from '../../../kernel/index.ts'

/** A trip held out to one driver until `expiresAt` by the database's clock. */
export type Offer = {
  readonly id: OfferId
  readonly tripId: TripId
  readonly driverId: DriverId
  readonly state: OfferState
  readonly expiresAt: Date
}
