import { distanceMeters, type Point } from '../../../kernel/index.ts'

/** Degrees of latitude of a cell: about 1.1 km, and a little less to the east in our markets. */
const CELL_DEGREES = 0.01

/** What a stranger may know of where a driver is: the middle of his cell, and how far that is from `center`. */
export function areaOf(point: Point, center: Point): { area: Point; distanceMeters: number } {
  const area = { latitude: middle(point.latitude), longitude: middle(point.longitude) }
  return { area, distanceMeters: Math.round(distanceMeters(area, center) / 100) * 100 }
}

const middle = (degrees: number): number =>
  Number(((Math.floor(degrees / CELL_DEGREES) + 0.5) * CELL_DEGREES).toFixed(3))
