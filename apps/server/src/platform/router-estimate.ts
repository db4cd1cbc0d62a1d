import type { VehicleClass } from '@toota/contract'
import { distanceMeters, type Point } from '../kernel/index.ts'
import type { Route, Router } from './router.ts'

/** Streets are longer than the crow's flight; 1.3 is the usual factor for cities. */
const DETOUR = 1.3
/** One street address to the next; shorter would read as 0.00 km. */
export const SHORTEST_METERS = 10

const KILOMETERS_PER_HOUR: Readonly<Record<VehicleClass, number>> = {
  motorbike: 40,
  bakkie: 35,
  'truck-1t': 35,
  'truck-1.5t': 35,
  'truck-2t': 35,
  'truck-4t': 30,
  'truck-8t': 30,
}

/** Great circle × 1.3 at the class's speed. */
export function estimateRoute(from: Point, to: Point, vehicleClass: VehicleClass): Route {
  const meters = DETOUR * distanceMeters(from, to)
  const metersPerSecond = KILOMETERS_PER_HOUR[vehicleClass] / 3.6
  return {
    distanceMeters: Math.max(SHORTEST_METERS, Math.round(meters)),
    durationSeconds: Math.max(1, Math.round(meters / metersPerSecond)),
    isEstimated: true,
  }
}

export const estimateRouter: Router = {
  route: (from, to, vehicleClass) => Promise.resolve(estimateRoute(from, to, vehicleClass)),
}
