import type { Role } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import type { Platform } from '../platform.ts'
import { countCaller } from './throttling.ts'

/** Who may call a route, and who is calling. `P` is whatever `authenticate` answers. */
export type Access<P> = {
  /**
   * An onRequest hook: who asks, before the body is read. No roles means any. Refuses not-authenticated, wrong-role,
   * too-many-requests.
   */
  requireRole(...roles: readonly Role[]): (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Who {@link Access.requireRole} let in. */
  principalOf(request: FastifyRequest): P
}

export function createAccess<P extends { readonly role: Role; readonly accountId: AccountId }>(
  platform: Pick<Platform, 'throttle'>,
  authenticate: (authorizationHeader: string | undefined) => Promise<P>,
): Access<P> {
  const principals = new WeakMap<FastifyRequest, P>()
  return {
    requireRole:
      (...roles) =>
      async (request, reply) => {
        const authenticating = authenticate(request.headers.authorization)
        const principal = await countCaller(platform, request, reply, authenticating)
        if (roles.length > 0 && !roles.includes(principal.role)) throw new Refusal('wrong-role')
        principals.set(request, principal)
      },
    principalOf(request) {
      const principal = principals.get(request)
      if (!principal) throw new Error('principalOf needs requireRole on the route')
      return principal
    },
  }
}
