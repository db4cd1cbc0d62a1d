import { DriverPosition, DriverSearch, Id, NearbyDrivers } from '@toota/contract'
import { z } from 'zod'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { findDriverAreas, type DriverInArea } from './find-driver-areas.ts'
import { locateDriver } from './locate-driver.ts'
import type { Roster } from './roster.ts'

const tags = ['Drivers']
const security = signedIn

/** Drivers on `/v1` and where they are; what they say of it themselves is in `position-routes.ts`. */
export function trackingRoutes(context: ApiContext, roster: Roster): (api: Api) => void {
  return (api) => {
    registerSearch(api, context, roster)
    registerPositions(api, context)
  }
}

function registerSearch(api: Api, { platform, access, pictureUrl }: ApiContext, roster: Roster): void {
  api.get(
    '/drivers',
    {
      config: { limits: ['searches'] },
      onRequest: access.requireRole('customer', 'staff'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'findDrivers',
          summary: 'Available drivers within 50 km, at most 20',
        },
        description:
          'Where they are is told to about a kilometre; there is no way to reach them before an offer.',
        querystring: DriverSearch,
        response: { 200: NearbyDrivers, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { vehicleClass = [], ...center } = request.query
      const found = await findDriverAreas(platform, roster, { center, classes: [vehicleClass].flat() })
      return { drivers: found.map((each) => nearbyDriver(each, pictureUrl)) }
    },
  )
}

const nearbyDriver = (
  { driver, area, distanceMeters }: DriverInArea,
  pictureUrl: ApiContext['pictureUrl'],
) => ({
  id: driver.id,
  name: driver.name,
  vehicleClass: driver.vehicleClass,
  rating: driver.rating,
  tripsCompleted: driver.tripsCompleted,
  picture: pictureUrl(driver.profilePicture),
  carPicture: pictureUrl(driver.carPicture),
  area,
  distanceMeters,
})

function registerPositions(api: Api, { platform, access }: ApiContext): void {
  api.get(
    '/drivers/:driverId/position',
    {
      onRequest: access.requireRole('customer'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'locateDriver',
          summary: 'Where the driver of the own active trip is',
        },
        params: z.object({ driverId: Id }),
        response: { 200: DriverPosition, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const driverId = request.params.driverId as DriverId
      const customerId = access.principalOf(request).accountId as CustomerId
      const { fix, isOnline } = await locateDriver(platform, customerId, driverId)
      const position = fix && {
        latitude: fix.latitude,
        longitude: fix.longitude,
        at: new Date(fix.at).toISOString(),
      }
      return { driverId, position: position ?? null, isOnline, askedAt: platform.clock.now().toISOString() }
    },
  )
}
