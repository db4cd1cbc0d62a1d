import { PasswordChange, Profile, ProfileChange, type Role } from '@toota/contract'
import { z } from 'zod'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { changePassword } from './change-password.ts'
import { changeProfile } from './change-profile.ts'
import { isPersonName } from './model/person-name.ts'
import { readPhone } from './phone-number.ts'
import { viewProfile } from './view-profile.ts'

const tags = ['Me']
const security = signedIn

/** The own account on `/v1`. */
export function meRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerProfile(api, context)
    registerPassword(api, context)
  }
}

function registerProfile(api: Api, { platform, access, pictureUrl }: ApiContext): void {
  const onRequest = access.requireRole()
  const profileOf = async (principal: { readonly accountId: AccountId; readonly role: Role }) => {
    const { profilePicture, ...profile } = await viewProfile(platform, principal.accountId)
    return { id: principal.accountId, role: principal.role, ...profile, picture: pictureUrl(profilePicture) }
  }

  api.get(
    '/me',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'getProfile', summary: 'The own account' },
        response: { 200: Profile, ...refusals(401) },
      },
    },
    (request) => profileOf(access.principalOf(request)),
  )
  api.patch(
    '/me',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'changeProfile', summary: 'Change what is given, keep the rest' },
        body: ProfileChange,
        response: { 200: Profile, ...refusals(401, 409) },
      },
    },
    async (request) => {
      const principal = access.principalOf(request)
      const { picture, phone, ...names } = request.body
      requireNames(names)
      await changeProfile(platform, principal.accountId, {
        ...names,
        phone: phone === undefined ? undefined : requirePhone(platform, phone),
        profilePicture: picture,
      })
      return profileOf(principal)
    },
  )
}

/** Refuses `invalid-request` for what is no name of a person. */
export function requireNames(names: { firstName?: string | undefined; lastName?: string | undefined }): void {
  for (const field of ['firstName', 'lastName'] as const) {
    const name = names[field]
    if (name !== undefined && !isPersonName(name))
      throw new Refusal('invalid-request', { [field]: 'is no name' })
  }
}

/** The number as E.164, or refuses `invalid-request`. */
export function requirePhone({ settings }: Pick<ApiContext['platform'], 'settings'>, typed: string): string {
  const phone = readPhone(typed, settings.defaultMarket)
  if (phone === undefined) throw new Refusal('invalid-request', { phone: 'is no phone number' })
  return phone
}

function registerPassword(api: Api, { platform, access }: ApiContext): void {
  api.put(
    '/me/password',
    {
      onRequest: access.requireRole(),
      config: { limits: ['codes'] },
      schema: {
        ...{ tags, security, operationId: 'changePassword', summary: 'Change the password' },
        description: 'Every other session and its sockets end.',
        body: PasswordChange,
        response: { 204: z.null().describe('Changed'), ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      await changePassword(platform, access.principalOf(request), request.body)
      return reply.code(204).send(null)
    },
  )
}
