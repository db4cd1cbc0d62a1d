import { startBenchDatabase } from './bench-database.ts'
import { openBenchSocket, type BenchSocket } from './bench-socket.ts'
import { startChild, type Child } from './child-process.ts'
import { median, runIfMain, type BenchResult } from './measure.ts'

const NAME = 'fix → follower: CPU of the server per update'
const PAIRS = 40
const UPDATES_A_ROUND = 4_000
const ROUNDS = 9
const WARM_UP_MS = 4_000

type Side = { readonly child: Child; readonly lanes: readonly Lane[] }
type Lane = { readonly driver: BenchSocket; readonly follower: BenchSocket }

export async function run(): Promise<BenchResult> {
  const database = await startBenchDatabase()
  const app = await startChild('app.child.ts', [database.url, String(PAIRS)])
  const relay = await startChild('relay.child.ts')
  try {
    const [ours, bare] = [await connectApp(app), await connectRelay(relay)]
    const [ourTimes, bareTimes] = [[] as number[], [] as number[]]
    await warmUp(ours)
    await warmUp(bare)
    for (let round = 0; round < ROUNDS; round++) {
      ourTimes.push(await microsPerUpdate(ours))
      bareTimes.push(await microsPerUpdate(bare))
    }
    const [ourMedian, bareMedian] = [median(ourTimes), median(bareTimes)]
    return {
      name: NAME,
      lines: [
        `  the server     ${ourMedian.toFixed(1)} µs (median of ${ROUNDS} rounds of ${UPDATES_A_ROUND}; ${PAIRS} drivers, each with a follower and his own echo)`,
        `  bare ws relay  ${bareMedian.toFixed(1)} µs`,
      ],
      ratio: ourMedian / bareMedian,
      limit: 3,
    }
  } finally {
    await Promise.all([app.stop(), relay.stop()])
    await database.stop()
  }
}

async function connectApp(child: Child): Promise<Side> {
  const lanes: Lane[] = []
  for (const { driverId, driverToken, customerToken } of child.pairs) {
    const driver = await openBenchSocket(`${child.address}/ws/driver/location/`, driverToken)
    // The first fix makes the driver known, so that he may be followed.
    driver.send(fix(0))
    await driver.next('latitude')
    const path = `/ws/user/driver/${driverId}/location/`
    const follower = await openBenchSocket(child.address + path, customerToken)
    await follower.next('latitude')
    lanes.push({ driver, follower })
  }
  return { child, lanes }
}

async function connectRelay(child: Child): Promise<Side> {
  const lanes: Lane[] = []
  for (let n = 0; n < PAIRS; n++) {
    const follower = await openBenchSocket(`${child.address}/follow/${n}`)
    lanes.push({ driver: await openBenchSocket(`${child.address}/drive/${n}`), follower })
  }
  return { child, lanes }
}

async function warmUp(side: Side): Promise<void> {
  const end = performance.now() + WARM_UP_MS
  while (performance.now() < end) await sendUpdates(side.lanes, UPDATES_A_ROUND)
}

async function microsPerUpdate({ child, lanes }: Side): Promise<number> {
  const before = await child.cpuMicros()
  await sendUpdates(lanes, UPDATES_A_ROUND)
  return ((await child.cpuMicros()) - before) / UPDATES_A_ROUND
}

/** Each driver sends the next fix when the last one has come back to him and to his follower. */
async function sendUpdates(lanes: readonly Lane[], updates: number): Promise<void> {
  const each = updates / lanes.length
  await Promise.all(
    lanes.map(
      ({ driver, follower }) =>
        new Promise<void>((done) => {
          let sent = 0
          let missing = 0
          const send = (): void => {
            sent++
            missing = 2
            driver.send(fix(sent))
          }
          const hear = (): void => {
            if (--missing > 0) return
            if (sent === each) done()
            else send()
          }
          driver.hear(hear)
          follower.hear(hear)
          send()
        }),
    ),
  )
}

const fix = (n: number): string =>
  `{"latitude":${(-26.2041 + (n % 997) / 100_000).toFixed(6)},"longitude":${(28.0473 + (n % 991) / 100_000).toFixed(6)}}`

await runIfMain(import.meta.url, run)
