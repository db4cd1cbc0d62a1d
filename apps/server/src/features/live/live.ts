import { CLOSE_CODES, type ClientFrame, type CloseCode } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/index.ts'
import type { Api } from '../../platform/http/api.ts'
import type { Commands } from '../../platform/http/commands.ts'
import { countCaller, countRequest } from '../../platform/http/throttling.ts'
import {
  createSocketQuota,
  limitFrames,
  type RawSocket,
  type SocketHub,
  type SocketQuota,
  type SocketSession,
} from '../../platform/socket/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { authenticate, identifyHandshake, type Admission } from '../accounts/index.ts'
import type { Roster } from '../tracking/index.ts'
import { HEARTBEAT_SECONDS, LiveConnection, type LiveContext } from './connection.ts'
import { readFrame } from './read-frame.ts'

const HELLO_PATIENCE_MS = 5_000
const MALFORMED = JSON.stringify({
  t: 'problem',
  code: 'invalid-request',
  title: 'Not a frame of this protocol.',
})

const SESSION_ENDED = { code: 4504, reason: CLOSE_CODES[4504] }
const FLOODED = JSON.stringify({
  t: 'problem',
  code: 'too-many-requests',
  title: 'Too many messages.',
})

type Live = LiveContext & { readonly hub: SocketHub; readonly quota: SocketQuota }

type LiveEdge = {
  readonly platform: Platform
  readonly roster: Roster
  readonly hub: SocketHub
  readonly commands: Commands
}

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
  }
  const admitted = new WeakMap<FastifyRequest, Admission>()
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // Nothing is read, and no ticket spent, where no socket is asked for.
    if (!request.ws) {
      reply.callNotFound()
      return
    }
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

/** Frames in their order: the hello says who speaks and where to go on, everything else follows it. */
function converse(live: Live, socket: RawSocket, known: Admission | undefined): void {
  const { hub, platform } = live
  let connection: LiveConnection | undefined
  const session = hub.open(socket, {
    kind: 'live',
    everySeconds: HEARTBEAT_SECONDS,
    ping: () => connection?.pos(),
    greeting: undefined,
  })
  if (known) session.standFor(known.sessionId, SESSION_ENDED)
  const stopWaiting = session.after(HELLO_PATIENCE_MS, () => close(session, 4502))

  const limit = { rate: platform.settings.limits.frames, complaint: FLOODED }
  limitFrames(socket, session, limit, (raw) => {
    const frame = readFrame(raw)
    if (frame === 'malformed') session.send(MALFORMED)
    else if (typeof frame === 'number') close(session, frame)
    else if (connection?.takeAtOnce(frame)) return
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
  if (!principal || frame.t !== 'hello') close(session, 4501)
  else if (quota.isFull(principal.accountId)) close(session, 4507)
  else {
    quota.count(principal.accountId, socket)
    if (!known) session.standFor(principal.sessionId, SESSION_ENDED)
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

const close = (session: SocketSession, code: CloseCode): void => session.close(code, CLOSE_CODES[code])
