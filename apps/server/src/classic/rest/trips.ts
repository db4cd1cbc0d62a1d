import type { VehicleClass } from '@toota/contract'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Principal } from '../../features/accounts/index.ts'
import { findDrivers } from '../../features/tracking/index.ts'
import { advanceTrip, cancelTrip, getTrip, type Viewer } from '../../features/trips/index.ts'
import { isPlausible, parseId, Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { ClassicContext } from '../context.ts'
import { foundDriver } from '../messages.ts'
import { refusedStatus } from '../refused-status.ts'
import { parseVehicle } from '../spelling.ts'
import { parseStatus, statusWord } from '../statuses.ts'
import { principalOf, requireRole } from './access.ts'
import { number, TEXTS, text } from './bodies.ts'
import { errorAnswers, messageAnswer } from './answers.ts'
import { answerInDetails, ClassicError, InvalidBody, inWordsOf } from './errors.ts'

/** `/trip` and `/trips` are one (C-1). */
const PREFIXES = ['/trip', '/trips'] as const
const tags = ['Trips']
const security = [{ bearer: [] }]

const oneOrMany = z.union([z.array(text()), text()]).transform((words) => [words].flat())
const search = z.object({
  pickup_lat: number().nullish(),
  pickup_lon: number().nullish(),
  vehicle_type: oneOrMany.nullish(),
})

/** Searching drivers, and a trip's status. */
export function registerTrips(app: FastifyInstance, context: ClassicContext): void {
  for (const prefix of PREFIXES) {
    registerSearch(app, context, prefix)
    registerStatus(app, context, prefix)
  }
}

function registerSearch(app: FastifyInstance, { platform, roster }: ClassicContext, prefix: string): void {
  const find = async (input: z.output<typeof search>) => {
    const drivers = await findDrivers(platform, roster, readSearch(input))
    return drivers.length === 0
      ? { message: 'No available drivers nearby' }
      : {
          message: 'Available drivers found',
          drivers: drivers.map((each) => foundDriver(each, platform.pictureUrls)),
        }
  }
  const response = {
    200: z.object({ message: z.string(), drivers: z.array(driverSchema).optional() }),
    ...errorAnswers(400, 401, 429),
  }
  const summary = 'Available drivers, nearest first, at most 20 within 50 km'
  const config = { limits: ['searches'] as const }
  const options = { config, onRequest: requireRole(platform), errorHandler: answerInDetails }
  const api = app.withTypeProvider<ZodTypeProvider>()
  for (const path of [`${prefix}/find-driver/`, `${prefix}/drivers/find/`]) {
    const schema = { tags, security, summary, response }
    api.get(path, { ...options, schema: { ...schema, querystring: search } }, (request) =>
      find(request.query),
    )
    api.post(path, { ...options, schema: { ...schema, body: search } }, (request) => find(request.body))
  }
}

function readSearch({ pickup_lat, pickup_lon, vehicle_type }: z.output<typeof search>) {
  const classes = (vehicle_type ?? []).map((word): VehicleClass => {
    const known = parseVehicle(word)
    if (!known) throw new InvalidBody({ vehicle_type: [TEXTS.choice(word.slice(0, 50))] })
    return known
  })
  if (pickup_lat == null && pickup_lon == null) return { classes }
  if (pickup_lat == null) throw new InvalidBody({ pickup_lat: [TEXTS.required] })
  if (pickup_lon == null) throw new InvalidBody({ pickup_lon: [TEXTS.required] })
  const center = { latitude: pickup_lat, longitude: pickup_lon }
  if (!isPlausible(center)) throw new InvalidBody({ pickup_lat: ['Invalid coordinates'] })
  return { center, classes }
}

const driverSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable().describe('Not shown in searches'),
    phone: z.string().nullable().describe('Not shown in searches'),
    vehicle_type: z.string().nullable(),
    rating: z.number(),
    profile_pic: z.string().nullable(),
    car_image: z.string().nullable(),
    latitude: z.number(),
    longitude: z.number(),
    is_available: z.boolean(),
    distance: z.number().nullable().describe('Kilometres as the crow flies; null without a pickup position'),
  })
  .meta({ id: 'FoundDriver' })

function registerStatus(app: FastifyInstance, context: ClassicContext, prefix: string): void {
  const url = `${prefix}/:trip_id/status/`
  const onRequest = requireRole(context.platform, 'customer', 'driver')
  const schema = { tags, security, params: z.object({ trip_id: z.string() }) }
  const api = app.withTypeProvider<ZodTypeProvider>()

  api.get(
    url,
    {
      onRequest,
      schema: {
        ...schema,
        summary: 'The status of an own trip',
        response: { 200: statusAnswer, ...errorAnswers(401, 404) },
      },
    },
    (request) =>
      inWordsOf(NOT_FOUND, () => checkStatus(context, principalOf(request), request.params.trip_id)),
  )
  const summary = 'Update an own trip (customers can only cancel); without a status, check it'
  api.post(
    url,
    {
      onRequest,
      schema: {
        ...schema,
        summary,
        body: statusBody,
        response: { 200: z.union([messageAnswer, statusAnswer]), ...errorAnswers(400, 401, 403, 404) },
      },
    },
    (request) => {
      const word = request.body.status ?? request.body.trip_status
      return inWordsOf<StatusAnswer | MessageAnswer>(NOT_FOUND, () =>
        word == null
          ? checkStatus(context, principalOf(request), request.params.trip_id)
          : updateStatus(context, principalOf(request), request.params.trip_id, word),
      )
    },
  )
}

const statusAnswer = z.object({ trip_status: z.string() })
type StatusAnswer = z.infer<typeof statusAnswer>
type MessageAnswer = z.infer<typeof messageAnswer>
const statusBody = z.object({
  status: text({ allowBlank: true }).nullish(),
  trip_status: text({ allowBlank: true }).nullish(),
})

const NOT_FOUND = {
  'not-found': [404, 'Trip not found.'],
  'illegal-transition': (refusal: Refusal) => new ClassicError(400, refusedStatus(refusal)),
} as const

const viewerOf = ({ role, accountId }: Principal): Viewer => ({
  role: role === 'driver' ? 'driver' : 'customer',
  accountId,
})

async function checkStatus({ platform }: ClassicContext, principal: Principal, id: string) {
  const trip = await getTrip(platform, viewerOf(principal), tripIdOf(id))
  return { trip_status: statusWord(trip.status) }
}

async function updateStatus({ platform }: ClassicContext, principal: Principal, id: string, word: string) {
  const tripId = tripIdOf(id)
  const status = parseStatus(word)
  if (!status)
    throw new ClassicError(400, 'Invalid input data', { status: [TEXTS.choice(word.slice(0, 50))] })
  const viewer = viewerOf(principal)
  // Whether the trip is theirs comes first, so that a stranger learns nothing from the words below.
  await getTrip(platform, viewer, tripId)
  if (status === 'cancelled') await cancelTrip(platform, tripId, viewer)
  else if (viewer.role === 'customer') throw new ClassicError(403, 'Passengers can only cancel a trip.')
  else await advanceTrip(platform, principal.accountId as DriverId, tripId, status)
  return { message: 'trip updated successfully' }
}

function tripIdOf(text: string): TripId {
  const tripId = parseId<TripId>(text)
  if (!tripId) throw new Refusal('not-found')
  return tripId
}
