import { Refusal, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDriverCards, type DriverCard } from '../drivers/index.ts'
import { findPayment, mayAskDriver, mayTakePayment, type Payment } from '../payments/index.ts'
import type { Offer } from './model/offer.ts'
import type { Trip } from './model/trip.ts'
import { findOpenOffer, insertOffer } from './offer-store.ts'
import { offerOpened } from './trip-news.ts'
import { withoutContact, type Contact } from './view-trip.ts'
import { hasActiveTrip, lockTrip, takeSlot } from './trip-store.ts'

/**
 * Holds the customer's pending trip out to one driver. Asking for the same driver again while he thinks changes
 * nothing. Refuses: not-found, trip-not-pending, payment-missing, offer-pending, driver-unavailable,
 * too-many-open-trips.
 */
export async function offerTrip(
  {
    db,
    clock,
    positions,
    news,
    settings,
  }: Pick<Platform, 'db' | 'clock' | 'positions' | 'news' | 'settings'>,
  customerId: CustomerId,
  tripId: TripId,
  driverId: DriverId,
): Promise<{ trip: Trip; offer: Offer; payment: Payment; driver: Contact<DriverCard> }> {
  return db.transaction(async (tx) => {
    const trip = await lockTrip(tx, tripId)
    if (trip.customerId !== customerId) throw new Refusal('not-found')
    if (trip.status !== 'pending') throw new Refusal('trip-not-pending')
    const [driver] = await findDriverCards(tx, [driverId])
    if (!driver) throw new Refusal('not-found')

    const payment = await findPayment(tx, tripId)
    if (!payment || !mayAskDriver(payment)) throw new Refusal('payment-missing', { method: payment?.method })

    const open = await findOpenOffer(tx, tripId)
    const seen = settings.contactsFrom === 'offer' ? driver : withoutContact(driver)
    if (open?.driverId === driverId) return { trip, offer: open, payment, driver: seen }
    if (open) throw new Refusal('offer-pending')

    const isOnline = positions.isOnline(driverId, clock.now().getTime())
    if (!isOnline || !isFitting(driver, trip)) throw new Refusal('driver-unavailable')
    if (!(await mayTakePayment(tx, settings, trip, payment, driverId)))
      throw new Refusal('driver-unavailable')
    const offer = await insertOffer(tx, tripId, driverId, settings.offerTimeoutSeconds)
    // After the insert: an accept of his that was under way has let it wait, and is visible now.
    if (await hasActiveTrip(tx, driverId)) throw new Refusal('driver-unavailable')

    await takeSlot(tx, trip, settings.maxOpenTrips)
    await news.append(tx, offerOpened(offer))
    return { trip, offer, payment, driver: seen }
  })
}

/** Approved and of the trip's class; that he is free is decided by the offer's insert and the look after it. */
const isFitting = (driver: DriverCard, trip: Trip): boolean =>
  driver.isApproved && driver.vehicleClass === trip.vehicleClass
