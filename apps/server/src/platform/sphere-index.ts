import type { Point } from '../kernel/index.ts'
import type { Fix } from './positions.ts'

/**
 * Values with their last fix, found by nearness and age. The points lie on the unit sphere in space, in an octree of
 * buckets: there the poles and the antimeridian are places like any other, and "how far" is three subtractions
 * (squared chord), which orders points as great circles do.
 */
export type SphereIndex<T> = { readonly root: Node<T> }

/** A value's place in the index, to move or remove it. */
export type Entry<T> = { readonly value: T; leaf: Node<T>; slot: number }

type Vector = { readonly x: number; readonly y: number; readonly z: number }
type Reading = Vector & { readonly at: number }

/** A cube around (x, y, z). Either a leaf with entries, or an inner node with children. */
type Node<T> = Vector & {
  readonly half: number
  readonly parent: Node<T> | undefined
  /** Entries in this cube. An inner node holds more than {@link MERGE_AT}, so that emptied ones do not pile up. */
  count: number
  children: (Node<T> | undefined)[] | undefined
  entries: Entry<T>[]
  /**
   * x, y, z and `at` of each entry in turn. A search reads these one after the other and no other object: following
   * references to the fixes took twice as long.
   */
  readings: number[]
}

const LEAF_CAPACITY = 16
const MERGE_AT = LEAF_CAPACITY / 2
// Cubes this small (half a metre) are not split again: a depot's drivers may all report the same spot.
const MIN_HALF = 1e-7
export const EARTH_RADIUS_METERS = 6_371_008.8
/** Numbers per entry in a leaf's readings. */
const STRIDE = 4
const OCTANTS = [0, 1, 2, 3, 4, 5, 6, 7] as const

export function createSphereIndex<T>(): SphereIndex<T> {
  return { root: createNode({ x: 0, y: 0, z: 0 }, 1, undefined) }
}

export function insert<T>(index: SphereIndex<T>, value: T, fix: Fix): Entry<T> {
  const entry: Entry<T> = { value, leaf: index.root, slot: -1 }
  place(index.root, entry, toReading(fix))
  return entry
}

export function move<T>(index: SphereIndex<T>, entry: Entry<T>, fix: Fix): void {
  const reading = toReading(fix)
  if (contains(entry.leaf, reading)) {
    writeReading(entry.leaf, entry.slot, reading)
    return
  }
  remove(entry)
  place(index.root, entry, reading)
}

/** Takes the entry out; it must not be used again. */
export function remove<T>(entry: Entry<T>): void {
  const { leaf, slot } = entry
  const last = leaf.entries.pop()
  if (last && last !== entry) {
    leaf.entries[slot] = last
    last.slot = slot
    writeReading(leaf, slot, readReading(leaf.readings, leaf.entries.length))
  }
  leaf.readings.length -= STRIDE
  for (let node: Node<T> | undefined = leaf; node; node = node.parent) {
    node.count--
    if (node.children && node.count <= MERGE_AT) merge(node)
    else if (node.count === 0 && node.parent?.children)
      node.parent.children[octantOf(node.parent, node)] = undefined
  }
}

export type SearchQuery = {
  readonly center: Point
  readonly radiusMeters: number
  readonly limit: number
  readonly since: number
}

/** The best found so far of a search that may span several indexes. */
export type Search<T> = {
  readonly center: Vector
  readonly limit: number
  /** Older fixes do not count; milliseconds since 1970. */
  readonly since: number
  /** Only what is nearer than this can still get in: a squared chord of the unit sphere. */
  bound: number
  readonly found: T[]
  readonly chords: number[]
}

export function startSearch<T>({ center, radiusMeters, limit, since }: SearchQuery): Search<T> {
  const chord = 2 * Math.sin(Math.min(radiusMeters / (2 * EARTH_RADIUS_METERS), Math.PI / 2))
  // The billionth keeps "within" inclusive in spite of rounding.
  const bound = limit > 0 && radiusMeters >= 0 ? chord * chord * (1 + 1e-9) + 1e-24 : 0
  return { center: toVector(center), limit, since, bound, found: [], chords: [] }
}

/** Adds the nearest values to the search, keeping its `found` sorted, nearest first. */
export function searchNearest<T>(index: SphereIndex<T>, search: Search<T>): void {
  visit(index.root, search)
}

function visit<T>(node: Node<T>, search: Search<T>): void {
  if (!node.children) {
    visitLeaf(node, search)
    return
  }
  // The centre's own octant first, its opposite last: what is near tightens the bound early.
  const home = octantOf(node, search.center)
  for (const across of OCTANTS) {
    const child = node.children[home ^ across]
    if (child && squaredDistanceTo(child, search.center) < search.bound) visit(child, search)
  }
}

function visitLeaf<T>({ readings, entries }: Node<T>, search: Search<T>): void {
  const { center, since } = search
  for (let slot = 0, start = 0; slot < entries.length; slot++, start += STRIDE) {
    const x = (readings[start] as number) - center.x
    const y = (readings[start + 1] as number) - center.y
    const z = (readings[start + 2] as number) - center.z
    const chord = x * x + y * y + z * z
    if (chord < search.bound && (readings[start + 3] as number) >= since) {
      keep(search, (entries[slot] as Entry<T>).value, chord)
    }
  }
}

function keep<T>(search: Search<T>, value: T, chord: number): void {
  const { found, chords, limit } = search
  let at = found.length < limit ? found.length : limit - 1
  for (; at > 0 && (chords[at - 1] as number) > chord; at--) {
    found[at] = found[at - 1] as T
    chords[at] = chords[at - 1] as number
  }
  found[at] = value
  chords[at] = chord
  if (found.length === limit) search.bound = chords[limit - 1] as number
}

function place<T>(root: Node<T>, entry: Entry<T>, reading: Reading): void {
  let node = root
  node.count++
  while (node.children) {
    node = childFor(node, node.children, reading)
    node.count++
  }
  append(node, entry, reading)
  if (node.count > LEAF_CAPACITY && node.half > MIN_HALF) split(node)
}

function split<T>(node: Node<T>): void {
  const { entries, readings } = node
  const children: (Node<T> | undefined)[] = OCTANTS.map(() => undefined)
  node.children = children
  node.entries = []
  node.readings = []
  for (const [slot, entry] of entries.entries()) {
    const reading = readReading(readings, slot)
    const child = childFor(node, children, reading)
    child.count++
    append(child, entry, reading)
  }
  for (const child of children) {
    if (child && child.count > LEAF_CAPACITY && child.half > MIN_HALF) split(child)
  }
}

/** Makes a leaf of a node whose children have, by the rule of `count`, all become leaves. */
function merge<T>(node: Node<T>): void {
  const children = node.children ?? []
  node.children = undefined
  for (const child of children) {
    for (const [slot, entry] of (child?.entries ?? []).entries()) {
      append(node, entry, readReading(child?.readings ?? [], slot))
    }
  }
}

function append<T>(leaf: Node<T>, entry: Entry<T>, { x, y, z, at }: Reading): void {
  entry.leaf = leaf
  entry.slot = leaf.entries.push(entry) - 1
  leaf.readings.push(x, y, z, at)
}

function childFor<T>(node: Node<T>, children: (Node<T> | undefined)[], vector: Vector): Node<T> {
  const octant = octantOf(node, vector)
  return (children[octant] ??= createNode(centerOf(node, octant), node.half / 2, node))
}

function createNode<T>({ x, y, z }: Vector, half: number, parent: Node<T> | undefined): Node<T> {
  return { x, y, z, half, parent, count: 0, children: undefined, entries: [], readings: [] }
}

const octantOf = (node: Vector, { x, y, z }: Vector): number =>
  (x >= node.x ? 1 : 0) | (y >= node.y ? 2 : 0) | (z >= node.z ? 4 : 0)

function centerOf({ x, y, z, half }: Vector & { half: number }, octant: number): Vector {
  const step = half / 2
  return {
    x: x + (octant & 1 ? step : -step),
    y: y + (octant & 2 ? step : -step),
    z: z + (octant & 4 ? step : -step),
  }
}

const contains = <T>(node: Node<T>, { x, y, z }: Vector): boolean =>
  x >= node.x - node.half &&
  x < node.x + node.half &&
  y >= node.y - node.half &&
  y < node.y + node.half &&
  z >= node.z - node.half &&
  z < node.z + node.half

/** From a point to the nearest corner, edge or face of the cube; 0 inside it. */
function squaredDistanceTo<T>(node: Node<T>, { x, y, z }: Vector): number {
  const dx = Math.max(Math.abs(x - node.x) - node.half, 0)
  const dy = Math.max(Math.abs(y - node.y) - node.half, 0)
  const dz = Math.max(Math.abs(z - node.z) - node.half, 0)
  return dx * dx + dy * dy + dz * dz
}

/** A place as a point of the unit sphere. */
export function toVector({ latitude, longitude }: Point): Vector {
  const phi = (latitude * Math.PI) / 180
  const lambda = (longitude * Math.PI) / 180
  const equatorial = Math.cos(phi)
  return { x: equatorial * Math.cos(lambda), y: equatorial * Math.sin(lambda), z: Math.sin(phi) }
}

const toReading = (fix: Fix): Reading => ({ ...toVector(fix), at: fix.at })

function readReading(readings: readonly number[], slot: number): Reading {
  const start = slot * STRIDE
  const [x, y, z, at] = readings.slice(start, start + STRIDE) as [number, number, number, number]
  return { x, y, z, at }
}

function writeReading<T>({ readings }: Node<T>, slot: number, { x, y, z, at }: Reading): void {
  const start = slot * STRIDE
  readings[start] = x
  readings[start + 1] = y
  readings[start + 2] = z
  readings[start + 3] = at
}
