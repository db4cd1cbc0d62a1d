import type { Market } from '@toota/contract'
import type { Point } from '../../kernel/index.ts'
import { marketOutlines } from './market-outlines.ts'
import { marketAt } from './model/market.ts'

/** Degrees of a cell: about 11 km. */
const CELL = 0.1
const MAX_CELLS = 20_000
const known = new Map<number, Market | undefined>()

/**
 * The market around a place, the same for a whole cell of about 11 km: for what is only divided by market, thousands of
 * times a second. Prices ask for the border itself.
 */
export function roughMarketAt({ latitude, longitude }: Point): Market | undefined {
  const [row, column] = [Math.floor(latitude / CELL), Math.floor(longitude / CELL)]
  const cell = row * 10_000 + column
  if (known.has(cell)) return known.get(cell)
  if (known.size >= MAX_CELLS) known.clear()
  const market = marketAt(marketOutlines, {
    latitude: (row + 0.5) * CELL,
    longitude: (column + 0.5) * CELL,
  })
  known.set(cell, market)
  return market
}
