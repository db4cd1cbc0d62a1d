import { displayedKilometers, formatDuration } from '../features/pricing/index.ts'
import type { DriverCard } from '../features/drivers/index.ts'
import type { FoundDriver } from '../features/tracking/index.ts'
import type { Payment } from '../features/payments/index.ts'
import type { Contact, Trip, TripView } from '../features/trips/index.ts'
import { toMajor } from '../kernel/index.ts'
import type { PictureUrls } from '../platform/picture-urls.ts'
import { vehicleWord } from './spelling.ts'
import { paymentStatusWord, statusWord } from './statuses.ts'

/** The original's JSON objects, built from what the product knows. Every key is read by some existing client. */

type Pictured = Pick<PictureUrls, 'pictureUrl'>

/** The public face of a driver: no contact details, no documents, no earnings. */
export function driverDetails(driver: Contact<DriverCard>, { pictureUrl }: Pictured) {
  return {
    id: driver.id,
    name: driver.name,
    first_name: driver.firstName,
    last_name: driver.lastName,
    email: driver.email,
    phone: driver.phone,
    vehicle_type: driver.vehicleClass && vehicleWord(driver.vehicleClass),
    rating: driver.rating,
    profile_pic: pictureUrl(driver.profilePicture),
    car_image: pictureUrl(driver.carPicture),
  }
}

export const foundDriver = ({ driver, fix, distanceMeters }: FoundDriver, urls: Pictured) => ({
  ...driverDetails({ ...driver, email: null, phone: null }, urls),
  latitude: fix.latitude,
  longitude: fix.longitude,
  is_available: true,
  distance: distanceMeters === null ? null : displayedKilometers(Math.round(distanceMeters)),
})

const paymentInfo = (payment: Payment | undefined): Record<string, unknown> | null =>
  payment
    ? {
        payment_method: payment.method,
        payment_status: paymentStatusWord(payment.status),
        amount: toMajor(payment.amount.amountMinor),
        currency: payment.amount.currency,
      }
    : null

const userInfo = ({ customer }: TripView): Record<string, unknown> => ({
  id: customer.id,
  name: customer.name,
  phone: customer.phone,
})

/** What both the customer's answer and the driver's offer say of the trip itself. */
const tripBasics = ({ trip }: TripView): Record<string, unknown> => ({
  trip_id: trip.id,
  estimated_fare: toMajor(trip.fare.amountMinor),
  distance_km: displayedKilometers(trip.distanceMeters),
  estimated_time: formatDuration(trip.durationSeconds),
  pickup: trip.pickup.address,
  destination: trip.destination.address,
  vehicle_type: vehicleWord(trip.vehicleClass),
  load_description: trip.loadDescription,
})

export const tripCreated = (view: TripView, drivers: readonly FoundDriver[], urls: Pictured): object => ({
  message: 'Trip created successfully - select a driver',
  ...tripBasics(view),
  currency: view.trip.fare.currency,
  user_info: userInfo(view),
  available_drivers: drivers.map((each) => foundDriver(each, urls)),
  status: statusWord(view.trip.status),
})

export const awaitingDriver = (trip: Trip, payment: Payment, driver: Contact<DriverCard>): object => ({
  message: 'Awaiting driver response',
  trip_id: trip.id,
  status: 'pending',
  driver_info: driverInfo(driver),
  payment_info: paymentInfo(payment),
})

const driverInfo = (driver: Contact<DriverCard>): Record<string, unknown> => ({
  id: driver.id,
  name: driver.name,
  phone: driver.phone,
  vehicle_type: driver.vehicleClass && vehicleWord(driver.vehicleClass),
  rating: driver.rating,
})

export const newTripRequest = (view: TripView): object => ({
  type: 'new_trip_request',
  trip_details: { ...tripBasics(view), user_info: userInfo(view), payment_info: paymentInfo(view.payment) },
})

/** To the customer: somebody takes it. Inbound coordinates end in `lon`, outbound ones in `long`; both are the original's. */
export const tripAccepted = (view: TripView): object => ({
  type: 'trip_status_update',
  trip_id: view.trip.id,
  status: 'accepted',
  driver_info: view.driver && {
    ...driverInfo(view.driver),
    first_name: view.driver.firstName,
    last_name: view.driver.lastName,
  },
  trip_details: {
    id: view.trip.id,
    pickup: view.trip.pickup.address,
    destination: view.trip.destination.address,
    pickup_lat: view.trip.pickup.latitude,
    pickup_long: view.trip.pickup.longitude,
    dest_lat: view.trip.destination.latitude,
    dest_long: view.trip.destination.longitude,
    vehicle_type: vehicleWord(view.trip.vehicleClass),
    load_description: view.trip.loadDescription,
    fare: toMajor(view.trip.fare.amountMinor),
    status: statusWord(view.trip.status),
    distance_km: displayedKilometers(view.trip.distanceMeters),
    estimated_time: formatDuration(view.trip.durationSeconds),
    created_at: view.trip.createdAt.toISOString(),
  },
  payment_info: paymentInfo(view.payment),
})

/** To the driver who took it. */
export const acceptConfirmed = ({ trip, customer }: TripView): object => ({
  type: 'trip_accepted_confirmation',
  message: `Trip ${trip.id} accepted`,
  trip_id: trip.id,
  user_id: customer.id,
  first_name: customer.firstName,
  last_name: customer.lastName,
  email: customer.email,
  phone: customer.phone,
})

export const selectAnotherDriver = (
  reason: 'rejected' | 'expired',
  tripId: string,
  drivers: readonly FoundDriver[],
  urls: Pictured,
): object =>
  reason === 'rejected'
    ? {
        type: 'trip_status_update',
        status: 'rejected',
        trip_id: tripId,
        message: 'Driver rejected your trip - select another driver',
        available_drivers: drivers.map((each) => foundDriver(each, urls)),
      }
    : {
        message: 'Driver did not respond - select another driver',
        trip_id: tripId,
        status: 'pending',
        available_drivers: drivers.map((each) => foundDriver(each, urls)),
      }
