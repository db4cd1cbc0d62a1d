import type { ClientFrame, ErrorCode } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/index.ts'
import type { Api } from '../../platform/http/api.ts'
import { problem } from '../../platform/http/problem.ts'
import { countCaller, countRequest } from '../../platform/http/throttling.ts'
import {
  createSocketQuota,
  limitFrames,
  type Farewell,
  type RawSocket,
  type SocketHub,
  type SocketQuota,
  type SocketSession,
} from '../../platform/socket/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { authenticate, identifyHandshake, type Admission } from '../accounts/index.ts'
import { endBy, HEARTBEAT_SECONDS, LiveConnection, type LiveContext } from './connection.ts'
import { Patience } from './allowance.ts'
import { readFrame } from './read-frame.ts'

const HELLO_PATIENCE_MS = 5_000
const PROTOCOL = 'toota.v1'
/** Malformed frames within a minute: no mistake any more. */
const MAX_MALFORMED = 10

const complaint = (code: ErrorCode, title: string): string => JSON.stringify({ t: 'problem', code, title })
const MALFORMED = complaint('invalid-request', 'Not a frame of this protocol.')
const FLOODED = complaint('too-many-requests', 'Too many messages.')

const FAREWELL: Farewell = {
  silence: { afterMs: 25_000, end: endBy(4002) },
  slow: endBy(4003),
  flood: endBy(4029),
  drain: { text: (afterMs) => JSON.stringify({ t: 'drain', afterMs }), end: endBy(4001) },
}

type Live = LiveContext & { readonly hub: SocketHub; readonly quota: SocketQuota }
export type LiveEdge = Omit<LiveContext, 'identify' | 'problem'> & { readonly hub: SocketHub }

/**
 * `GET /v1/live`: one socket for everything an account is told, and for a driver's fixes. The access token comes in the
 * handshake, as a ticket or in the first frame; a bad one in the handshake is refused by HTTP.
 */
export function liveRoutes(context: LiveEdge): (api: Api) => void {
  const { platform } = context
  const live: Live = {
    ...context,
    quota: createSocketQuota(platform.settings.maxSocketsPerAccount),
    identify: (token) => principalOf(platform, token),
    problem,
  }
  const admitted = new WeakMap<FastifyRequest, Admission>()
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // Nothing is read, and no ticket spent, where no socket is asked for.
    if (!request.ws) {
      reply.callNotFound()
      return
    }
    if (!speaksProtocol(request))
      throw new Refusal('invalid-request', { protocol: `only ${PROTOCOL} is spoken` })
    if (live.hub.isDraining) throw new Refusal('unavailable')
    const { ticket } = request.query as { readonly ticket?: unknown }
    const { authorization } = request.headers
    const identifying = identifyHandshake(platform, { authorization, ticket })
    if (identifying) admitted.set(request, await countCaller(platform, request, reply, identifying))
    else await countRequest(platform, request, reply)
  }
  return (api) => {
    api.get('/live', { websocket: true, preValidation: admit, schema: { hide: true } }, (socket, request) => {
      converse(live, socket, admitted.get(request))
    })
  }
}

/** Whoever offers protocols must offer ours. */
function speaksProtocol({ headers }: FastifyRequest): boolean {
  const offered = headers['sec-websocket-protocol']
  return offered === undefined || offered.split(',').some((protocol) => protocol.trim() === PROTOCOL)
}

/** Frames in their order: the hello says who speaks and where to go on, everything else follows it. */
function converse(live: Live, socket: RawSocket, known: Admission | undefined): void {
  const { hub, platform } = live
  let connection: LiveConnection | undefined
  const session = hub.open(socket, {
    kind: 'live',
    everySeconds: HEARTBEAT_SECONDS,
    ping: () => connection?.pos(),
    greeting: undefined,
    farewell: FAREWELL,
  })
  if (known) session.standFor(known.sessionId, endBy(4504))
  const stopWaiting = session.after(HELLO_PATIENCE_MS, () => session.end(endBy(4502)))
  const patience = new Patience(MAX_MALFORMED)

  const limit = { rate: platform.settings.limits.frames, complaint: FLOODED, end: FAREWELL.flood }
  limitFrames(socket, session, limit, (raw) => {
    const frame = readFrame(raw)
    if (typeof frame === 'number') session.end(endBy(frame))
    else if (frame === 'malformed') {
      session.send(MALFORMED)
      if (patience.isExhausted(platform.clock.now().getTime())) session.end(endBy(4500))
    } else if (connection?.takeAtOnce(frame)) return
    else
      session.enqueue(async () => {
        stopWaiting()
        if (connection) await connection.take(frame)
        else connection = await start(live, socket, session, frame, known)
      })
  })
}

/** The connection that the first frame opens; without one the socket closes. */
async function start(
  live: Live,
  socket: RawSocket,
  session: SocketSession,
  frame: ClientFrame,
  known: Admission | undefined,
): Promise<LiveConnection | undefined> {
  const { quota } = live
  const principal = frame.t === 'hello' ? (known ?? (await live.identify(frame.token ?? ''))) : undefined
  // It may have gone while we asked, and nothing would ever uncount it.
  if (!session.isOpen) return undefined
  if (!principal || frame.t !== 'hello') session.end(endBy(4501))
  else if (quota.isFull(principal.accountId)) session.end(endBy(4507))
  else {
    quota.count(principal.accountId, socket)
    if (!known) session.standFor(principal.sessionId, endBy(4504))
    const connection = new LiveConnection(live, principal, session)
    await connection.start(frame)
    return connection
  }
  return undefined
}

async function principalOf(platform: Platform, token: string): Promise<Admission | undefined> {
  try {
    return await authenticate(platform, `Bearer ${token}`)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
