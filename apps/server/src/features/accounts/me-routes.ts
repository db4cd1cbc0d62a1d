import { PasswordChange, Profile, ProfileChange, type Role } from '@toota/contract'
import { z } from 'zod'
import type { AccountId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { changePassword } from './change-password.ts'
import { changeProfile } from './change-profile.ts'
import { checkPerson } from './check-person.ts'
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
      const { picture, ...details } = request.body
      await changeProfile(platform, principal.accountId, {
        ...checkPerson(platform, details),
        profilePicture: picture,
      })
      return profileOf(principal)
    },
  )
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
