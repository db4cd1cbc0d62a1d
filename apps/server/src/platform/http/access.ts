import type { Role } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type AccountId, type SessionId } from '../../kernel/index.ts'
import type { Platform } from '../platform.ts'
import { countCaller } from './throttling.ts'

/** Who was let in. */
export type Caller = { readonly accountId: AccountId; readonly role: Role; readonly sessionId: SessionId }

/** Who may call a route, and who is calling; both wires ask here. */
export type Access = {
  /**
   * An onRequest hook: who asks, before the body is read. No roles means any. Refuses not-authenticated, wrong-role,
   * too-many-requests.
   */
  requireRole(...roles: readonly Role[]): (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  principalOf(request: FastifyRequest): Caller
}

const callers = new WeakMap<FastifyRequest, Caller>()

export const createAccess = (
  platform: Pick<Platform, 'throttle'>,
  authenticate: (request: FastifyRequest) => Promise<Caller>,
): Access => ({
  requireRole:
    (...roles) =>
    async (request, reply) => {
      const authenticating = authenticate(request)
      const caller = await countCaller(platform, request, reply, authenticating)
      if (roles.length > 0 && !roles.includes(caller.role)) throw new Refusal('wrong-role')
      callers.set(request, caller)
    },
  principalOf,
})

/** Who {@link Access.requireRole} let in. */
export function principalOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (!caller) throw new Error('principalOf needs requireRole on the route')
  return caller
}
