import { CLOSE_CODES, type CloseCode } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/index.ts'
import type { Api } from '../../platform/http/api.ts'
import { countCaller, countRequest } from '../../platform/http/throttling.ts'
import {
  limitFrames,
  type RawSocket,
  type SocketHub,
  type SocketSession,
} from '../../platform/socket/index.ts'
import { authenticate, type Principal } from '../accounts/index.ts'
import { LiveConnection, readFrame, type LiveContext } from './connection.ts'

const HELLO_PATIENCE_MS = 5_000
const PING = JSON.stringify({ t: 'ping' })
const MALFORMED = JSON.stringify({
  t: 'problem',
  code: 'invalid-request',
  title: 'Not a frame of this protocol.',
})

const FLOODED = JSON.stringify({
  t: 'problem',
  code: 'too-many-requests',
  title: 'Too many messages.',
})

/**
 * `GET /v1/live`: one socket for everything an account is told, and for a driver's fixes. The access token comes in the
 * handshake or in the first frame; a bad one in the handshake is refused by HTTP.
 */
export function liveRoutes(context: LiveContext & { readonly hub: SocketHub }): (api: Api) => void {
  const admitted = new WeakMap<FastifyRequest, Principal>()
  const { platform } = context
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { authorization } = request.headers
    if (!authorization) return countRequest(platform, request, reply)
    const authenticating = authenticate(platform, authorization)
    admitted.set(request, await countCaller(platform, request, reply, authenticating))
  }
  return (api) => {
    api.get('/live', { websocket: true, preValidation: admit, schema: { hide: true } }, (socket, request) => {
      converse(context, socket, admitted.get(request))
    })
  }
}

/** Frames in their order: the hello says who speaks and where to go on, everything else follows it. */
function converse(
  context: LiveContext & { readonly hub: SocketHub },
  socket: RawSocket,
  known: Principal | undefined,
): void {
  const session = context.hub.open(socket, { ping: PING, greeting: undefined })
  let connection: LiveConnection | undefined
  const stopWaiting = session.after(HELLO_PATIENCE_MS, () => close(session, 4502))

  const limit = { rate: context.platform.settings.limits.frames, complaint: FLOODED }
  limitFrames(socket, session, limit, (raw) => {
    const frame = readFrame(raw)
    if (frame === 'malformed') session.send(MALFORMED)
    else if (typeof frame === 'number') close(session, frame)
    else
      session.enqueue(async () => {
        if (connection) await connection.take(frame)
        else {
          stopWaiting()
          const principal =
            frame.t === 'hello' ? (known ?? (await principalOf(context, frame.token))) : undefined
          if (!principal || frame.t !== 'hello') close(session, 4501)
          else {
            connection = new LiveConnection(context, principal, session)
            await connection.start(frame)
          }
        }
      })
  })
}

async function principalOf({ platform }: LiveContext, token = ''): Promise<Principal | undefined> {
  try {
    return await authenticate(platform, `Bearer ${token}`)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

const close = (session: SocketSession, code: CloseCode): void => session.close(code, CLOSE_CODES[code])
