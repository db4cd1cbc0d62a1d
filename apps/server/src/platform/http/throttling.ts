import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import { addressKey } from '../client-address.ts'
import type { Platform } from '../platform.ts'
import { tooManyRequests, type LimitName, type Standing } from '../throttle.ts'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyContextConfig {
    /** What a route counts besides `requests`: per account where there is one, else per address. */
    limits?: readonly LimitName[]
  }
}

type Counting = Pick<Platform, 'throttle'>

const counted = new WeakSet<FastifyRequest>()

/** Who asks, as the limits per address see it. Only configured proxies are believed (`trustProxy`). */
export const clientAddressOf = (request: FastifyRequest): string => addressKey(request.ip)

/** Counts every request of this scope, after its authentication if it has one and before its body is read. */
export function throttleRequests(scope: FastifyInstance, platform: Counting): void {
  scope.addHook('preParsing', async (request, reply) => {
    // A handshake is authenticated later, and counted there.
    if (!request.ws) await countRequest(platform, request, reply)
  })
}

/**
 * Authenticates and counts: whoever is let in by account, so that nobody behind the same address can use it up, and
 * whoever is not by address, or guessing would be free. Refuses `too-many-requests`.
 */
export async function countCaller<P extends { readonly accountId: AccountId }>(
  platform: Counting,
  request: FastifyRequest,
  reply: FastifyReply,
  authenticating: Promise<P>,
): Promise<P> {
  const principal = await authenticating.catch(async (error: unknown) => {
    if (error instanceof Refusal) await countRequest(platform, request, reply)
    throw error
  })
  await countRequest(platform, request, reply, principal.accountId)
  return principal
}

/** Counts a request once: under `requests` and its route's own limits. Refuses `too-many-requests`. */
export async function countRequest(
  { throttle }: Counting,
  request: FastifyRequest,
  reply: FastifyReply,
  accountId?: AccountId,
): Promise<void> {
  if (counted.has(request)) return
  counted.add(request)
  const key = accountId ?? clientAddressOf(request)
  const limits = ['requests', ...(request.routeOptions.config.limits ?? [])] as const
  const standings = await Promise.all(limits.map((limit) => throttle.take(limit, key)))
  tellStandings(reply, standings)
  const [longest] = standings
    .filter(({ isAllowed }) => !isAllowed)
    .sort((a, b) => b.resetSeconds - a.resetSeconds)
  if (longest) throw tooManyRequests(longest)
}

/** `RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers has them since its 8th version. */
function tellStandings(reply: FastifyReply, standings: readonly Standing[]): void {
  const policies = standings.map(({ limit, rate }) => `"${wordOf(limit)}";q=${rate.count};w=${rate.seconds}`)
  const rests = standings.map(
    ({ limit, remaining, resetSeconds }) => `"${wordOf(limit)}";r=${remaining};t=${resetSeconds}`,
  )
  void reply.header('ratelimit-policy', policies.join(', ')).header('ratelimit', rests.join(', '))
}

const wordOf = (limit: string): string => limit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
