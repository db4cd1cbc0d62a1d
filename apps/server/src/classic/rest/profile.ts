import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { changeProfile, viewProfile } from '../../features/accounts/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { ClassicContext } from '../context.ts'
import { principalOf, requireRole } from './access.ts'
import { errorAnswers, messageAnswer, signedIn, tagged } from './answers.ts'
import { onlyForms } from './bodies.ts'
import { InvalidBody, inWordsOf } from './errors.ts'
import { personalDetails, personFields, phoneField } from './person-fields.ts'
import { pictureField, pictureRefused } from './picture-fields.ts'

const textOrNull = z.string().nullable()
const profileAnswer = z.object({
  email: z.string(),
  first_name: textOrNull,
  last_name: textOrNull,
  physical_address: textOrNull,
  phone_number: textOrNull,
  profile_pic: textOrNull,
})

const FORMS = ['multipart/form-data', 'application/x-www-form-urlencoded']

/** What somebody says of himself: the profile, and a customer's KYC, which is the same in other words. */
export function registerProfile(app: FastifyInstance, context: ClassicContext): void {
  registerOwnProfile(app, context)
  registerKyc(app, context)
}

function registerOwnProfile(app: FastifyInstance, { platform }: ClassicContext): void {
  const onRequest = requireRole(platform)
  const body = profileBody(platform, 'The phone number entered is not valid.')
  const viewing = {
    ...tagged(['Accounts'], 'See the own profile'),
    ...signedIn,
    response: { 200: profileAnswer, ...errorAnswers(401) },
  }
  const changing = {
    ...tagged(['Accounts'], 'Change the own profile'),
    ...signedIn,
    consumes: ['application/json', ...FORMS],
    body,
    response: { 200: messageAnswer, ...errorAnswers(400, 401, 503) },
  }
  app.get('/auth/profile/user/', { schema: viewing, onRequest }, (request) =>
    answerProfile(platform, request),
  )
  app.patch(
    '/auth/profile/user/',
    { schema: changing, onRequest, config: { takesPictures: true, limits: ['pictures'] } },
    async (request) => {
      await change(platform, request, request.body as z.output<typeof body>)
      return { message: 'Profile updated successfully.' }
    },
  )
}

function registerKyc(app: FastifyInstance, { platform }: ClassicContext): void {
  const onRequest = [requireRole(platform), onlyForms]
  const optional = profileBody(platform)
  const bodies = { PUT: optional.extend({ phone_number: phoneField(platform) }), PATCH: optional }
  for (const url of ['/auth/kyc-update/user/', '/auth/kyc-update/'])
    for (const method of ['PUT', 'PATCH'] as const)
      app.route({
        method,
        url,
        onRequest,
        config: { takesPictures: true, limits: ['pictures'] },
        schema: {
          ...tagged(['Accounts'], 'Say who one is (KYC of a customer)'),
          ...signedIn,
          consumes: FORMS,
          body: bodies[method],
          response: {
            200: messageAnswer.extend(profileAnswer.omit({ email: true }).shape),
            ...errorAnswers(400, 401, 415, 503),
          },
        },
        async handler(request) {
          await change(platform, request, request.body as z.output<typeof optional>)
          // The answer's schema leaves the address out.
          return { message: 'KYC update successful.', ...(await answerProfile(platform, request)) }
        },
      })
}

const profileBody = (platform: Platform, invalidPhone?: string) =>
  z.object({
    ...personFields(),
    phone_number: phoneField(platform, invalidPhone).optional(),
    profile_pic: pictureField('profile_pic'),
  })

function change(
  platform: Platform,
  request: FastifyRequest,
  body: z.output<ReturnType<typeof profileBody>>,
): Promise<void> {
  const changes = {
    ...personalDetails(body),
    phone: body.phone_number,
    profilePicture: body.profile_pic,
  }
  return inWordsOf(CHANGE_WORDS, () => changeProfile(platform, principalOf(request).accountId, changes))
}

async function answerProfile(platform: Platform, request: FastifyRequest) {
  const profile = await viewProfile(platform, principalOf(request).accountId)
  return {
    email: profile.email,
    first_name: profile.firstName,
    last_name: profile.lastName,
    physical_address: profile.physicalAddress,
    phone_number: profile.phone,
    profile_pic: platform.pictureUrls.pictureUrl(profile.profilePicture),
  }
}

const CHANGE_WORDS = {
  'phone-taken': () => new InvalidBody({ phone_number: ['Phone number is already registered.'] }),
  'picture-refused': pictureRefused,
}
