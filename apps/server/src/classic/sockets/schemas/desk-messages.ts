import { z } from 'zod'
import { CreateTrip } from '../create-trip.ts'
import {
  driverInfo,
  foundDrivers,
  id,
  paymentInfo,
  person,
  reachable,
  tripBasics,
  tripCancelled,
  tripStatus,
  userInfo,
  word,
  type Messages,
} from './parts.ts'

const acceptedTrip = z.strictObject({
  id,
  pickup: word,
  destination: word,
  pickup_lat: z.number(),
  pickup_long: z.number(),
  dest_lat: z.number(),
  dest_long: z.number(),
  vehicle_type: word,
  load_description: word,
  fare: z.number(),
  status: tripStatus,
  distance_km: z.number(),
  estimated_time: word,
  created_at: z.iso.datetime({ offset: true }),
})

const update = { type: z.literal('trip_status_update'), trip_id: id }

export const tripRequestMessages = {
  about:
    'The customer’s desk: asks for a price, chooses a driver, hears what came of it. It says nothing unasked, and only of trips that this connection has acted on.',
  takes: {
    create_trip: CreateTrip.extend({ action: z.literal('create_trip') }).describe('Asks for a price'),
    confirm_driver: z
      .object({ action: z.literal('confirm_driver'), trip_id: id, driver_id: id })
      .describe('Holds the trip out to one driver, once it is said how it will be paid'),
    cancel_trip: z
      .object({ action: z.literal('cancel_trip'), trip_id: id })
      .describe('Gives the trip up, waiting or accepted'),
  },
  sends: {
    trip_created: z
      .strictObject({
        message: z.literal('Trip created successfully - select a driver'),
        ...tripBasics,
        currency: word,
        user_info: userInfo,
        available_drivers: foundDrivers,
        status: tripStatus,
      })
      .describe('The price, and who is near'),
    awaiting_driver: z
      .strictObject({
        message: z.literal('Awaiting driver response'),
        trip_id: id,
        status: z.literal('pending'),
        driver_info: z.strictObject(driverInfo),
        payment_info: paymentInfo,
      })
      .describe('The driver is being asked'),
    accepted: z
      .strictObject({
        ...update,
        status: z.literal('accepted'),
        driver_info: z.strictObject({ ...driverInfo, ...person }).nullish(),
        trip_details: acceptedTrip,
        payment_info: paymentInfo,
      })
      .describe('The driver takes it'),
    rejected: z
      .strictObject({
        ...update,
        status: z.literal('rejected'),
        message: z.literal('Driver rejected your trip - select another driver'),
        available_drivers: foundDrivers,
      })
      .describe('The driver does not; the trip still waits'),
    no_answer: z
      .strictObject({
        message: z.literal('Driver did not respond - select another driver'),
        trip_id: id,
        status: z.literal('pending'),
        available_drivers: foundDrivers,
      })
      .describe('The time of the offer is over; the trip still waits'),
    cancelled: z.strictObject({ ...update, status: z.literal('cancelled') }).describe('The trip has ended'),
  },
} satisfies Messages

const answer = z.enum(['accepted', 'rejected'])

export const driverResponseMessages = {
  about:
    'Offers come to the driver here and his answers go back; after a reconnect an open offer comes again.',
  takes: {
    answer: z
      .object({ trip_id: id, driver_response_status: answer })
      .describe('The answer to an offer; `trip_response_status` is read as well'),
  },
  sends: {
    welcome: z
      .strictObject({
        message: z.literal('Connection established'),
        status: z.literal('connected'),
        driver_id: id,
      })
      .describe('Before the first ping'),
    new_trip_request: z
      .strictObject({
        type: z.literal('new_trip_request'),
        trip_details: z.strictObject({ ...tripBasics, user_info: userInfo, payment_info: paymentInfo }),
      })
      .describe('An offer; again on each new connection while it is open'),
    accept_confirmed: z
      .strictObject({
        type: z.literal('trip_accepted_confirmation'),
        message: word,
        trip_id: id,
        user_id: id,
        ...person,
        ...reachable,
      })
      .describe('The trip is his; how to reach the customer'),
    rejection_noted: z.strictObject({ message: word, trip_id: id }).describe('The rejection was taken'),
    offer_expired: z
      .strictObject({ type: z.literal('offer_expired'), trip_id: id })
      .describe('No answer came in time'),
    trip_cancelled: tripCancelled,
  },
} satisfies Messages
