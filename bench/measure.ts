export type BenchResult = {
  readonly name: string
  readonly lines: string[]
  /** Ours ÷ the yardstick, from the same run. */
  readonly ratio: number
  /** The largest ratio that passes. */
  readonly limit: number
}

/** Microseconds per call. */
export function timePerCall(calls: number, work: () => void): number {
  const start = performance.now()
  for (let n = 0; n < calls; n++) work()
  return ((performance.now() - start) * 1000) / calls
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('no values')
  return middle
}

/** Prints the result when the file is the one that was started, for `npx tsx bench/<name>.bench.ts`. */
export async function runIfMain(moduleUrl: string, run: () => Promise<BenchResult>): Promise<void> {
  if (process.argv[1] === undefined || !moduleUrl.endsWith(encodeURI(process.argv[1]))) return
  const { name, lines, ratio, limit } = await run()
  console.log([name, ...lines].join('\n'))
  console.log(`ratio ${ratio.toFixed(3)} ≤ ${limit}: ${ratio <= limit ? 'PASS' : 'FAIL'}`)
  process.exitCode = ratio <= limit ? 0 : 1
}
