import { z } from 'zod'
import { Id, Instant, Latitude, Longitude } from './common.ts'
import { PAYOUT_STATES } from './payments.ts'
import {
  OFFER_STATES,
  PAYMENT_METHODS,
  PAYMENT_STATUSES,
  ROLES,
  TRIP_CONCERNS,
  TRIP_STATUSES,
} from './vocabulary.ts'

/**
 * The frames of `/v1/live`: text, one JSON object each, told apart by `t`. An event is state with a version, numbered 1, 2, 3 …
 * per account; after a reconnect `resume` brings what was missed.
 */

export const Hello = z
  .strictObject({
    t: z.literal('hello'),
    v: z.literal(1),
    token: z.string().max(4_000).optional().describe('Access token, where the handshake could not carry one'),
    resume: z
      .strictObject({ seq: z.int().min(0) })
      .optional()
      .describe('The last event that was applied'),
  })
  .meta({ id: 'LiveHello' })

export const Loc = z
  .strictObject({ t: z.literal('loc'), latitude: Latitude, longitude: Longitude })
  .meta({ id: 'LiveLoc', description: 'A driver says where he is' })

export const Watch = z
  .strictObject({ t: z.literal('watch'), tripId: Id, on: z.boolean().default(true) })
  .meta({ id: 'LiveWatch', description: 'A customer follows the driver of an own active trip, or stops' })

export const ClientFrame = z.discriminatedUnion('t', [Hello, Loc, Watch])
export type ClientFrame = z.output<typeof ClientFrame>

export const Welcome = z
  .object({
    t: z.literal('welcome'),
    accountId: Id,
    role: z.enum(ROLES),
    seq: z.int().describe('The stream ends here; missed events follow at once'),
    serverTime: Instant,
  })
  .meta({ id: 'LiveWelcome' })

const event = <Kind extends string, Data extends z.ZodRawShape>(kind: Kind, data: Data) =>
  z.object({ t: z.literal('evt'), seq: z.int(), kind: z.literal(kind), data: z.object(data) })

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

export const DriverLoc = z
  .object({
    t: z.literal('loc'),
    tripId: Id,
    driverId: Id,
    latitude: Latitude,
    longitude: Longitude,
    at: Instant,
  })
  .meta({
    id: 'LiveDriverLoc',
    description: 'Where the watched driver is; only the newest is kept for a slow reader',
  })

export const LivePing = z
  .object({ t: z.literal('ping') })
  .meta({ id: 'LivePing', description: 'At once and every 30 s; wants no answer' })

export const LiveProblem = z
  .object({ t: z.literal('problem'), code: z.string(), title: z.string() })
  .meta({ id: 'LiveProblem', description: 'The frame before was refused; the socket stays open' })

export const ServerFrame = z.union([Welcome, LiveEvent, DriverLoc, LivePing, LiveProblem])
export type ServerFrame = z.infer<typeof ServerFrame>
