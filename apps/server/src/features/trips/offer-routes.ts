import { Id, NewOffer, Offer, OpenOffers, Trip } from '@toota/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { CustomerId, DriverId, OfferId, TripId } from '../../kernel/index.ts'
import { ACT, refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { acceptOffer } from './accept-offer.ts'
import { offerTrip } from './offer-trip.ts'
import { rejectOffer } from './reject-offer.ts'
import { offerBody, tripBody, tripDetailsBody } from './trip-bodies.ts'
import { viewOpenOffer, viewTrip } from './view-trip.ts'

const tags = ['Offers']
const security = signedIn

/** Offers on `/v1`: a customer holds a trip out, a driver answers. */
export function offerRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerOffering(api, context)
    registerLookingUp(api, context)
    registerAnswering(api, context)
  }
}

function registerOffering(api: Api, context: ApiContext): void {
  const { platform, access } = context
  api.post(
    '/trips/:tripId/offers',
    {
      onRequest: access.requireRole('customer'),
      config: { takesKey: true, isCommand: true },
      schema: {
        ...{ tags, security, operationId: 'offerTrip', summary: 'Hold an own trip out to one driver' },
        description: 'Needs an Idempotency-Key. The same driver again, while he thinks, is the same offer.',
        params: z.object({ tripId: Id }),
        body: NewOffer,
        response: { 201: Offer, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const customerId = access.principalOf(request).accountId as CustomerId
      const tripId = request.params.tripId as TripId
      const driverId = request.body.driverId as DriverId
      return answerOnce(
        context,
        request,
        reply,
        (db) => offerTrip({ ...platform, db }, customerId, tripId, driverId),
        { status: 201, body: ({ offer }) => offerBody(offer) },
      )
    },
  )
}

const driverOf = ({ access }: ApiContext, request: FastifyRequest) =>
  access.principalOf(request).accountId as DriverId

function registerLookingUp(api: Api, context: ApiContext): void {
  const { platform, access, pictureUrl } = context
  api.get(
    '/offers',
    {
      onRequest: access.requireRole('driver'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'listOpenOffers',
          summary: 'The offer that still waits for an answer',
        },
        response: { 200: OpenOffers, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const accountId = driverOf(context, request)
      const offer = await viewOpenOffer(platform, accountId)
      if (!offer) return { offers: [] }
      const view = await viewTrip(platform, { role: 'driver', accountId }, offer.tripId)
      return { offers: [{ ...offerBody(offer), trip: tripDetailsBody(view, pictureUrl) }] }
    },
  )
}

function registerAnswering(api: Api, context: ApiContext): void {
  const { platform, access } = context
  const onRequest = access.requireRole('driver')
  const params = z.object({ offerId: Id })

  api.post(
    '/offers/:offerId/acceptance',
    {
      onRequest,
      config: ACT,
      schema: {
        ...{ tags, security, operationId: 'acceptOffer', summary: 'Take the trip' },
        params,
        response: { 200: Trip, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const [driverId, offerId] = [driverOf(context, request), request.params.offerId as OfferId]
      return answerOnce(
        ...([context, request, reply] as const),
        (db) => acceptOffer({ ...platform, db }, driverId, offerId),
        { status: 200, body: tripBody, isKeyOptional: true },
      )
    },
  )

  api.post(
    '/offers/:offerId/rejection',
    {
      onRequest,
      config: ACT,
      schema: {
        ...{ tags, security, operationId: 'rejectOffer', summary: 'Leave the trip to another driver' },
        params,
        response: { 204: z.null().describe('Done'), ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const [driverId, offerId] = [driverOf(context, request), request.params.offerId as OfferId]
      return answerOnce(
        ...([context, request, reply] as const),
        (db) => rejectOffer({ ...platform, db }, driverId, offerId),
        { status: 204, body: () => null, isKeyOptional: true },
      )
    },
  )
}
