import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startBenchDatabase, type BenchDatabase } from './bench-database.ts'
import type { Child } from './child-process.ts'
import { inParts } from './in-parts.ts'
import { atLeast, compare, interleave, median, percentile, runIfMain, type BenchReport } from './measure.ts'
import { openLoop } from './open-loop.ts'
import { addActors, findPgbench, isSameWork, runPgbench, writeScript } from './pgbench.ts'
import { treeCpuMicros } from './process-cpu.ts'
import { startApp } from './start-app.ts'
import { inTransactions, type Statement } from './statements.ts'
import { cancelTrip, makeTrip, openDesks, reportPosition, type Desk } from './trip-desk.ts'

const DESKS = 300
const CLIENTS = 10
const ROUNDS = 5
const WARM_UPS = 3
/** Of each client of pgbench: so many that its connecting and preparing does not count. */
const YARDSTICK_TRIPS = 100
const PER_SECOND = 50
/** Long enough that each sweep which comes more often than a trip lasts has come. */
const IDLE_MS = 4_000

/** In microseconds of CPU a trip. */
type Round = { readonly perSecond: number; readonly server: number; readonly postgres: number }

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'toota-bench-'))
  let app: Child | undefined
  try {
    app = await startApp({ url: database.url, pairs: DESKS, notesStatements: true })
    const desks = await openDesks(app)
    const yardstick = await preparePgbench(database, app, desks, join(folder, 'trip.sql'))
    const rounds: Round[] = []
    for (let n = 0; n < WARM_UPS; n++) await (await makeTrips(desks)).cancel()
    await yardstick.micros()
    await yardstick.analyze()
    const medians = await interleave(ROUNDS, {
      ours: () => microsPerTrip(database, app as Child, desks, rounds),
      pgbench: () => yardstick.micros(),
    })
    const accepts = await heardInOpenLoop(desks)
    return report(medians, rounds, accepts, yardstick.statements)
  } finally {
    await app?.stop()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function report(
  { ours, pgbench }: { ours: number; pgbench: number },
  rounds: readonly Round[],
  { times, lagP99 }: Accepts,
  statements: number,
): BenchReport {
  const of = (part: 'server' | 'postgres'): string => median(rounds.map((round) => round[part])).toFixed(0)
  return {
    results: [
      compare({
        bar: 'B3',
        what: 'trip: create, cash, confirm, accept; CPU of server and PostgreSQL; pgbench with the same statements',
        ours,
        yardstick: pgbench,
        unit: 'µs/trip',
        limit: 2,
      }),
      atLeast({
        bar: 'B3',
        what: `trips, ${CLIENTS} at a time; what is promised`,
        ours: median(rounds.map(({ perSecond }) => perSecond)),
        yardstick: 50,
        unit: 'trips/s',
      }),
      compare({
        bar: 'B3',
        what: `customer hears "accepted", p99 at ${PER_SECOND} trips/s in an open loop; what is promised`,
        ours: percentile(times, 0.99),
        yardstick: 100,
        unit: 'ms',
        limit: 1,
      }),
    ],
    notes: [
      `${statements} statements a trip with begin and commit; medians of ${ROUNDS} rounds of ${DESKS} trips, ${CLIENTS} at a time`,
      `CPU of the server ${of('server')} µs, of its PostgreSQL ${of('postgres')} µs a trip`,
      `open loop: accept → heard p50 ${percentile(times, 0.5).toFixed(1)}  p99 ${percentile(times, 0.99).toFixed(1)} ms; the generator was late by ${lagP99.toFixed(1)} ms (p99)`,
    ],
  }
}

/** Everybody's trip, so many at a time; the trips go on until they are cancelled. */
async function makeTrips(desks: readonly Desk[]) {
  for (const desk of desks) await reportPosition(desk)
  const left = [...desks]
  const made: { desk: Desk; trip: Awaited<ReturnType<typeof makeTrip>> }[] = []
  const start = performance.now()
  const work = async (): Promise<void> => {
    for (let desk = left.pop(); desk; desk = left.pop()) made.push({ desk, trip: await makeTrip(desk) })
  }
  await Promise.all(Array.from({ length: CLIENTS }, work))
  const perSecond = (desks.length * 1000) / (performance.now() - start)
  const cancel = () => inParts(made, CLIENTS, ({ desk, trip }) => cancelTrip(desk, trip))
  return { perSecond, cancel }
}

async function microsPerTrip(
  database: BenchDatabase,
  app: Child,
  desks: readonly Desk[],
  rounds: Round[],
): Promise<number> {
  const [server, postgres] = [await app.cpuMicros(), await treeCpuMicros(database.postmasterPid)]
  const { perSecond, cancel } = await makeTrips(desks)
  const round: Round = {
    perSecond,
    server: ((await app.cpuMicros()) - server) / desks.length,
    postgres: ((await treeCpuMicros(database.postmasterPid)) - postgres) / desks.length,
  }
  rounds.push(round)
  await cancel()
  return round.server + round.postgres
}

type Accepts = { readonly times: readonly number[]; readonly lagP99: number }

/** Trips begin on a fixed schedule; each driver says yes as soon as he is asked. */
async function heardInOpenLoop(desks: readonly Desk[]): Promise<Accepts> {
  for (const desk of desks) await reportPosition(desk)
  const trips: Promise<number>[] = []
  const { lagP99 } = await openLoop({ perSecond: PER_SECOND, count: desks.length }, (n) => {
    const desk = desks[n]
    if (desk) trips.push(makeTrip(desk).then(({ acceptMs }) => acceptMs))
  })
  return { times: await Promise.all(trips), lagP99 }
}

/** The statements of one trip of ours as pgbench's script, in a database of its own on the same server. */
async function preparePgbench(database: BenchDatabase, app: Child, [desk]: readonly Desk[], path: string) {
  const pgbench = findPgbench()
  if (!pgbench)
    throw new Error('there is no pgbench: install postgresql-contrib, or say where it is by PGBENCH')
  if (!desk) throw new Error('nobody is there')
  return onDatabase(database, async (client) => {
    await app.ask('statements')
    await pause(IDLE_MS)
    const idle = new Set(((await app.ask('statements')) as Statement[]).map(({ text }) => text))
    const runs = await twoAlike(() => statementsOf(app, desk, idle))
    const { driverId } = desk.pair
    const { rows } = await client.query<{ customer_id: string }>(
      'select customer_id from trip where driver_id = $1',
      [driverId],
    )
    const actors = new Map([
      [driverId, 'driver'],
      [rows[0]?.customer_id ?? '', 'customer'],
    ])
    const { statements } = await writeScript(path, client, runs, actors)
    await addActors(client, { clients: CLIENTS, times: YARDSTICK_TRIPS * (ROUNDS + 1) })
    let first = 0
    return {
      statements,
      /** As the autovacuum would a little later; before there was anything it would only mislead the planner. */
      analyze: () => onDatabase(database, (tx) => tx.query('analyze')),
      async micros(): Promise<number> {
        const before = await treeCpuMicros(database.postmasterPid)
        const { cpuMicros } = await runPgbench(pgbench, database.url, path, {
          clients: CLIENTS,
          times: YARDSTICK_TRIPS,
          first,
        })
        first += YARDSTICK_TRIPS
        return (
          ((await treeCpuMicros(database.postmasterPid)) - before + cpuMicros) / (CLIENTS * YARDSTICK_TRIPS)
        )
      },
    }
  })
}

async function onDatabase<T>({ url }: BenchDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** A sweep that comes seldom may fall into a run; it will not fall into the next ones. */
async function twoAlike(run: () => Promise<readonly Statement[]>) {
  let last = await run()
  for (let n = 0; n < 5; n++) {
    const next = await run()
    if (isSameWork(last, next)) return [last, next] as const
    last = next
  }
  throw new Error('no two trips in a row sent the same statements')
}

async function statementsOf(app: Child, desk: Desk, idle: ReadonlySet<string>) {
  await app.ask('statements')
  const trip = await makeTrip(desk)
  await pause(100)
  const statements = (await app.ask('statements')) as Statement[]
  await cancelTrip(desk, trip)
  return inTransactions(statements, idle)
}

await runIfMain(import.meta.url, run)
