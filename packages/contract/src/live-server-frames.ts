import { z } from 'zod'
import { Id, Instant, Latitude, Longitude } from './common.ts'
import { LiveEvent } from './live-events.ts'
import { Problem } from './problem.ts'
import { OpenOffer, TripDetails } from './trips.ts'
import { ROLES } from './vocabulary.ts'

/** What the server says over `/v1/live`. */

const Epoch = z.string().describe('Which numbering of events; another one means to begin anew')

export const Welcome = z
  .object({
    t: z.literal('welcome'),
    session: Id.describe('This connection'),
    accountId: Id,
    role: z.enum(ROLES),
    epoch: Epoch,
    seq: z.int().describe('The stream ends here'),
    recovered: z.boolean().describe('Missed events follow; false: `reset` and `snapshot` follow'),
    heartbeatSeconds: z.int().describe('How often `pos` comes'),
    serverTime: Instant,
    expiresAt: Instant.describe('Of the access token'),
  })
  .meta({ id: 'LiveWelcome', description: 'The answer to `hello`' })

export const RESET_REASONS = ['epoch', 'pruned', 'too-far'] as const
export type ResetReason = (typeof RESET_REASONS)[number]

export const Reset = z.object({ t: z.literal('reset'), reason: z.enum(RESET_REASONS) }).meta({
  id: 'LiveReset',
  description: 'What was missed cannot be told one by one; `snapshot` follows at once',
})

/** What an account has under way, as the calls of /v1 show it. */
export const LiveState = z
  .object({
    trips: z.array(TripDetails).describe('Own trips that are not over, as getTrip shows them'),
    offers: z.array(OpenOffer).describe('As listOpenOffers shows them'),
  })
  .meta({ id: 'LiveState' })
export type LiveState = z.input<typeof LiveState>

export const Snapshot = z
  .object({ t: z.literal('snapshot'), epoch: Epoch, seq: z.int(), state: LiveState })
  .meta({ id: 'LiveSnapshot', description: 'The state at `seq`; events go on from there' })

export const Pos = z.object({ t: z.literal('pos'), seq: z.int(), serverTime: Instant }).meta({
  id: 'LivePos',
  description: 'Heartbeat, and where the stream ends: whoever has less says `resume`',
})

const commandResult = z.object({ t: z.literal('res'), id: Id, status: z.int() })
export const CommandResult = z
  .discriminatedUnion('ok', [
    commandResult.extend({ ok: z.literal(true), data: z.unknown() }),
    commandResult.extend({ ok: z.literal(false), problem: Problem }),
  ])
  .meta({ id: 'LiveCommandResult', description: 'The answer to `cmd`, as its route gives it' })
export type CommandResult = z.input<typeof CommandResult>

export const DriverLoc = z
  .object({
    t: z.literal('loc'),
    tripId: Id,
    driverId: Id,
    latitude: Latitude,
    longitude: Longitude,
    at: Instant,
    ageMs: z.int().min(0).describe('How old it was when it was sent'),
    n: z.int().optional(),
    headingDegrees: z.number().optional(),
    speedMps: z.number().optional(),
    accuracyMeters: z.number().optional(),
  })
  .meta({
    id: 'LiveDriverLoc',
    description: 'Where the watched driver is; only the newest is kept for a slow reader',
  })

export const Pace = z
  .object({
    t: z.literal('pace'),
    everySeconds: z.number(),
    why: z.enum(['moving', 'near-pickup', 'idle']),
  })
  .meta({ id: 'LivePace', description: 'How often a driver should say where he is' })

export const Renewed = z
  .object({ t: z.literal('auth'), expiresAt: Instant })
  .meta({ id: 'LiveRenewed', description: 'The fresh token was taken' })

export const AuthRequired = z
  .object({ t: z.literal('auth-required'), by: Instant })
  .meta({ id: 'LiveAuthRequired', description: 'The token expires then: say `auth` with a fresh one' })

export const Degraded = z
  .object({ t: z.literal('degraded'), why: z.enum(['database', 'none']) })
  .meta({ id: 'LiveDegraded', description: 'What is away: commands may answer 503 until `none`' })

export const Drain = z.object({ t: z.literal('drain'), afterMs: z.int() }).meta({
  id: 'LiveDrain',
  description: 'This server stops: come back within that time, at a moment of chance',
})

export const LiveProblem = z
  .object({ t: z.literal('problem'), code: Problem.shape.code, title: z.string() })
  .meta({ id: 'LiveProblem', description: 'The frame before was refused; the socket stays open' })

export const SERVER_FRAMES = {
  welcome: Welcome,
  evt: LiveEvent,
  reset: Reset,
  snapshot: Snapshot,
  pos: Pos,
  res: CommandResult,
  loc: DriverLoc,
  pace: Pace,
  auth: Renewed,
  'auth-required': AuthRequired,
  degraded: Degraded,
  drain: Drain,
  problem: LiveProblem,
} as const

export const ServerFrame = z.union(Object.values(SERVER_FRAMES))
export type ServerFrame = z.input<typeof ServerFrame>
