import { z } from 'zod'
import { Id, Instant, Latitude, Longitude } from './common.ts'

/** What a client says over `/v1/live`: text, one JSON object a frame, told apart by `t`. */

const Seq = z.int().min(0)

/** What a phone's GPS may say of a fix beside the place. */
const FIX_DETAILS = {
  accuracyMeters: z.number().min(0).max(100_000).optional(),
  headingDegrees: z.number().min(0).max(360).optional(),
  speedMps: z.number().min(0).max(200).optional(),
}
const TrackerSession = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\0]*$/u, 'NUL characters are not allowed')
  .optional()
  .describe("A run of the phone's tracker, within which `n` grows")
const FixNumber = Seq.optional().describe('The fix within its tracker session')

export const Hello = z
  .strictObject({
    t: z.literal('hello'),
    v: z.literal(1),
    token: z.string().max(4_000).optional().describe('Access token, where the handshake could not carry one'),
    device: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('This installation: a newer socket of the same device replaces this one (4505)'),
    resume: z
      .strictObject({ epoch: z.string().min(1).max(64), seq: Seq })
      .optional()
      .describe('The last event that was applied'),
  })
  .meta({ id: 'LiveHello', description: 'The first frame: who speaks, and where to go on' })

export const Ack = z
  .strictObject({ t: z.literal('ack'), seq: Seq })
  .meta({ id: 'LiveAck', description: 'Everything up to `seq` was applied; also a sign of life' })

export const Resume = z
  .strictObject({ t: z.literal('resume'), seq: Seq })
  .meta({ id: 'LiveResume', description: 'An event is missing after `seq`: tell again what came after it' })

export const Auth = z.strictObject({ t: z.literal('auth'), token: z.string().min(1).max(4_000) }).meta({
  id: 'LiveAuth',
  description: 'A fresh access token of the same account, before the old one expires',
})

export const Command = z
  .strictObject({
    t: z.literal('cmd'),
    id: Id.describe('Of this command, also when it is sent again: the Idempotency-Key'),
    op: z.string().min(1).max(100).describe('`operationId` of a route of /v1'),
    args: z
      .strictObject({
        params: z.record(z.string(), z.string()).optional(),
        body: z.record(z.string(), z.unknown()).optional(),
      })
      .default({}),
    at: Instant.optional().describe('When the person did it; information only'),
  })
  .meta({ id: 'LiveCommand', description: 'A call of /v1 over this socket' })
export type Command = z.output<typeof Command>

export const Loc = z
  .strictObject({
    t: z.literal('loc'),
    latitude: Latitude,
    longitude: Longitude,
    n: FixNumber,
    s: TrackerSession,
    at: Instant.optional().describe("By the device's clock"),
    ...FIX_DETAILS,
  })
  .meta({ id: 'LiveLoc', description: 'A driver says where he is now' })
export type Loc = z.output<typeof Loc>

export const Trail = z
  .strictObject({
    t: z.literal('trail'),
    s: TrackerSession,
    fixes: z
      .array(
        z.strictObject({
          n: FixNumber,
          at: Instant.describe("By the device's clock"),
          latitude: Latitude,
          longitude: Longitude,
          ...FIX_DETAILS,
        }),
      )
      .min(1)
      .max(100),
  })
  .meta({ id: 'LiveTrail', description: 'Where a driver was while he had no connection, oldest first' })
export type Trail = z.output<typeof Trail>

export const Watch = z
  .strictObject({ t: z.literal('watch'), tripId: Id, on: z.boolean().default(true) })
  .meta({ id: 'LiveWatch', description: 'A customer follows the driver of an own active trip, or stops' })

export const CLIENT_FRAMES = {
  hello: Hello,
  ack: Ack,
  resume: Resume,
  auth: Auth,
  cmd: Command,
  loc: Loc,
  trail: Trail,
  watch: Watch,
} as const

export const ClientFrame = z.discriminatedUnion('t', [Hello, Ack, Resume, Auth, Command, Loc, Trail, Watch])
export type ClientFrame = z.output<typeof ClientFrame>
