import { PAYMENT_METHODS, TRIP_STATUSES } from '@toota/contract'
import { z } from 'zod'
import { statusWord } from '../../statuses.ts'

/** What one socket takes and sends, by a name for each message. A message that is sent fits one of `sends`. */
export type Messages = {
  readonly about: string
  readonly takes: Readonly<Record<string, z.ZodType>>
  readonly sends: Readonly<Record<string, z.ZodType>>
}

export const id = z.guid()
export const word = z.string()
const perhaps = z.string().nullable()

/** The words of the wire, which are fewer than the statuses: a lapsed quote is cancelled there. */
const words = [...new Set(TRIP_STATUSES.map(statusWord))] as [string, ...string[]]
export const tripStatus = z.enum(words)

export const coordinates = { latitude: z.number(), longitude: z.number() }

const driverFace = {
  id,
  name: word,
  first_name: perhaps,
  last_name: perhaps,
  email: perhaps,
  phone: perhaps,
  vehicle_type: perhaps,
  rating: z.number(),
  profile_pic: perhaps.describe('URL'),
  car_image: perhaps.describe('URL'),
}

/** Without a name while the driver is not known yet. */
export const driverDetails = z.strictObject({
  ...z.object(driverFace).partial().shape,
  id,
  is_available: z.boolean(),
  ...coordinates,
})

export const foundDriver = z.strictObject({
  ...driverFace,
  ...coordinates,
  is_available: z.boolean(),
  distance: z.number().nullable().describe('Kilometres as the crow flies'),
})
export const foundDrivers = z.array(foundDriver)

export const paymentInfo = z
  .strictObject({
    payment_method: z.enum(PAYMENT_METHODS),
    payment_status: z.enum(['pending', 'success', 'failed']),
    amount: z.number(),
    currency: word,
  })
  .nullable()

export const userInfo = z.strictObject({ id, name: word, phone: perhaps })

export const driverInfo = {
  id,
  name: word,
  phone: perhaps,
  vehicle_type: perhaps,
  rating: z.number(),
}

export const person = { first_name: perhaps, last_name: perhaps }
export const reachable = { email: perhaps, phone: perhaps }

export const tripBasics = {
  trip_id: id,
  estimated_fare: z.number(),
  distance_km: z.number(),
  estimated_time: word,
  pickup: word,
  destination: word,
  vehicle_type: word,
  load_description: word,
}

export const tripCancelled = z
  .strictObject({
    type: z.literal('trip_cancelled'),
    user_id: id,
    trip_id: id,
    status: z.literal('cancelled'),
  })
  .describe('The customer or the operator cancelled the trip')

/** On every socket of this wire. */
export const EVERYWHERE = {
  takes: {
    authentication: z
      .object({ type: z.literal('authentication'), token: word })
      .describe('An old page names its token once more; it opens nothing'),
  },
  sends: {
    ping: z.strictObject({ type: z.literal('ping') }).describe('At once and every 30 s; wants no answer'),
    error: z
      .strictObject({ error: word, details: z.record(z.string(), z.array(z.string())).optional() })
      .describe(
        'The message before was refused; the socket stays open. `details` names the fields at fault.',
      ),
    authentication_response: z
      .strictObject({
        type: z.literal('authentication_response'),
        status: z.enum(['success', 'error']),
        message: word.optional(),
      })
      .describe('Whether the named token is one of this account'),
  },
}
