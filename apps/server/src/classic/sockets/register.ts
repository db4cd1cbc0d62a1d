import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { identifyHandshake, type Principal } from '../../features/accounts/index.ts'
import { Refusal } from '../../kernel/index.ts'
import { countCaller } from '../../platform/http/index.ts'
import {
  createSocketQuota,
  limitFrames,
  type RawSocket,
  type SocketQuota,
} from '../../platform/socket/index.ts'
import type { ClassicContext } from '../context.ts'
import { answerAuthentication, isAuthentication } from './authentication-message.ts'
import { driverLocation } from './driver-location.ts'
import { driverResponse } from './driver-response.ts'
import { followDriverRoute } from './follow-driver.ts'
import { parseFrame } from './frames.ts'
import { legacyRequest } from './legacy-request.ts'
import { legacyResponse } from './legacy-response.ts'
import { nearestDrivers } from './nearest-drivers.ts'
import type { Peer, SocketClient, SocketRoute } from './routes.ts'
import { tripRequest } from './trip-request.ts'
import { customerStatus, driverStatus } from './trip-status.ts'

export const SOCKETS: readonly SocketRoute[] = [
  driverLocation,
  followDriverRoute,
  tripRequest,
  legacyRequest,
  driverResponse,
  legacyResponse,
  driverStatus,
  customerStatus,
  nearestDrivers,
]

const PING = JSON.stringify({ type: 'ping' })
const MALFORMED = JSON.stringify({ error: 'Invalid JSON format' })
const SESSION_ENDED = { code: 4401, reason: 'session ended' }
const FLOODED = JSON.stringify({ error: 'Too many messages' })

/** Every socket of the original at every address it ever had. */
export function registerSockets(app: FastifyInstance, context: ClassicContext): void {
  const quota = createSocketQuota(context.platform.settings.maxSocketsPerAccount)
  const admitted = new WeakMap<FastifyRequest, Principal>()

  for (const route of SOCKETS) {
    const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      if (!request.ws) {
        reply.callNotFound()
        return
      }
      const principal = await admitPeer(context, route, request, reply, quota).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.code === 'too-many-requests') throw error
      })
      if (principal) admitted.set(request, principal)
      // Every refusal looks alike, so that a stranger learns nothing; 403 keeps the old clients' retry loops going.
      else await reply.code(403).send({ detail: 'Forbidden', message: 'Forbidden' })
    }
    for (const url of route.urls) {
      app.get(url, { websocket: true, preValidation: admit, schema: { hide: true } }, (socket, request) => {
        const principal = admitted.get(request)
        // Handshakes that run side by side all pass the check before any of them counts.
        if (!principal || quota.isFull(principal.accountId)) {
          socket.close(1013, 'too many sockets')
          return
        }
        quota.count(principal.accountId, socket)
        logLife(context, route, socket, request.id, principal)
        connect(context, route, socket, { principal, params: request.params as Peer['params'] })
      })
    }
  }
}

/** Two lines per socket: an operator sees by them who could be reached, and when. */
function logLife(
  { platform: { log } }: ClassicContext,
  { purpose }: SocketRoute,
  socket: RawSocket,
  reqId: string,
  { accountId }: Principal,
): void {
  const entry = { reqId, socket: purpose, accountId }
  log.info(entry, 'socket open')
  socket.on('close', (code) => log.info({ ...entry, code }, 'socket closed'))
}

async function admitPeer(
  context: ClassicContext,
  route: SocketRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  quota: SocketQuota,
): Promise<Principal | undefined> {
  const { headers, query } = request
  const { ticket } = query as { readonly ticket?: unknown }
  const identifying =
    identifyHandshake(context.platform, { authorization: headers.authorization, ticket }) ??
    Promise.reject(new Refusal('not-authenticated', { kind: 'missing' }))
  const principal = await countCaller(context.platform, request, reply, identifying)
  if (principal.role !== route.role) return undefined
  if (quota.isFull(principal.accountId)) return undefined
  await route.authorize?.(context, { principal, params: request.params as Peer['params'] })
  return principal
}

function connect(context: ClassicContext, route: SocketRoute, socket: RawSocket, peer: Peer): void {
  const greeting = route.welcome && JSON.stringify(route.welcome(peer))
  const session = context.hub.open(socket, {
    kind: route.purpose,
    everySeconds: 30,
    ping: () => PING,
    greeting,
  })
  session.standFor(peer.principal.sessionId, SESSION_ENDED)
  const client: SocketClient = { ...peer, session, send: (message) => session.send(JSON.stringify(message)) }
  const receive = route.connect(context, client)
  const limit = { rate: context.platform.settings.limits.frames, complaint: FLOODED }
  limitFrames(socket, session, limit, (frame) => {
    const message = parseFrame(frame)
    if (message === 'malformed') session.send(MALFORMED)
    else if (message === 'ignore') return
    else if (isAuthentication(message)) session.enqueue(() => answerAuthentication(context, client, message))
    else receive(message)
  })
}
