import type { Point } from '../kernel/index.ts'

/**
 * Values at points of the earth, found by nearness. The points lie on the unit sphere in space, in an octree of
 * buckets: there the poles and the antimeridian are places like any other, and "how far" is three subtractions
 * (squared chord), which orders points as great circles do.
 */
export type SphereIndex<T> = { readonly root: Node<T> }

/** A value's place in the index, to move or remove it. */
export type Entry<T> = { readonly value: T; leaf: Node<T>; slot: number }

type Vector = { readonly x: number; readonly y: number; readonly z: number }

/** A cube around (x, y, z). Either a leaf with entries, or an inner node with children. */
type Node<T> = Vector & {
  readonly half: number
  readonly parent: Node<T> | undefined
  /** Entries in this cube. An inner node holds more than {@link MERGE_AT}, so that emptied ones do not pile up. */
  count: number
  children: (Node<T> | undefined)[] | undefined
  entries: Entry<T>[]
  /** x, y, z of each entry in turn: a search reads these one after the other and touches no other object. */
  coordinates: number[]
}

const LEAF_CAPACITY = 16
const MERGE_AT = LEAF_CAPACITY / 2
// Cubes this small (half a metre) are not split again: a depot's drivers may all report the same spot.
const MIN_HALF = 1e-7
const EARTH_RADIUS_METERS = 6_371_008.8
const OCTANTS = [0, 1, 2, 3, 4, 5, 6, 7] as const

export function createSphereIndex<T>(): SphereIndex<T> {
  return { root: createNode({ x: 0, y: 0, z: 0 }, 1, undefined) }
}

export function insert<T>(index: SphereIndex<T>, value: T, point: Point): Entry<T> {
  const entry: Entry<T> = { value, leaf: index.root, slot: -1 }
  place(index.root, entry, toVector(point))
  return entry
}

export function move<T>(index: SphereIndex<T>, entry: Entry<T>, point: Point): void {
  const vector = toVector(point)
  if (contains(entry.leaf, vector)) {
    writeCoordinates(entry.leaf, entry.slot, vector)
    return
  }
  remove(entry)
  place(index.root, entry, vector)
}

/** Takes the entry out; it must not be used again. */
export function remove<T>(entry: Entry<T>): void {
  const { leaf, slot } = entry
  const last = leaf.entries.pop()
  const coordinates = leaf.coordinates.splice(-3) as [number, number, number]
  if (last && last !== entry) {
    leaf.entries[slot] = last
    last.slot = slot
    const [x, y, z] = coordinates
    writeCoordinates(leaf, slot, { x, y, z })
  }
  for (let node: Node<T> | undefined = leaf; node; node = node.parent) {
    node.count--
    if (node.children && node.count <= MERGE_AT) merge(node)
    else if (node.count === 0 && node.parent?.children)
      node.parent.children[octantOf(node.parent, node)] = undefined
  }
}

/** The best found so far of a search that may span several indexes. */
export type Search<T> = {
  readonly center: Vector
  readonly limit: number
  /** Only what is nearer than this can still get in: a squared chord of the unit sphere. */
  bound: number
  readonly found: T[]
  readonly chords: number[]
}

export function startSearch<T>(center: Point, radiusMeters: number, limit: number): Search<T> {
  const chord = 2 * Math.sin(Math.min(radiusMeters / (2 * EARTH_RADIUS_METERS), Math.PI / 2))
  // The billionth keeps "within" inclusive in spite of rounding.
  const bound = limit > 0 && radiusMeters >= 0 ? chord * chord * (1 + 1e-9) + 1e-24 : 0
  return { center: toVector(center), limit, bound, found: [], chords: [] }
}

/** Adds the nearest values that `accept` takes to the search, keeping its `found` sorted, nearest first. */
export function searchNearest<T>(
  index: SphereIndex<T>,
  search: Search<T>,
  accept: (value: T) => boolean,
): void {
  visit(index.root, search, accept)
}

function visit<T>(node: Node<T>, search: Search<T>, accept: (value: T) => boolean): void {
  if (!node.children) {
    visitLeaf(node, search, accept)
    return
  }
  // The centre's own octant first, then those across one face, two, three: near ones tighten the bound early.
  const home = octantOf(node, search.center)
  for (const across of OCTANTS) {
    const child = node.children[home ^ across]
    if (child && squaredDistanceTo(child, search.center) < search.bound) visit(child, search, accept)
  }
}

function visitLeaf<T>(leaf: Node<T>, search: Search<T>, accept: (value: T) => boolean): void {
  const { center } = search
  const { coordinates } = leaf
  for (let slot = 0, at = 0; slot < leaf.count; slot++, at += 3) {
    const x = (coordinates[at] as number) - center.x
    const y = (coordinates[at + 1] as number) - center.y
    const z = (coordinates[at + 2] as number) - center.z
    const chord = x * x + y * y + z * z
    if (chord >= search.bound) continue
    const { value } = leaf.entries[slot] as Entry<T>
    if (accept(value)) keep(search, value, chord)
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

function place<T>(root: Node<T>, entry: Entry<T>, vector: Vector): void {
  let node = root
  node.count++
  while (node.children) {
    node = childFor(node, node.children, vector)
    node.count++
  }
  append(node, entry, vector)
  if (node.count > LEAF_CAPACITY && node.half > MIN_HALF) split(node)
}

function split<T>(node: Node<T>): void {
  const { entries, coordinates } = node
  const children: (Node<T> | undefined)[] = OCTANTS.map(() => undefined)
  node.children = children
  node.entries = []
  node.coordinates = []
  for (const [slot, entry] of entries.entries()) {
    const vector = readCoordinates(coordinates, slot)
    const child = childFor(node, children, vector)
    child.count++
    append(child, entry, vector)
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
      append(node, entry, readCoordinates(child?.coordinates ?? [], slot))
    }
  }
}

function append<T>(leaf: Node<T>, entry: Entry<T>, { x, y, z }: Vector): void {
  entry.leaf = leaf
  entry.slot = leaf.entries.push(entry) - 1
  leaf.coordinates.push(x, y, z)
}

function childFor<T>(node: Node<T>, children: (Node<T> | undefined)[], vector: Vector): Node<T> {
  const octant = octantOf(node, vector)
  return (children[octant] ??= createNode(centerOf(node, octant), node.half / 2, node))
}

function createNode<T>({ x, y, z }: Vector, half: number, parent: Node<T> | undefined): Node<T> {
  return { x, y, z, half, parent, count: 0, children: undefined, entries: [], coordinates: [] }
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

function toVector({ latitude, longitude }: Point): Vector {
  const phi = (latitude * Math.PI) / 180
  const lambda = (longitude * Math.PI) / 180
  const equatorial = Math.cos(phi)
  return { x: equatorial * Math.cos(lambda), y: equatorial * Math.sin(lambda), z: Math.sin(phi) }
}

function readCoordinates(coordinates: readonly number[], slot: number): Vector {
  const [x, y, z] = coordinates.slice(slot * 3, slot * 3 + 3) as [number, number, number]
  return { x, y, z }
}

function writeCoordinates<T>({ coordinates }: Node<T>, slot: number, { x, y, z }: Vector): void {
  coordinates[slot * 3] = x
  coordinates[slot * 3 + 1] = y
  coordinates[slot * 3 + 2] = z
}
