import { MARKETS, type Market } from '@toota/contract'
import type { Point } from '../../../kernel/index.ts'

/** A country's outline as lines between neighbours and along the sea, each a flat list of longitude, latitude. */
export type Polygons = Readonly<
  Record<
    Market,
    {
      readonly bounds: Bounds
      readonly lines: readonly { readonly isCoast: boolean; readonly points: readonly number[] }[]
    }
  >
>

/** {@link Polygons}, made ready for questions. */
export type Outlines = Readonly<Record<Market, Outline>>

type Bounds = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }
type Segment = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
type Outline = {
  readonly bounds: Bounds
  readonly border: readonly Segment[]
  readonly coast: readonly Segment[]
}

/** The simplified coast cuts off harbours and headlands. */
const COAST_TOLERANCE_DEGREES = 5 / 111.2
// A degree of longitude is at most a quarter shorter in these countries.
const BOUNDS_MARGIN_DEGREES = 1.3 * COAST_TOLERANCE_DEGREES

export function readOutlines(polygons: Polygons): Outlines {
  const read = ({ bounds, lines }: Polygons[Market]): Outline => ({
    bounds,
    border: lines.filter(({ isCoast }) => !isCoast).flatMap(({ points }) => segmentsOf(points)),
    coast: lines.filter(({ isCoast }) => isCoast).flatMap(({ points }) => segmentsOf(points)),
  })
  return { ZA: read(polygons.ZA), NG: read(polygons.NG), KE: read(polygons.KE), GH: read(polygons.GH) }
}

/** The market whose country the point is in, or off whose coast it lies by at most 5 km. */
export const marketAt = (outlines: Outlines, point: Point): Market | undefined =>
  MARKETS.find((market) => isInMarket(outlines[market], point))

function isInMarket({ bounds, border, coast }: Outline, { latitude: y, longitude: x }: Point): boolean {
  const { west, south, east, north } = bounds
  const margin = BOUNDS_MARGIN_DEGREES
  if (x < west - margin || x > east + margin || y < south - margin || y > north + margin) return false
  // A ray to the east crosses the whole outline, islands and enclaves included, an odd number of times.
  if ((crossings(border, x, y) + crossings(coast, x, y)) % 2 === 1) return true
  // Nearer to the sea than to the border, so that a neighbour's towns beside the border stay with the neighbour.
  const degreesToCoast = degreesToNearest(coast, x, y)
  return degreesToCoast <= COAST_TOLERANCE_DEGREES && degreesToCoast < degreesToNearest(border, x, y)
}

const crossings = (segments: readonly Segment[], x: number, y: number): number =>
  segments.filter(({ x1, y1, x2, y2 }) => y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
    .length

const degreesToNearest = (segments: readonly Segment[], x: number, y: number): number =>
  segments.reduce((nearest, segment) => Math.min(nearest, degreesTo(segment, x, y)), Infinity)

function segmentsOf(points: readonly number[]): Segment[] {
  const segments: Segment[] = []
  for (let at = 0; at + 3 < points.length; at += 2) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points.slice(at, at + 4)
    segments.push({ x1, y1, x2, y2 })
  }
  return segments
}

/** Degrees of latitude between a point and a segment; on 5 km the earth is flat. */
function degreesTo({ x1, y1, x2, y2 }: Segment, x: number, y: number): number {
  const shrink = Math.cos((y * Math.PI) / 180)
  const [dx, dy] = [(x2 - x1) * shrink, y2 - y1]
  const [px, py] = [(x - x1) * shrink, y - y1]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / length, 0), 1)
  return Math.hypot(px - along * dx, py - along * dy)
}
