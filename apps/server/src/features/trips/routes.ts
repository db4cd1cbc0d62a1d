import { Cancellation, Id, NewTrip, StatusReport, Trip, TripDetails, TripPage, Trips } from '@toota/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import { ACT, refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { advanceTrip } from './advance-trip.ts'
import { cancelTrip, type Canceller } from './cancel-trip.ts'
import { listTrips } from './list-trips.ts'
import { requestTrip } from './request-trip.ts'
import { tripBody, tripDetailsBody } from './trip-bodies.ts'
import { viewTrip, type Viewer } from './view-trip.ts'

const tags = ['Trips']
const security = signedIn
const params = z.object({ tripId: Id })
const idOf = (request: { params: z.output<typeof params> }) => request.params.tripId as TripId

/** Trips on `/v1`: request, look up, cancel, drive. Paying is in `payments/routes.ts`. */
export function tripRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerReading(api, context)
    registerBooking(api, context)
    registerCancelling(api, context)
    registerDriving(api, context)
  }
}

const viewerOf = ({ access }: ApiContext, request: FastifyRequest): Viewer => {
  const { role, accountId } = access.principalOf(request)
  return { role: role === 'driver' ? 'driver' : 'customer', accountId }
}

function registerReading(api: Api, context: ApiContext): void {
  const { platform, access } = context
  const onRequest = access.requireRole('customer', 'driver')

  api.get(
    '/trips',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'listTrips', summary: 'Own trips, newest first' },
        querystring: TripPage,
        response: { 200: Trips, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { limit, status, cursor } = request.query
      const page = await listTrips(platform, viewerOf(context, request), {
        limit,
        status,
        cursor: cursor as TripId | undefined,
      })
      return { trips: page.trips.map(tripBody), nextCursor: page.nextCursor }
    },
  )

  api.get(
    '/trips/:tripId',
    {
      onRequest,
      schema: {
        ...{
          tags,
          security,
          operationId: 'getTrip',
          summary: 'An own trip, with its people and its payment',
        },
        params,
        response: { 200: TripDetails, ...refusals(401, 403, 404) },
      },
    },
    async (request) =>
      tripDetailsBody(
        await viewTrip(platform, viewerOf(context, request), idOf(request)),
        context.pictureUrl,
      ),
  )
}

function registerBooking(api: Api, context: ApiContext): void {
  const { platform, access } = context
  const onRequest = access.requireRole('customer')

  api.post(
    '/trips',
    {
      onRequest,
      config: { takesKey: true, isCommand: true },
      schema: {
        ...{
          tags,
          security,
          operationId: 'requestTrip',
          summary: 'Ask for a price; the trip waits 30 minutes',
        },
        description: 'Needs an Idempotency-Key: the same key never makes a second trip.',
        body: NewTrip,
        response: { 201: Trip, ...refusals(401, 403, 409, 422) },
      },
    },
    (request, reply) => {
      const customerId = access.principalOf(request).accountId as CustomerId
      return answerOnce(
        context,
        request,
        reply,
        (db) => requestTrip({ ...platform, db }, customerId, request.body),
        {
          status: 201,
          body: tripBody,
        },
      )
    },
  )
}

function registerCancelling(api: Api, context: ApiContext): void {
  const { platform, access } = context
  api.post(
    '/trips/:tripId/cancellation',
    {
      onRequest: access.requireRole(),
      config: ACT,
      schema: {
        ...{ tags, security, operationId: 'cancelTrip', summary: 'Cancel a trip; a repeat changes nothing' },
        params,
        body: Cancellation.default({}),
        response: { 200: Trip, ...refusals(401, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const canceller = cancellerOf(context, request, request.body.reason)
      return answerOnce(
        ...([context, request, reply] as const),
        (db) => cancelTrip({ ...platform, db }, idOf(request), canceller),
        { status: 200, body: ({ trip }) => tripBody(trip), isKeyOptional: true },
      )
    },
  )
}

function cancellerOf({ access }: ApiContext, request: FastifyRequest, reason: string | undefined): Canceller {
  const { role, accountId } = access.principalOf(request)
  if (role !== 'staff') return { role, accountId }
  if (!reason) throw new Refusal('invalid-request', { reason: 'is needed from staff' })
  return { role, reason }
}

function registerDriving(api: Api, context: ApiContext): void {
  const { platform, access } = context
  const onRequest = access.requireRole('driver')
  const driverOf = (request: FastifyRequest) => access.principalOf(request).accountId as DriverId

  api.post(
    '/trips/:tripId/status',
    {
      onRequest,
      config: ACT,
      schema: {
        ...{ tags, security, operationId: 'reportStatus', summary: 'Say where the own trip stands' },
        description:
          'Forward only; the status it already has changes nothing. `loaded` or later marks cash as received.',
        params,
        body: StatusReport,
        response: { 200: Trip, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const { status: to } = request.body
      return answerOnce(
        ...([context, request, reply] as const),
        (db) => advanceTrip({ ...platform, db }, driverOf(request), idOf(request), to),
        { status: 200, body: ({ trip }) => tripBody(trip), isKeyOptional: true },
      )
    },
  )
}
