import type { Point } from '../../kernel/index.ts'
import { BUCKET, nextOf, READING, readingsOf, readingsStart, whoIn } from './buckets.ts'
import { RADIANS, toSquaredChord } from './cells.ts'
import { CHILDREN, COUNT, HEAD, NODE } from './nodes.ts'
import type { SphereIndex } from './quadtree.ts'

export type SearchQuery = {
  readonly center: Point
  readonly radiusMeters: number
  readonly limit: number
  /** Older fixes do not count; milliseconds since 1970. */
  readonly since: number
}

/**
 * The best found so far of a search that may span several trees. It is used again by the next search, which must not
 * begin before the last one's result was read.
 */
export type Search = {
  phi: number
  lambda: number
  equatorial: number
  x: number
  y: number
  z: number
  limit: number
  since: number
  /** Only what is nearer than this can still get in: a squared chord of the unit sphere. */
  bound: number
  count: number
  /** Where the entries of those found are, nearest first; whose they are is looked up for these alone, by {@link whoIsAt}. */
  spots: Int32Array
  /** Of each its squared chord. */
  chords: Float64Array
}

const FIRST_LIMIT = 32
/** Radians by which a cell is taken to be larger than it is, for all that is rounded; 6 µm on the ground. */
const MARGIN = 1e-12

export const createSearch = (): Search => ({
  ...{ phi: 0, lambda: 0, equatorial: 0, x: 0, y: 0, z: 0, limit: 0, since: 0, bound: 0, count: 0 },
  spots: new Int32Array(FIRST_LIMIT),
  chords: new Float64Array(FIRST_LIMIT),
})

export function startSearch(search: Search, { center, radiusMeters, limit, since }: SearchQuery): void {
  search.phi = center.latitude * RADIANS
  const lambda = center.longitude * RADIANS
  search.lambda = lambda - 2 * Math.PI * Math.round(lambda / (2 * Math.PI))
  search.equatorial = Math.cos(search.phi)
  search.x = search.equatorial * Math.cos(search.lambda)
  search.y = search.equatorial * Math.sin(search.lambda)
  search.z = Math.sin(search.phi)
  search.since = since
  search.limit = limit
  // The billionth keeps "within" inclusive in spite of rounding.
  search.bound = limit > 0 && radiusMeters >= 0 ? toSquaredChord(radiusMeters) * (1 + 1e-9) + 1e-24 : 0
  search.count = 0
  if (limit <= search.spots.length) return
  search.spots = new Int32Array(limit)
  search.chords = new Float64Array(limit)
}

/** The number of the driver whose entry is there. */
export const whoIsAt = ({ buckets }: SphereIndex, spot: number): number =>
  whoIn(buckets, Math.floor(spot / BUCKET), spot % BUCKET)

/** Adds the nearest of the tree to the search. */
export function searchNearest(index: SphereIndex, tree: number, search: Search): void {
  visit(index, tree, search, -Math.PI / 2, -Math.PI, 2 * Math.PI, 0, 0)
}

/**
 * `south` and `west` are the corner of the node's cell, `size` is its width and height (radians); the cosines are those
 * of its southern and northern edge.
 */
function visit(
  index: SphereIndex,
  node: number,
  search: Search,
  south: number,
  west: number,
  size: number,
  cosSouth: number,
  cosNorth: number,
): void {
  const children = index.nodes.links[node * NODE + CHILDREN] as number
  if (children === 0) {
    visitLeaf(index, node, search)
    return
  }
  const half = size / 2
  const [middle, center] = [south + half, west + half]
  // A chord's square has a part for the latitudes and one for the longitudes; the least of each is a lower bound.
  const low = squaredHalves(Math.max(south - search.phi, search.phi - middle))
  const high = squaredHalves(Math.max(middle - search.phi, search.phi - middle - half))
  const left = squaredHalves(gap(search.lambda - west, half))
  const right = squaredHalves(gap(search.lambda - center, half))
  const cosMiddle = Math.cos(middle)
  const lowShare = search.equatorial * Math.max(Math.min(cosSouth, cosMiddle), 0)
  const highShare = search.equatorial * Math.max(Math.min(cosMiddle, cosNorth), 0)
  // The centre's own quarter first, its opposite last: what is near tightens the bound early.
  const isLow = low <= high
  const isLeft = left <= right
  for (let n = 0; n < 4; n++) {
    const goesLow = n < 2 === isLow
    const goesLeft = (n % 2 === 0) === isLeft
    const bound = (goesLow ? low : high) + (goesLow ? lowShare : highShare) * (goesLeft ? left : right)
    if (bound >= search.bound) continue
    const child = children + (goesLow ? 0 : 2) + (goesLeft ? 0 : 1)
    if (goesLow) visit(index, child, search, south, goesLeft ? west : center, half, cosSouth, cosMiddle)
    else visit(index, child, search, middle, goesLeft ? west : center, half, cosMiddle, cosNorth)
  }
}

/** How far a meridian is from a range of them that begins `ahead` to its west and is so wide; the shorter way round. */
function gap(ahead: number, width: number): number {
  const east = ahead < 0 ? ahead + 2 * Math.PI : ahead
  return east <= width ? 0 : Math.min(east - width, 2 * Math.PI - east)
}

/** At most the square of 2 sin(angle / 2), for angles up to π: the first terms of its series. 0 where the angle is negative. */
function squaredHalves(angle: number): number {
  if (angle <= MARGIN) return 0
  const half = angle - MARGIN
  const sine = half * (1 - (half * half) / 24)
  return sine * sine
}

function visitLeaf({ nodes, buckets }: SphereIndex, leaf: number, search: Search): void {
  const { x, y, z, since } = search
  let bucket = nodes.links[leaf * NODE + HEAD] as number
  for (let left = nodes.links[leaf * NODE + COUNT] as number; left > 0;) {
    const readings = readingsOf(buckets, bucket)
    const inBucket = left % BUCKET || BUCKET
    const first = readingsStart(bucket)
    for (let slot = 0, start = first; slot < inBucket; slot++, start += READING) {
      const dx = (readings[start] as number) - x
      const dy = (readings[start + 1] as number) - y
      const dz = (readings[start + 2] as number) - z
      const chord = dx * dx + dy * dy + dz * dz
      if (chord < search.bound && (readings[start + 3] as number) >= since) {
        keep(search, bucket * BUCKET + slot, chord)
      }
    }
    left -= inBucket
    if (left > 0) bucket = nextOf(buckets, bucket)
  }
}

function keep(search: Search, spot: number, chord: number): void {
  const { spots, chords, limit } = search
  let at = search.count < limit ? search.count++ : limit - 1
  for (; at > 0 && (chords[at - 1] as number) > chord; at--) {
    spots[at] = spots[at - 1] as number
    chords[at] = chords[at - 1] as number
  }
  spots[at] = spot
  chords[at] = chord
  if (search.count === limit) search.bound = chords[limit - 1] as number
}
