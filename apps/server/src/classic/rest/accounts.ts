import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  isEmail,
  logIn,
  resendCode,
  signUp,
  verifyEmail,
  type PasswordFault,
} from '../../features/accounts/index.ts'
import { Refusal } from '../../kernel/index.ts'
import { clientAddressOf } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { text, TEXTS } from './bodies.ts'
import { ClassicError, InvalidBody, inWordsOf } from './errors.ts'
import type { ClassicContext } from '../context.ts'
import { errorAnswers, messageAnswer, tagged } from './answers.ts'

const MAX_PASSWORD = 128

const emailField = () => text({ max: 255 }).refine(isEmail, { error: TEXTS.email })
const SignUpBody = z.object({ email: emailField(), password: text({ max: MAX_PASSWORD }) })
const LogInBody = z.object({ email: text(), password: text() })
// Their absence has a text of its own in the original, so the schema lets everything pass that could be read.
export const loose = z.union([z.string(), z.number(), z.null()]).optional()
const VerifyBody = z.object({ email: loose, otp: loose.describe('The four digits, as text or number') })
const ResendBody = z.object({ email: loose })

const TokenPair = z.object({ refresh: z.string(), access: z.string() })

const tags = ['Accounts']

/** Sign-up, verification and log-in, at the original's addresses and their older aliases. */
export function registerAccounts(app: FastifyInstance, { platform }: ClassicContext): void {
  for (const role of ['user', 'driver'] as const) {
    registerSignUp(app, platform, role)
    registerLogIn(app, platform, role)
  }
  registerCodes(app, platform)
}

function registerSignUp(app: FastifyInstance, platform: Platform, role: 'user' | 'driver'): void {
  const schema = {
    ...tagged(tags, `Sign up as a ${role}`),
    body: SignUpBody,
    response: { 201: messageAnswer, ...errorAnswers(400, 429, 503) },
  }
  const urls = role === 'user' ? ['/auth/signup/user/', '/auth/signup/'] : ['/auth/signup/driver/']
  for (const url of urls)
    app.post(url, { schema, config: { limits: ['signUps'] } }, async (request, reply) => {
      const body = request.body as z.output<typeof SignUpBody>
      await inWordsOf(SIGN_UP_WORDS, () => signUp(platform, { ...body, role: ROLE_OF[role] }))
      return reply
        .code(201)
        .send({ message: `${capital(role)} signup successful. Check your email for OTP.` })
    })
}

function registerLogIn(app: FastifyInstance, platform: Platform, role: 'user' | 'driver'): void {
  const schema = {
    ...tagged(tags, `Log in as a ${role}`),
    body: LogInBody,
    response: { 200: TokenPair, ...errorAnswers(400, 429, 503) },
  }
  const urls = role === 'user' ? ['/auth/login/user/', '/auth/login/'] : ['/auth/login/driver/']
  for (const url of urls)
    app.post(url, { schema, config: { limits: ['logins'] } }, (request) => {
      const body = request.body as z.output<typeof LogInBody>
      const credentials = { ...body, role: ROLE_OF[role], clientAddress: clientAddressOf(request) }
      return inWordsOf(logInWords(role), () => logIn(platform, credentials))
    })
}

function registerCodes(app: FastifyInstance, platform: Platform): void {
  const config = { limits: ['codes'] as const }
  const verifying = {
    ...tagged(tags, 'Verify an e-mail address by its code'),
    body: VerifyBody,
    response: { 200: TokenPair.extend({ message: z.string() }), ...errorAnswers(400, 404, 429) },
  }
  for (const url of ['/auth/verify-email/', '/auth/verify-email/driver/'])
    app.post(url, { schema: verifying, config }, async (request) => {
      const body = request.body as z.output<typeof VerifyBody>
      const [email, code] = [looseText(body.email), looseText(body.otp)]
      if (email === '' || code === '') throw new ClassicError(400, 'Email and OTP are required.')
      const tokens = await inWordsOf(VERIFY_WORDS, () => verifyEmail(platform, { email, code }))
      return { message: 'Email verified successfully.', ...tokens }
    })

  const resending = {
    ...tagged(tags, 'Send the verification code again'),
    body: ResendBody,
    response: { 200: messageAnswer, ...errorAnswers(400, 404, 429) },
  }
  for (const url of ['/auth/resend-code/', '/auth/resend-otp/'])
    app.post(url, { schema: resending, config }, async (request) => {
      const email = looseText((request.body as z.output<typeof ResendBody>).email)
      if (email === '') throw new ClassicError(400, 'Email is required.')
      await inWordsOf(RESEND_WORDS, () => resendCode(platform, email))
      return { message: 'Verification code resent successfully.' }
    })
}

export const ROLE_OF = { user: 'customer', driver: 'driver' } as const
const capital = (role: 'user' | 'driver'): string => (role === 'user' ? 'User' : 'Driver')

/** NUL would be refused by PostgreSQL; no address or code has one. */
export const looseText = (value: string | number | null | undefined): string =>
  String(value ?? '')
    .replaceAll('\0', '')
    .trim()

export const PASSWORD_TEXTS: Record<PasswordFault, string> = {
  'too-short': 'This password is too short. It must contain at least 8 characters.',
  'too-long': TEXTS.tooLong(MAX_PASSWORD),
  common: 'This password is too common.',
  numeric: 'This password is entirely numeric.',
}

const SIGN_UP_WORDS = {
  'email-taken': (refusal: Refusal) =>
    refusal.details['isRace'] === true
      ? new ClassicError(400, 'An account with this email already exists.')
      : new InvalidBody({ email: ['This email is already in use.'] }),
  'password-refused': (refusal: Refusal) =>
    new InvalidBody({
      password: (refusal.details['faults'] as PasswordFault[]).map((fault) => PASSWORD_TEXTS[fault]),
    }),
}

const logInWords = (role: 'user' | 'driver') => ({
  'invalid-credentials': () => new InvalidBody({ non_field_errors: [`Invalid credentials for a ${role}.`] }),
  'account-not-verified': () => new InvalidBody({ non_field_errors: ['Account not verified.'] }),
})

const VERIFY_WORDS = {
  'not-found': [404, 'User not found.'],
  'no-code-pending': [400, 'No OTP found for this user.'],
  'wrong-code': [400, 'Invalid or expired OTP.'],
} as const

const RESEND_WORDS = {
  'not-found': [404, 'User not found.'],
  'too-many-codes': [429, 'Too many codes were sent today. Try again tomorrow.'],
} as const
