import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  changePassword,
  requestReset,
  resetPassword,
  type PasswordFault,
} from '../../features/accounts/index.ts'
import type { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { ClassicContext } from '../context.ts'
import { principalOf, requireRole } from './access.ts'
import { loose, PASSWORD_TEXTS, ROLE_OF, looseText } from './accounts.ts'
import { errorAnswers, messageAnswer, signedIn, tagged } from './answers.ts'
import { text } from './bodies.ts'
import { InvalidBody, inWordsOf, type RefusalTexts } from './errors.ts'

const tags = ['Accounts']

const ForgotBody = z.object({ email: loose })
const ResetBody = z.object({
  email: loose,
  otp: loose.describe('The six digits, as text or number'),
  new_password: text({ max: 512 }),
})
const ChangeBody = z.object({ old_password: loose, new_password: text({ max: 512 }) })

/** A forgotten password, and a new one, at the original's addresses. */
export function registerPasswords(app: FastifyInstance, { platform }: ClassicContext): void {
  for (const role of ['user', 'driver'] as const) registerReset(app, platform, role)
  registerChange(app, platform)
}

function registerReset(app: FastifyInstance, platform: Platform, role: 'user' | 'driver'): void {
  const config = { limits: ['codes'] as const }
  const forgetting = {
    ...tagged(tags, `Send a ${role} a code for a new password`),
    body: ForgotBody,
    response: { 200: messageAnswer, ...errorAnswers(400, 404, 429) },
  }
  app.post(`/auth/forgot-password/${role}/`, { schema: forgetting, config }, async (request) => {
    const email = looseText((request.body as z.output<typeof ForgotBody>).email)
    await inWordsOf(FORGOT_WORDS, () => requestReset(platform, { role: ROLE_OF[role], email }))
    return { message: 'OTP sent to email for password reset.' }
  })

  const resetting = {
    ...tagged(tags, `Set a ${role}'s new password by the code; every session ends`),
    body: ResetBody,
    response: { 200: messageAnswer, ...errorAnswers(400, 404, 429, 503) },
  }
  app.post(`/auth/reset-password/${role}/`, { schema: resetting, config }, async (request) => {
    const body = request.body as z.output<typeof ResetBody>
    const [email, code] = [looseText(body.email), looseText(body.otp)]
    const reset = { role: ROLE_OF[role], email, code, newPassword: body.new_password }
    await inWordsOf(RESET_WORDS, () => resetPassword(platform, reset))
    return { message: 'Password reset successful.' }
  })
}

function registerChange(app: FastifyInstance, platform: Platform): void {
  const schema = {
    ...tagged(tags, 'Change the password; all other sessions end'),
    ...signedIn,
    body: ChangeBody,
    response: { 200: messageAnswer, ...errorAnswers(400, 401, 429, 503) },
  }
  app.post('/auth/change-password/', { schema, onRequest: requireRole(platform) }, async (request) => {
    const body = request.body as z.output<typeof ChangeBody>
    const passwords = { oldPassword: String(body.old_password ?? '').trim(), newPassword: body.new_password }
    await inWordsOf(CHANGE_WORDS, () => changePassword(platform, principalOf(request), passwords))
    return { message: 'Password changed successfully.' }
  })
}

const refusedPassword = {
  'password-refused': (refusal: Refusal) =>
    new InvalidBody({
      new_password: (refusal.details['faults'] as PasswordFault[]).map((fault) => PASSWORD_TEXTS[fault]),
    }),
}

const FORGOT_WORDS: RefusalTexts = {
  'not-found': [404, 'User not found.'],
  'too-many-codes': [429, 'Too many codes were sent today. Try again tomorrow.'],
}

const RESET_WORDS: RefusalTexts = {
  ...refusedPassword,
  'not-found': [404, 'User not found.'],
  'no-code-pending': [400, 'OTP not found for this user.'],
  'wrong-code': [400, 'Invalid or expired OTP.'],
}

const CHANGE_WORDS: RefusalTexts = {
  ...refusedPassword,
  'old-password-wrong': [400, 'Old password is incorrect.'],
}
