import { enlarge, NONE } from './buckets.ts'
import { LEVELS } from './cells.ts'

/** The nodes of quadtrees, in arrays of numbers. Freed ones are used again. */
export type Nodes = {
  /** {@link NODE} numbers of each node, all that a search reads: four children are a line of the processor's cache. */
  links: Int32Array
  /** {@link CELL} numbers of each node. */
  cells: Int32Array
  used: number
  /** The first of four that are free, or 0. */
  free: number
}

export const NODE = 4
/** The first of four children, who follow one another: south-west, south-east, north-west, north-east. 0 in a leaf. */
export const CHILDREN = 0
/** Of a leaf: its first bucket, the only one that may not be full. */
export const HEAD = 1
/** Entries of a leaf. */
export const COUNT = 2
export const PARENT = 3

const CELL = 3
const LEVEL = 0
/** Of the south-west corner, in cells of the last level. */
const COLUMN = 1
const ROW = 2

const FIRST_NODES = 16
/** What grows here is copied: less would copy more often, more would stand empty. */
const GROWTH = 1.5

/** The roots are the first nodes. */
export function createNodes(roots: number): Nodes {
  const room = roots + FIRST_NODES
  const links = new Int32Array(room * NODE)
  for (let root = 0; root < roots; root++) links.set([0, NONE, 0, NONE], root * NODE)
  return { links, cells: new Int32Array(room * CELL), used: roots, free: 0 }
}

export const levelOf = ({ cells }: Nodes, node: number): number => cells[node * CELL + LEVEL] as number

export function contains({ cells }: Nodes, node: number, column: number, row: number): boolean {
  const cell = node * CELL
  const shift = LEVELS - (cells[cell + LEVEL] as number)
  return (
    (column ^ (cells[cell + COLUMN] as number)) >> shift === 0 &&
    (row ^ (cells[cell + ROW] as number)) >> shift === 0
  )
}

export function leafBelow(nodes: Nodes, node: number, column: number, row: number): number {
  const { links } = nodes
  let leaf = node
  let shift = LEVELS - 1 - levelOf(nodes, node)
  for (let children = links[leaf * NODE + CHILDREN] as number; children !== 0; shift--) {
    leaf = children + ((column >> shift) & 1) + 2 * ((row >> shift) & 1)
    children = links[leaf * NODE + CHILDREN] as number
  }
  return leaf
}

/** Makes an inner node of `leaf`, with four empty children. */
export function takeChildren(nodes: Nodes, leaf: number): void {
  const children = takeFour(nodes)
  const { links, cells } = nodes
  const cell = leaf * CELL
  const level = (cells[cell + LEVEL] as number) + 1
  const width = 2 ** (LEVELS - level)
  for (let n = 0; n < 4; n++) {
    links.set([0, NONE, 0, leaf], (children + n) * NODE)
    const column = (cells[cell + COLUMN] as number) + (n & 1) * width
    const row = (cells[cell + ROW] as number) + (n >> 1) * width
    cells.set([level, column, row], (children + n) * CELL)
  }
  links[leaf * NODE + CHILDREN] = children
}

/** Makes a leaf of `node`, whose children are leaves. */
export function dropChildren(nodes: Nodes, node: number): void {
  const { links } = nodes
  const children = links[node * NODE + CHILDREN] as number
  links[node * NODE + CHILDREN] = 0
  links[children * NODE + CHILDREN] = nodes.free
  nodes.free = children
}

function takeFour(nodes: Nodes): number {
  const { free, used } = nodes
  if (free !== 0) {
    nodes.free = nodes.links[free * NODE + CHILDREN] as number
    return free
  }
  nodes.used = used + 4
  const room = nodes.cells.length / CELL
  if (nodes.used > room) {
    const more = Math.max(nodes.used, Math.ceil(room * GROWTH))
    nodes.links = enlarge(new Int32Array(more * NODE), nodes.links)
    nodes.cells = enlarge(new Int32Array(more * CELL), nodes.cells)
  }
  return used
}
