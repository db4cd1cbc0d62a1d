import { FixReport, Id, LateFixes, TripTrail } from '@toota/contract'
import { z } from 'zod'
import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { readingOf, timedReadingsOf } from './reading.ts'
import { reportFix } from './report-fix.ts'
import { reportTrail } from './report-trail.ts'
import type { Roster } from './roster.ts'
import { viewTrail } from './view-trail.ts'

const shared = { tags: ['Drivers'], security: signedIn }

/** Where a driver says he is and was, and the way of a trip. */
export function positionRoutes(context: ApiContext, roster: Roster): (api: Api) => void {
  return (api) => {
    registerReports(api, context, roster)
    registerTrail(api, context)
  }
}

function registerReports(api: Api, { platform, access }: ApiContext, roster: Roster): void {
  const onRequest = access.requireRole('driver')
  api.put(
    '/me/position',
    {
      onRequest,
      schema: {
        ...{ ...shared, operationId: 'reportPosition', summary: 'A driver says where he is' },
        description:
          'For phones without a socket; `/v1/live` is the better way. What is older than what is known, not exact enough, or further away than anybody drives changes nothing.',
        body: FixReport,
        response: { 204: z.null().describe('Taken'), ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      const driverId = access.principalOf(request).accountId as DriverId
      await roster.enter(driverId)
      if (reportFix(platform, roster, driverId, readingOf(request.body)) === 'no-place')
        throw new Refusal('invalid-request', { position: 'is no place' })
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/me/trail',
    {
      onRequest,
      schema: {
        ...{ ...shared, operationId: 'reportTrail', summary: 'A driver says where he was' },
        description:
          'Readings that could not be sent in time, oldest first. They go into the trails of the trips that he was on then and change nothing about where he is now. Sent twice they count once.',
        body: LateFixes,
        response: { 204: z.null().describe('Taken'), ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      const driverId = access.principalOf(request).accountId as DriverId
      await roster.enter(driverId)
      reportTrail(platform, roster, driverId, timedReadingsOf(request.body))
      return reply.code(204).send(null)
    },
  )
}

function registerTrail(api: Api, { platform, access }: ApiContext): void {
  api.get(
    '/trips/:tripId/trail',
    {
      // A stranger's is not there, whatever his role: that a trip exists is not told.
      onRequest: access.requireRole(),
      schema: {
        tags: ['Trips'],
        security: signedIn,
        operationId: 'getTrail',
        summary: 'Where the driver was on a trip',
        description:
          'For its customer, its driver and staff; from when he accepted until the end. What was heard in the last seconds may be missing. Kept for TRAIL_RETENTION_DAYS.',
        params: z.object({ tripId: Id }),
        response: { 200: TripTrail, ...refusals(401, 404) },
      },
    },
    async (request) => {
      const tripId = request.params.tripId as TripId
      const { points, ...trail } = await viewTrail(platform, access.principalOf(request), tripId)
      return {
        tripId,
        ...trail,
        points: points.map(({ takenAt, ...point }) => ({ ...point, at: takenAt.toISOString() })),
      }
    },
  )
}
