import type { VehicleClass } from '@toota/contract'
import type { Point } from '../kernel/index.ts'

export type Route = {
  /** At least 10: anything shorter would read as 0.00 km. */
  readonly distanceMeters: number
  /** At least 1. */
  readonly durationSeconds: number
  /** True when no road network was asked: great circle × 1.3 at the class's speed. */
  readonly isEstimated: boolean
}

/** Never fails: a routing service that is slow, away or talks nonsense is replaced by the estimate. */
export type Router = { route(from: Point, to: Point, vehicleClass: VehicleClass): Promise<Route> }
