import type { VehicleClass } from '@toota/contract'
import { DETOUR, distanceMeters, driveSeconds, type Point } from '../kernel/index.ts'
import type { Route, Router } from './router.ts'

/** One street address to the next; shorter would read as 0.00 km. */
export const SHORTEST_METERS = 10

/** Great circle × 1.3 at the class's speed. */
export function estimateRoute(from: Point, to: Point, vehicleClass: VehicleClass): Route {
  const meters = DETOUR * distanceMeters(from, to)
  return {
    distanceMeters: Math.max(SHORTEST_METERS, Math.round(meters)),
    durationSeconds: Math.max(1, Math.round(driveSeconds(meters, vehicleClass))),
    isEstimated: true,
  }
}

export const estimateRouter: Router = {
  route: (from, to, vehicleClass) => Promise.resolve(estimateRoute(from, to, vehicleClass)),
}
