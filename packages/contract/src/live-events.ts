import { z } from 'zod'
import { Id, Instant } from './common.ts'
import { PAYOUT_STATES } from './payments.ts'
import {
  OFFER_STATES,
  PAYMENT_METHODS,
  PAYMENT_STATUSES,
  ROLES,
  TRIP_CONCERNS,
  TRIP_STATUSES,
} from './vocabulary.ts'

const event = <Kind extends string, Data extends z.ZodRawShape>(kind: Kind, data: Data) =>
  z.object({
    t: z.literal('evt'),
    seq: z.int(),
    at: Instant.describe('When it happened'),
    kind: z.literal(kind),
    data: z.object(data),
  })

/** An event is state with a version, numbered 1, 2, 3 … per account and epoch. */
export const LiveEvent = z
  .discriminatedUnion('kind', [
    event('offer.opened', { offerId: Id, tripId: Id }),
    event('offer.ended', { offerId: Id, tripId: Id, customerId: Id, state: z.enum(OFFER_STATES) }),
    event('trip.changed', {
      tripId: Id,
      customerId: Id,
      status: z.enum(TRIP_STATUSES),
      version: z.int(),
      by: z.enum([...ROLES, 'system']),
      isCashDue: z.boolean(),
    }),
    event('trip.concern', { tripId: Id, customerId: Id, concern: z.enum(TRIP_CONCERNS).nullable() }),
    event('payment.received', { tripId: Id }),
    event('payment.changed', {
      tripId: Id,
      paymentId: Id,
      method: z.enum(PAYMENT_METHODS),
      status: z.enum(PAYMENT_STATUSES),
    }),
    event('payout.changed', { payoutId: Id, state: z.enum(PAYOUT_STATES) }),
    event('profile.changed', {}),
    event('driver.changed', { approval: z.enum(['approved', 'pending']) }),
    event('driver.approved', { by: z.string() }),
  ])
  .meta({ id: 'LiveEvent', description: 'In order, without gaps, at least once' })
export type LiveEvent = z.infer<typeof LiveEvent>
