import { startBenchDatabase } from './bench-database.ts'
import { connectApp, fix, type Lane } from './lanes.ts'
import { compare, percentile, runIfMain, type BenchReport } from './measure.ts'
import { openLoop } from './open-loop.ts'
import { startApp } from './start-app.ts'

const DRIVERS = 1_000
const FIX_EVERY_SECONDS = 3
const SECONDS = Number(process.env['FOLLOW_SECONDS'] ?? 18)
const WARM_UP_SECONDS = 6
const LIMIT_MS = 100

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const app = await startApp({ url: database.url, pairs: DRIVERS })
  try {
    const lanes = await connectApp(app)
    await drive(lanes, WARM_UP_SECONDS)
    const before = await app.cpuMicros()
    const { toFollower, toDriver, lagP99, lagMax } = await drive(lanes, SECONDS)
    const micros = ((await app.cpuMicros()) - before) / toFollower.length
    const ms = (values: readonly number[], share: number): string => percentile(values, share).toFixed(1)
    return {
      results: [
        compare({
          bar: 'B1',
          what: `fix → follower p99 at ${DRIVERS} drivers, each every ${FIX_EVERY_SECONDS} s, open loop; what is promised`,
          ours: percentile(toFollower, 0.99),
          yardstick: LIMIT_MS,
          unit: 'ms',
          limit: 1,
        }),
      ],
      notes: [
        `${toFollower.length} fixes in ${SECONDS} s, from the moment each was due`,
        `follower p50 ${ms(toFollower, 0.5)}  p95 ${ms(toFollower, 0.95)}  p99 ${ms(toFollower, 0.99)} ms`,
        `echo     p50 ${ms(toDriver, 0.5)}  p95 ${ms(toDriver, 0.95)}  p99 ${ms(toDriver, 0.99)} ms`,
        `the generator itself was late by ${lagP99.toFixed(1)} ms (p99), ${lagMax.toFixed(1)} ms at most; CPU ${micros.toFixed(0)} µs an update`,
      ],
    }
  } finally {
    await app.stop()
    await database.stop()
  }
}

type Drive = { toFollower: number[]; toDriver: number[]; lagP99: number; lagMax: number }

/** All drivers in turn, at the pace of the whole city; answers once each fix has come to both. */
async function drive(lanes: readonly Lane[], seconds: number): Promise<Drive> {
  const [toFollower, toDriver] = [[] as number[], [] as number[]]
  const dueOf = new Float64Array(lanes.length)
  const count = Math.floor((lanes.length / FIX_EVERY_SECONDS) * seconds)
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const hearInto = (times: number[], n: number) => (): void => {
    times.push(performance.now() - (dueOf[n] ?? 0))
    if (toFollower.length === count && toDriver.length === count) finish()
  }
  for (const [n, { driver, follower }] of lanes.entries()) {
    driver.hear(hearInto(toDriver, n))
    follower.hear(hearInto(toFollower, n))
  }
  const { lagP99, lagMax } = await openLoop(
    { perSecond: lanes.length / FIX_EVERY_SECONDS, count },
    (n, due) => {
      const lane = n % lanes.length
      dueOf[lane] = due
      lanes[lane]?.driver.send(fix(n))
    },
  )
  await finished
  return { toFollower, toDriver, lagP99, lagMax }
}

await runIfMain(import.meta.url, run)
