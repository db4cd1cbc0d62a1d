import { Credentials, Id, RefreshRequest, Sessions, SessionTokens, Ticket } from '@toota/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SessionId } from '../../kernel/index.ts'
import { clientAddressOf } from '../../platform/http/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { endSession } from './end-session.ts'
import { issueTicket } from './issue-ticket.ts'
import { listSessions } from './list-sessions.ts'
import type { SignedIn } from './open-numbered-session.ts'
import { rotateSession } from './rotate-session.ts'
import { signIn } from './sign-in.ts'

const tags = ['Sessions']
const security = signedIn

/** Sessions on `/v1`: sign in, stay signed in, look at them, end them. */
export function sessionRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerSigningIn(api, context)
    registerOwnSessions(api, context)
    registerTickets(api, context)
  }
}

export const sessionBody = (session: SignedIn) => ({
  ...session,
  accessExpiresAt: session.accessExpiresAt.toISOString(),
  refreshExpiresAt: session.refreshExpiresAt.toISOString(),
})

function registerSigningIn(api: Api, { platform }: ApiContext): void {
  api.post(
    '/sessions',
    {
      config: { limits: ['logins'] },
      schema: {
        ...{ tags, operationId: 'signIn', summary: 'Sign in' },
        description:
          'Every failure is the same, but that who knows the password hears of an unverified address.',
        body: Credentials,
        response: { 201: SessionTokens, ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      void reply.code(201)
      return sessionBody(await signIn(platform, { ...request.body, clientAddress: clientAddressOf(request) }))
    },
  )

  api.post(
    '/sessions/refresh',
    {
      schema: {
        ...{
          tags,
          operationId: 'refreshSession',
          summary: 'New tokens for a refresh token, which is then used up',
        },
        description:
          'When the answer is lost, the same call from the same device brings the same tokens for a minute. Any other use of an old token ends the session.',
        body: RefreshRequest,
        response: { 200: SessionTokens, ...refusals(401) },
      },
    },
    async (request) => sessionBody(await rotateSession(platform, request.body)),
  )
}

function registerOwnSessions(api: Api, { platform, access }: ApiContext): void {
  const onRequest = access.requireRole()
  api.get(
    '/sessions',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'listSessions', summary: 'Where the own account is signed in' },
        response: { 200: Sessions, ...refusals(401) },
      },
    },
    async (request) => {
      const principal = access.principalOf(request)
      const sessions = await listSessions(platform, principal.accountId)
      return {
        sessions: sessions.map(({ id, createdAt, expiresAt }) => ({
          id,
          createdAt: createdAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          isCurrent: id === principal.sessionId,
        })),
      }
    },
  )

  const end = (request: FastifyRequest, id: string): Promise<unknown> => {
    const { accountId } = access.principalOf(request)
    return endSession(platform, accountId, id as SessionId)
  }
  api.delete(
    '/sessions/current',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'signOut', summary: 'Sign out: the session and its sockets end' },
        response: { 204: z.null().describe('Ended'), ...refusals(401) },
      },
    },
    async (request, reply) => {
      await end(request, access.principalOf(request).sessionId)
      return reply.code(204).send(null)
    },
  )
  api.delete(
    '/sessions/:sessionId',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'endSession', summary: 'End an own session elsewhere' },
        params: z.object({ sessionId: Id }),
        response: { 204: z.null().describe('Ended'), ...refusals(401, 404) },
      },
    },
    async (request, reply) => {
      await end(request, request.params.sessionId)
      return reply.code(204).send(null)
    },
  )
}

function registerTickets(api: Api, { platform, access }: ApiContext): void {
  api.post(
    '/tickets',
    {
      onRequest: access.requireRole(),
      schema: {
        ...{ tags, security, operationId: 'createTicket', summary: 'A ticket for one socket, for browsers' },
        description:
          'A browser cannot send a header with a socket. The ticket works once, within 30 seconds.',
        response: { 201: Ticket, ...refusals(401) },
      },
    },
    async (request, reply) => {
      void reply.code(201)
      return issueTicket(platform, access.principalOf(request).sessionId)
    },
  )
}
