import { startBenchDatabase } from './bench-database.ts'
import { startChild, type Child } from './child-process.ts'
import { connectApp, connectRelay, fix, sendUpdates, type Lane } from './lanes.ts'
import { compare, interleave, runIfMain, warmUp, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'

const PAIRS = 40
const UPDATES_A_ROUND = 4_000
const ROUNDS = 9
const WARM_UP_MS = 4_000

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const app = await startApp({ url: database.url, pairs: PAIRS })
  const ourLanes = await connectApp(app)
  const bytes = await bytesOfUpdate(ourLanes)
  const relay = await startChild('relay.child.ts', [String(bytes)])
  const bareLanes = await connectRelay(relay, PAIRS)
  try {
    await warmUp(WARM_UP_MS, () => sendUpdates(ourLanes, UPDATES_A_ROUND))
    await warmUp(WARM_UP_MS, () => sendUpdates(bareLanes, UPDATES_A_ROUND))
    const { ours, bare } = await interleave(ROUNDS, {
      ours: () => microsPerUpdate(app, ourLanes),
      bare: () => microsPerUpdate(relay, bareLanes),
    })
    return {
      results: [
        compare({
          bar: 'B1',
          what: 'fix → follower and echo, classic sockets, CPU of the server; a bare ws relay of the same sizes',
          ours,
          yardstick: bare,
          unit: 'µs/update',
          limit: 1.75,
        }),
      ],
      notes: [
        `${PAIRS} drivers, each with a follower and his own echo; ${fix(1).length} bytes in, ${bytes} out, twice`,
        `medians of ${ROUNDS} rounds of ${UPDATES_A_ROUND} updates, in turn with the relay`,
      ],
    }
  } finally {
    await Promise.all([app.stop(), relay.stop()])
    await database.stop()
  }
}

async function bytesOfUpdate([lane]: readonly Lane[]): Promise<number> {
  if (!lane) throw new Error('nobody drives')
  lane.driver.send(fix(1))
  return Buffer.byteLength(await lane.follower.next('latitude'))
}

async function microsPerUpdate(child: Child, lanes: readonly Lane[]): Promise<number> {
  const before = await child.cpuMicros()
  await sendUpdates(lanes, UPDATES_A_ROUND)
  return ((await child.cpuMicros()) - before) / UPDATES_A_ROUND
}

await runIfMain(import.meta.url, run)
