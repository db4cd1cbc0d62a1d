import polygons from '../../../data/market-polygons.json' with { type: 'json' }
import { readOutlines } from './model/market.ts'

/** Natural Earth's countries (public domain), simplified to some kilometres. */
export const marketOutlines = readOutlines(polygons)
