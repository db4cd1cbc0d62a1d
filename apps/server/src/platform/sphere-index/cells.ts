import type { Point } from '../../kernel/index.ts'

export const EARTH_RADIUS_METERS = 6_371_008.8
export const RADIANS = Math.PI / 180
/** Cells of the last level are 60 cm wide and are not split: a depot's drivers may all report the same spot. */
export const LEVELS = 26
const PER_RADIAN = 2 ** LEVELS / (2 * Math.PI)
const LAST = 2 ** LEVELS - 1

export type Vector = { readonly x: number; readonly y: number; readonly z: number }

/** A place as a point of the unit sphere. */
export function toVector({ latitude, longitude }: Point): Vector {
  const phi = latitude * RADIANS
  const lambda = longitude * RADIANS
  const equatorial = Math.cos(phi)
  return { x: equatorial * Math.cos(lambda), y: equatorial * Math.sin(lambda), z: Math.sin(phi) }
}

/** Column of the last level; the first begins at the antimeridian. Radians. */
export const columnOf = (lambda: number): number => toCell(lambda + Math.PI)

/** Row of the last level; the first begins at the south pole. Rows are as high as columns are wide at the equator. Radians. */
export const rowOf = (phi: number): number => toCell(phi + Math.PI / 2)

const toCell = (angle: number): number => Math.min(Math.max(Math.floor(angle * PER_RADIAN), 0), LAST)

/** The squared chord of the unit sphere between places so many metres apart. */
export function toSquaredChord(meters: number): number {
  const chord = 2 * Math.sin(Math.min(meters / (2 * EARTH_RADIUS_METERS), Math.PI / 2))
  return chord * chord
}

/** The reverse of {@link toSquaredChord}. */
export const toMeters = (squaredChord: number): number =>
  2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(squaredChord) / 2))
