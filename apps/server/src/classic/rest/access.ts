import type { Role } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { authenticate, type Principal } from '../../features/accounts/index.ts'
import { Refusal } from '../../kernel/index.ts'
import { countCaller } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'

const principals = new WeakMap<FastifyRequest, Principal>()

/** An onRequest hook: who asks, before the body is read. No roles means any. */
export function requireRole(
  platform: Pick<Platform, 'db' | 'clock' | 'tokens' | 'throttle'>,
  ...roles: readonly Role[]
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const authenticating = authenticate(platform, request.headers.authorization)
    const principal = await countCaller(platform, request, reply, authenticating)
    if (roles.length > 0 && !roles.includes(principal.role)) throw new Refusal('wrong-role')
    principals.set(request, principal)
  }
}

/** The principal that {@link requireRole} found. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request)
  if (!principal) throw new Error('principalOf needs requireRole on the route')
  return principal
}
