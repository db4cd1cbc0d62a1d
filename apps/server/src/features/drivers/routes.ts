import { Application, ApplicationForm, Documents, Id } from '@toota/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal, type DriverId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { checkPerson } from '../accounts/index.ts'
import { approveDriver } from './approve-driver.ts'
import { submitApplication } from './submit-application.ts'
import { viewApplication } from './view-application.ts'
import { viewDocuments } from './view-documents.ts'

const tags = ['Drivers']
const security = signedIn

/** A driver's application on `/v1`, and what staff do with it. */
export function driverRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerApplication(api, context)
    registerDocuments(api, context)
    registerApproval(api, context)
  }
}

function registerApplication(api: Api, context: ApiContext): void {
  const { platform, access } = context
  const onRequest = access.requireRole('driver')
  const driverOf = (request: FastifyRequest) => access.principalOf(request).accountId as DriverId

  api.get(
    '/me/application',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'getApplication', summary: 'The own application as submitted' },
        response: { 200: Application, ...refusals(401, 403, 404) },
      },
    },
    (request) => applicationBody(context, driverOf(request)),
  )
  api.put(
    '/me/application',
    {
      onRequest,
      config: { limits: ['pictures'] },
      schema: {
        ...{
          tags,
          security,
          operationId: 'submitApplication',
          summary: 'Apply as a driver, or change what was said',
        },
        description: 'Pictures are uploaded before and named here. Another vehicle needs another approval.',
        body: ApplicationForm,
        response: { 200: Application, ...refusals(401, 403, 409) },
      },
    },
    async (request) => {
      const { pictures, ...form } = request.body
      const { profile, licence, carFront, carBack } = pictures
      if ((carFront === undefined) !== (carBack === undefined))
        throw new Refusal('pictures-missing', { missing: [carFront ? 'car-back' : 'car-front'] })
      await submitApplication(platform, driverOf(request), checkPerson(platform, form), {
        profile,
        licence,
        car: carFront && carBack ? [carFront, carBack] : undefined,
      })
      return applicationBody(context, driverOf(request))
    },
  )
}

async function applicationBody({ platform, pictureUrl }: ApiContext, driverId: DriverId) {
  const application = await viewApplication(platform, driverId)
  if (!application) throw new Refusal('not-found')
  const { profilePicture, carPictures, ...rest } = application
  return {
    ...rest,
    picture: pictureUrl(profilePicture),
    carPictures: carPictures.flatMap((name) => pictureUrl(name) ?? []),
  }
}

function registerDocuments(api: Api, { platform, access }: ApiContext): void {
  const response = { 200: Documents, ...refusals(401, 403, 404) }
  api.get(
    '/me/documents',
    {
      onRequest: access.requireRole('driver'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'getDocuments',
          summary: 'The own documents, by addresses that work for 5 minutes',
        },
        response,
      },
    },
    (request) => {
      const principal = access.principalOf(request)
      return viewDocuments(platform, principal, principal.accountId as DriverId)
    },
  )
  api.get(
    '/drivers/:driverId/documents',
    {
      onRequest: access.requireRole('staff'),
      schema: {
        ...{ tags, security, operationId: 'getDriverDocuments', summary: "A driver's documents, for staff" },
        params: z.object({ driverId: Id }),
        response,
      },
    },
    (request) => viewDocuments(platform, access.principalOf(request), request.params.driverId as DriverId),
  )
}

function registerApproval(api: Api, { platform, access }: ApiContext): void {
  api.post(
    '/drivers/:driverId/approval',
    {
      onRequest: access.requireRole('staff'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'approveDriver',
          summary: 'Let a driver drive; again it changes nothing',
        },
        params: z.object({ driverId: Id }),
        response: { 204: z.null().describe('Approved'), ...refusals(401, 403, 404) },
      },
    },
    async (request, reply) => {
      await approveDriver(platform, request.params.driverId, access.principalOf(request).accountId)
      return reply.code(204).send(null)
    },
  )
}
