import { Concerns, Id, Trip } from '@toota/contract'
import { z } from 'zod'
import type { CustomerId, TripId } from '../../kernel/index.ts'
import { ACT, refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { listConcerns } from './list-concerns.ts'
import { searchAgain } from './search-again.ts'
import { tripBody } from './trip-bodies.ts'

const tags = ['Trips']
const security = signedIn

/** Drivers who worry us, on `/v1`: what the customer can do about it, and what staff see. */
export function concernRoutes(context: ApiContext): (api: Api) => void {
  const { platform, access } = context
  return (api) => {
    api.post(
      '/trips/:tripId/search-again',
      {
        onRequest: access.requireRole('customer'),
        config: ACT,
        schema: {
          ...{ tags, security, operationId: 'searchAgain', summary: 'Take a driver who does not come off' },
          description:
            'While the trip has a `concern` and he has not arrived. It is pending again, with its fare and its payment, and can be offered to others.',
          params: z.object({ tripId: Id }),
          response: { 200: Trip, ...refusals(401, 403, 404, 409, 422) },
        },
      },
      (request, reply) => {
        const customerId = access.principalOf(request).accountId as CustomerId
        const tripId = request.params.tripId as TripId
        return answerOnce(
          ...([context, request, reply] as const),
          (db) => searchAgain({ ...platform, db }, customerId, tripId),
          { status: 200, body: tripBody, isKeyOptional: true },
        )
      },
    )

    api.get(
      '/concerns',
      {
        onRequest: access.requireRole('staff'),
        schema: {
          ...{ tags, security, operationId: 'listConcerns', summary: 'Trips whose driver worries us' },
          description: 'Those that have waited longest first, at most 500.',
          response: { 200: Concerns, ...refusals(401, 403) },
        },
      },
      async () => ({ trips: (await listConcerns(platform)).map(tripBody) }),
    )
  }
}
