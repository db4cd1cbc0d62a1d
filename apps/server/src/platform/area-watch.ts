import type { Point } from '../kernel/index.ts'
import type { Area } from './positions.ts'
import { EARTH_RADIUS_METERS, toVector } from './sphere-index/index.ts'

type Watcher = { readonly listener: () => void; readonly cells: readonly number[] }

/**
 * Who waits for a change where. Space is cut into cubes of about 100 km, so that a change looks up one cube however
 * many wait elsewhere; and each who waits is called once, so that a thousand drivers who move at once cost no more.
 */
export type AreaWatch = {
  once(area: Area, listener: () => void): () => void
  touch(point: Point): void
}

/** In radii of the Earth: the sphere that positions lie on has the radius 1. */
const CELL = 1 / 64
/** Cells along an axis, with room for what lies across the edge. */
const STRIDE = 256

export function createAreaWatch(onError: (error: unknown) => void): AreaWatch {
  const waiting = new Map<number, Set<Watcher>>()

  const forget = (watcher: Watcher): void => {
    for (const cell of watcher.cells) {
      const group = waiting.get(cell)
      group?.delete(watcher)
      if (group?.size === 0) waiting.delete(cell)
    }
  }

  return {
    once(area, listener) {
      const watcher: Watcher = { listener, cells: cellsOf(area) }
      for (const cell of watcher.cells) waiting.set(cell, (waiting.get(cell) ?? new Set()).add(watcher))
      return () => forget(watcher)
    },

    touch(point) {
      if (waiting.size === 0) return
      const { x, y, z } = toVector(point)
      const group = waiting.get(cellAt(index(x), index(y), index(z)))
      if (!group) return
      for (const watcher of [...group]) {
        // One that was called earlier in this round may have ended another's waiting.
        if (!group.has(watcher)) continue
        forget(watcher)
        try {
          watcher.listener()
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}

const index = (coordinate: number): number => Math.floor(coordinate / CELL) + STRIDE / 2

const cellAt = (x: number, y: number, z: number): number => (x * STRIDE + y) * STRIDE + z

/** All cubes that the area may reach into. */
function cellsOf({ center, radiusMeters }: Area): number[] {
  const reach = radiusMeters / EARTH_RADIUS_METERS
  const { x, y, z } = toVector(center)
  const range = (coordinate: number): number[] => {
    const first = index(coordinate - reach)
    return Array.from({ length: index(coordinate + reach) - first + 1 }, (_, n) => first + n)
  }
  return range(x).flatMap((i) => range(y).flatMap((j) => range(z).map((k) => cellAt(i, j, k))))
}
