import { z } from 'zod'
import { id, tripStatus, word, type Messages } from './parts.ts'

const sends = {
  status: z
    .strictObject({ trip_id: id, trip_status: tripStatus })
    .describe('Where the trip stands: on connecting, and at each change'),
  cash_due: z
    .strictObject({ payment_status: z.literal('arrived at pickup'), trip_id: id, message: word })
    .describe('At the pickup, in place of the status, while the cash has not been handed over'),
  cash_received: z
    .strictObject({
      payment_status: z.literal('received'),
      trip_id: id,
      message: z.literal('Payment received'),
    })
    .describe('The driver has the cash'),
}

export const driverStatusMessages = {
  about: 'The trip’s driver says where the trip stands, and that he has the cash.',
  takes: {
    status: z
      .object({ trip_status: tripStatus })
      .describe('Forward only, in any case; the same word again changes nothing'),
    cash_received: z
      .object({
        payment_status: z.literal('received'),
        amount: z.number().optional().describe('What was handed over; all that was due, unless told'),
      })
      .describe('The cash was handed over; picking up says the same'),
  },
  sends,
} satisfies Messages

export const customerStatusMessages = {
  about: 'The customer watches an own trip.',
  takes: {},
  sends,
} satisfies Messages
