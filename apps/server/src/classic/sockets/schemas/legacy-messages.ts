import { z } from 'zod'
import { TripInfoForm } from '../legacy-trip-info.ts'
import { driverResponseMessages, tripRequestMessages } from './desk-messages.ts'
import { id, word, type Messages } from './parts.ts'

const userId = z.unknown().describe('Not read: the caller is who has signed in')

export const legacyRequestMessages = {
  about:
    'The older way: the driver is named in the address, there is no trip id yet, and cash is meant. Nothing is said while the driver thinks. The messages with an `action` are taken here too.',
  takes: {
    ask: z
      .object({ user_id: userId.optional(), trip_info: TripInfoForm })
      .describe('Asks this driver. Longitudes may be left out: the driver’s is meant.'),
    cancel: z
      .object({ user_id: userId.optional(), trip_request_status: z.literal('cancelled') })
      .describe('Takes the question back, or gives the trip up'),
    ...tripRequestMessages.takes,
  },
  sends: tripRequestMessages.sends,
} satisfies Messages

const tripInfo = z.strictObject({
  pickup_lat: z.number(),
  pickup_lon: z.number().describe('The driver’s, if the customer sent none'),
  destination_lat: z.number(),
  destination_lon: z.number().describe('As at the pickup, if the customer sent none'),
  dest_lat: z.number(),
  dest_lon: z.number(),
  pickup: word,
  destination: word,
  load_description: word,
})

export const legacyResponseMessages = {
  about:
    'The driver’s side of the older way, at his own address. Every offer is told in the words of both protocols, and an answer may name the trip or only the customer.',
  takes: {
    ...driverResponseMessages.takes,
    answer_to_customer: z
      .object({ user_id: id, trip_response_status: z.enum(['accepted', 'rejected']) })
      .describe('The answer to the open offer, if it is this customer’s'),
  },
  sends: {
    ...driverResponseMessages.sends,
    new_trip_request: driverResponseMessages.sends.new_trip_request
      .extend({ user_id: id, trip_info: tripInfo })
      .describe('An offer; again on each new connection while it is open'),
  },
} satisfies Messages
