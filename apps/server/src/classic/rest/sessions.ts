import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { issueTicket, logOut, refreshAccess } from '../../features/accounts/index.ts'
import type { ClassicContext } from '../context.ts'
import { principalOf, requireRole } from './access.ts'
import { loose, looseText } from './accounts.ts'
import { errorAnswers, messageAnswer, signedIn, tagged } from './answers.ts'
import { text } from './bodies.ts'
import { ClassicError, inWordsOf, type RefusalTexts } from './errors.ts'

const tags = ['Accounts']

const RefreshBody = z.object({ refresh: text() })
const LogOutBody = z.object({ refresh_token: loose.describe('Or the bare token as the whole body') })

/** Staying signed in, going, and the way into a socket for browsers. */
export function registerSessions(app: FastifyInstance, { platform }: ClassicContext): void {
  const refreshing = {
    ...tagged(tags, 'Get a new access token for a refresh token'),
    body: RefreshBody,
    response: { 200: z.object({ access: z.string() }), ...errorAnswers(400, 401) },
  }
  app.post('/auth/token/refresh/', { schema: refreshing }, async (request) => {
    const { refresh } = request.body as z.output<typeof RefreshBody>
    return { access: await refreshAccess(platform, refresh) }
  })

  const onRequest = requireRole(platform)
  const leaving = {
    ...tagged(tags, 'Log out: the session of this refresh token ends, and its sockets close'),
    ...signedIn,
    body: LogOutBody,
    response: { 200: messageAnswer, ...errorAnswers(400, 401) },
  }
  const preValidation = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    request.body = nameBareToken(request.body)
    done()
  }
  app.post('/auth/logout/', { schema: leaving, onRequest, preValidation }, async (request) => {
    const token = looseText((request.body as z.output<typeof LogOutBody>).refresh_token)
    if (token === '') throw new ClassicError(400, 'Refresh token is required.')
    await inWordsOf(LOG_OUT_WORDS, () => logOut(platform, principalOf(request), token))
    return { message: 'Logout successful.' }
  })

  const ticketing = {
    ...tagged(tags, 'A ticket that opens one socket by `?ticket=`, once, for browsers'),
    ...signedIn,
    response: {
      200: z.object({ ticket: z.string(), expires_in: z.number().describe('Seconds') }),
      ...errorAnswers(401),
    },
  }
  app.post('/auth/ticket/', { schema: ticketing, onRequest }, async (request) => {
    const { ticket, expiresInSeconds } = await issueTicket(platform, principalOf(request).sessionId)
    return { ticket, expires_in: expiresInSeconds }
  })
}

/** The old web page sends the token itself: as JSON text, or as a form, where it looks like a name without a value. */
function nameBareToken(body: unknown): unknown {
  if (typeof body === 'string') return { refresh_token: body }
  if (typeof body !== 'object' || body === null) return body
  const [[name, value] = [], ...others] = Object.entries(body)
  const isBare = others.length === 0 && value === '' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(name ?? '')
  return isBare ? { refresh_token: name } : body
}

const LOG_OUT_WORDS: RefusalTexts = {
  'not-authenticated': [400, 'Invalid token or already blacklisted.'],
}
