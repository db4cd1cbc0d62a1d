/** One line of `bench/results.json`. */
export type BenchResult = {
  /** Which of the bars this is: B1, B2 … */
  readonly bar: string
  readonly what: string
  readonly ours: number
  /** Measured in the same run, or what is promised where the bar is a plain figure. */
  readonly yardstick: number
  readonly unit: string
  readonly ratio: number
  /** The largest ratio that passes. */
  readonly limit: number
  readonly ok: boolean
}

/** What a benchmark measured against its bars, and what else is worth reading. */
export type BenchReport = { readonly results: readonly BenchResult[]; readonly notes: readonly string[] }

type Measured = Pick<BenchResult, 'bar' | 'what' | 'ours' | 'yardstick' | 'unit'>

/** Ours may be `limit` times the yardstick. */
export function compare(measured: Measured & { readonly limit: number }): BenchResult {
  const ratio = measured.ours / measured.yardstick
  return { ...measured, ratio, ok: ratio <= measured.limit }
}

/** Ours must reach the yardstick: the ratio is how many times it falls short. */
export function atLeast(measured: Measured): BenchResult {
  const ratio = measured.yardstick / measured.ours
  return { ...measured, ratio, limit: 1, ok: ratio <= 1 }
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The value that `share` of all values do not exceed: 0.99 for the p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)]
  if (value === undefined) throw new Error('no values')
  return value
}

/** Repeats the work until it has run hot. */
export async function warmUp(ms: number, work: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) await work()
}

/**
 * Measures every side once a round, in turn, so that what disturbs the machine disturbs all of them.
 * @returns the median of each side
 */
export async function interleave<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Record<Side, number>> {
  const names = Object.keys(sides) as Side[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>
  for (let round = 0; round < rounds; round++)
    for (const name of names) values[name].push(await sides[name]())
  return Object.fromEntries(names.map((name) => [name, median(values[name])])) as Record<Side, number>
}

/**
 * Prints the report when the file is the one that was started, for `npx tsx bench/<name>.bench.ts`, and hands the
 * results to `scripts/bench.mjs` when that started it.
 */
export async function runIfMain(moduleUrl: string, run: () => Promise<BenchReport>): Promise<void> {
  if (process.argv[1] === undefined || !moduleUrl.endsWith(encodeURI(process.argv[1]))) return
  const { results, notes } = await run()
  for (const note of notes) console.log(`  ${note}`)
  for (const { bar, what, ours, yardstick, unit, ratio, limit, ok } of results)
    console.log(
      `${bar} ${what}: ${ours.toFixed(1)} : ${yardstick.toFixed(1)} ${unit} = ${ratio.toFixed(3)} ≤ ${limit}: ${ok ? 'PASS' : 'FAIL'}`,
    )
  process.send?.(results)
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
}
