import type { Fix } from '../positions.ts'
import {
  BUCKET,
  createBuckets,
  enlarge,
  freeBucket,
  LEAD,
  leafOf,
  linksOf,
  linksStart,
  nextOf,
  NONE,
  READING,
  readingsOf,
  readingsStart,
  takeBucket,
  whoIn,
  type Buckets,
} from './buckets.ts'
import { columnOf, LEVELS, RADIANS, rowOf } from './cells.ts'
import {
  CHILDREN,
  contains,
  COUNT,
  createNodes,
  dropChildren,
  HEAD,
  leafBelow,
  levelOf,
  NODE,
  PARENT,
  takeChildren,
  type Nodes,
} from './nodes.ts'

/**
 * Drivers by their numbers, with their last fixes, found by nearness and age. A quadtree over latitude and longitude in
 * typed arrays; trees of one index share its room. Candidates are compared by their points on the unit sphere, where
 * "how far" is three subtractions (squared chord), which orders points as great circles do.
 */
export type SphereIndex = {
  readonly nodes: Nodes
  readonly buckets: Buckets
  /** Of each driver's number where his entry is (bucket × BUCKET + slot), or {@link NONE}. */
  spots: Int32Array
  /** The reading that is about to be written. */
  readonly reading: Float64Array
}

const FIRST_SPOTS = 64
/** What grows is copied: less would copy more often, more would stand empty. */
const GROWTH = 1.5
const LEAF_CAPACITY = 32
/** A node whose four children are leaves holds more than this, so that emptied ones do not pile up. */
const MERGE_AT = LEAF_CAPACITY / 2

export function createSphereIndex(trees: number): SphereIndex {
  return {
    nodes: createNodes(trees),
    buckets: createBuckets(),
    spots: new Int32Array(FIRST_SPOTS).fill(NONE),
    reading: new Float64Array(READING),
  }
}

export const isIndexed = ({ spots }: SphereIndex, who: number): boolean =>
  who < spots.length && spots[who] !== NONE

/** `who` must not be in the index. */
export function insert(index: SphereIndex, tree: number, who: number, fix: Fix): void {
  if (who >= index.spots.length) growSpots(index, who)
  read(index.reading, fix)
  place(index, tree, who, columnOf(fix.longitude * RADIANS), rowOf(fix.latitude * RADIANS))
}

/** `who` must be in the index. */
export function move(index: SphereIndex, who: number, fix: Fix): void {
  const { buckets, reading } = index
  read(reading, fix)
  const spot = index.spots[who] as number
  const bucket = Math.floor(spot / BUCKET)
  const leaf = leafOf(buckets, bucket)
  const column = columnOf(fix.longitude * RADIANS)
  const row = rowOf(fix.latitude * RADIANS)
  if (contains(index.nodes, leaf, column, row)) {
    const start = readingsStart(bucket) + (spot % BUCKET) * READING
    copyReading(readingsOf(buckets, bucket), start, reading, 0)
    return
  }
  takeOut(index, spot)
  let above = leaf
  while (!contains(index.nodes, above, column, row))
    above = index.nodes.links[above * NODE + PARENT] as number
  place(index, above, who, column, row)
  mergeAbove(index, leaf)
}

/** `who` must be in the index. */
export function remove(index: SphereIndex, who: number): void {
  const spot = index.spots[who] as number
  const leaf = leafOf(index.buckets, Math.floor(spot / BUCKET))
  takeOut(index, spot)
  index.spots[who] = NONE
  mergeAbove(index, leaf)
}

/** Puts the reading of `who` into the leaf below `node` whose cell it is in. */
function place(index: SphereIndex, node: number, who: number, column: number, row: number): void {
  let leaf = leafBelow(index.nodes, node, column, row)
  while (
    (index.nodes.links[leaf * NODE + COUNT] as number) >= LEAF_CAPACITY &&
    levelOf(index.nodes, leaf) < LEVELS
  ) {
    split(index, leaf)
    leaf = leafBelow(index.nodes, leaf, column, row)
  }
  append(index, leaf, who, index.reading, 0)
}

function append(index: SphereIndex, leaf: number, who: number, from: Float64Array, start: number): void {
  const { buckets, spots } = index
  const nodes = index.nodes.links
  const slot = (nodes[leaf * NODE + COUNT] as number) % BUCKET
  if (slot === 0) nodes[leaf * NODE + HEAD] = takeBucket(buckets, leaf, nodes[leaf * NODE + HEAD] as number)
  ;(nodes[leaf * NODE + COUNT] as number)++
  const bucket = nodes[leaf * NODE + HEAD] as number
  linksOf(buckets, bucket)[linksStart(bucket) + LEAD + slot] = who
  spots[who] = bucket * BUCKET + slot
  copyReading(readingsOf(buckets, bucket), readingsStart(bucket) + slot * READING, from, start)
}

/** Empties the spot: the last entry of its leaf moves there. */
function takeOut(index: SphereIndex, spot: number): void {
  const { buckets, spots } = index
  const nodes = index.nodes.links
  const bucket = Math.floor(spot / BUCKET)
  const leaf = leafOf(buckets, bucket) * NODE
  const head = nodes[leaf + HEAD] as number
  const count = (nodes[leaf + COUNT] as number) - 1
  nodes[leaf + COUNT] = count
  const lastSlot = count % BUCKET
  if (head * BUCKET + lastSlot !== spot) {
    const who = whoIn(buckets, head, lastSlot)
    const slot = spot % BUCKET
    linksOf(buckets, bucket)[linksStart(bucket) + LEAD + slot] = who
    spots[who] = spot
    const to = readingsStart(bucket) + slot * READING
    copyReading(
      readingsOf(buckets, bucket),
      to,
      readingsOf(buckets, head),
      readingsStart(head) + lastSlot * READING,
    )
  }
  if (lastSlot > 0) return
  nodes[leaf + HEAD] = nextOf(buckets, head)
  freeBucket(buckets, head)
}

function split(index: SphereIndex, leaf: number): void {
  const { nodes } = index
  const count = nodes.links[leaf * NODE + COUNT] as number
  takeChildren(nodes, leaf)
  handOut(index, leaf, count, (x, y, z) =>
    leafBelow(nodes, leaf, columnOf(Math.atan2(y, x)), rowOf(Math.atan2(z, Math.hypot(x, y)))),
  )
}

/** Makes a leaf of each node above `leaf` whose children are leaves that hold few enough. */
function mergeAbove(index: SphereIndex, leaf: number): void {
  const nodes = index.nodes.links
  for (let node = leaf; ;) {
    const parent = nodes[node * NODE + PARENT] as number
    if (parent === NONE) return
    const children = nodes[parent * NODE + CHILDREN] as number
    let count = 0
    for (let child = children; child < children + 4; child++) {
      if (nodes[child * NODE + CHILDREN] !== 0) return
      count += nodes[child * NODE + COUNT] as number
    }
    if (count > MERGE_AT) return
    dropChildren(index.nodes, parent)
    for (let child = children; child < children + 4; child++) {
      handOut(index, child, nodes[child * NODE + COUNT] as number, () => parent)
    }
    node = parent
  }
}

/** Gives the entries of `leaf`, and frees their buckets, to the leaf that `choose` says for each. */
function handOut(
  index: SphereIndex,
  leaf: number,
  count: number,
  choose: (x: number, y: number, z: number) => number,
): void {
  const { buckets } = index
  const nodes = index.nodes.links
  let bucket = nodes[leaf * NODE + HEAD] as number
  nodes[leaf * NODE + HEAD] = NONE
  nodes[leaf * NODE + COUNT] = 0
  for (let left = count; left > 0;) {
    const readings = readingsOf(buckets, bucket)
    const links = linksOf(buckets, bucket)
    const inBucket = left % BUCKET || BUCKET
    for (let slot = 0; slot < inBucket; slot++) {
      const start = readingsStart(bucket) + slot * READING
      const [x, y, z] = [readings[start], readings[start + 1], readings[start + 2]] as [
        number,
        number,
        number,
      ]
      append(index, choose(x, y, z), links[linksStart(bucket) + LEAD + slot] as number, readings, start)
    }
    left -= inBucket
    const next = nextOf(buckets, bucket)
    freeBucket(buckets, bucket)
    bucket = next
  }
}

function read(reading: Float64Array, { latitude, longitude, at }: Fix): void {
  const phi = latitude * RADIANS
  const lambda = longitude * RADIANS
  const equatorial = Math.cos(phi)
  reading[0] = equatorial * Math.cos(lambda)
  reading[1] = equatorial * Math.sin(lambda)
  reading[2] = Math.sin(phi)
  reading[3] = at
}

function copyReading(to: Float64Array, toStart: number, from: Float64Array, start: number): void {
  to[toStart] = from[start] as number
  to[toStart + 1] = from[start + 1] as number
  to[toStart + 2] = from[start + 2] as number
  to[toStart + 3] = from[start + 3] as number
}

function growSpots(index: SphereIndex, who: number): void {
  const { length } = index.spots
  const spots = new Int32Array(Math.max(who + 1, Math.ceil(length * GROWTH)))
  index.spots = enlarge(spots, index.spots).fill(NONE, length)
}
