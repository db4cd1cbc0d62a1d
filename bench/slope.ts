/** A value at a time, and under which load it was measured. */
export type Point = { readonly atMs: number; readonly value: number; readonly load: number }
/** By least squares, with the bounds of 95 %. */
export type Slope = { readonly perHour: number; readonly low: number; readonly high: number }

const HOUR_MS = 3_600_000

/** What a value grows by in an hour, apart from what it owes to its load: more connections need more memory. */
export function slopeOf(points: readonly Point[]): Slope {
  if (points.length < 4) throw new Error('a slope needs four points')
  const loads = points.map(({ load }) => load)
  const times = without(
    points.map(({ atMs }) => atMs),
    loads,
  )
  const values = without(
    points.map(({ value }) => value),
    loads,
  )
  const slope = ratio(values, times)
  const spread = times.reduce((sum, time) => sum + time ** 2, 0)
  const rest = values.reduce((sum, value, n) => sum + (value - slope * (times[n] ?? 0)) ** 2, 0)
  const doubt = 2 * Math.sqrt(rest / (points.length - 3) / spread)
  return { perHour: slope * HOUR_MS, low: (slope - doubt) * HOUR_MS, high: (slope + doubt) * HOUR_MS }
}

/** What is left of the values when their mean and what the loads explain are taken away. */
function without(values: readonly number[], loads: readonly number[]): number[] {
  const [centredValues, centredLoads] = [centred(values), centred(loads)]
  const share = ratio(centredValues, centredLoads)
  return centredValues.map((value, n) => value - share * (centredLoads[n] ?? 0))
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

function ratio(values: readonly number[], by: readonly number[]): number {
  const square = by.reduce((sum, each) => sum + each ** 2, 0)
  return square === 0 ? 0 : values.reduce((sum, value, n) => sum + value * (by[n] ?? 0), 0) / square
}
