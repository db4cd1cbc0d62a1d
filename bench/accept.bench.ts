import pg from 'pg'
import { startBenchDatabase } from './bench-database.ts'
import { compare, median, runIfMain, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'
import { cancelTrip, makeTrip, openDesks, reportPosition } from './trip-desk.ts'

const ACCEPTS = 200
const WARM_UPS = 150

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const app = await startApp({ url: database.url, pairs: 1 })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('create table yardstick (id int generated always as identity, text text)')
    const [desk] = await openDesks(app)
    if (!desk) throw new Error('nobody is there')
    const [accepts, commits, transactions] = [[] as number[], [] as number[], [] as number[]]
    for (let n = -WARM_UPS; n < ACCEPTS; n++) {
      if (n % 100 === 0) await reportPosition(desk)
      const trip = await makeTrip(desk)
      await cancelTrip(desk, trip)
      const { commit, transaction } = await timeCommit(client)
      if (n < 0) continue
      accepts.push(trip.acceptMs)
      commits.push(commit)
      transactions.push(transaction)
    }
    const [accept, commit, transaction] = [median(accepts), median(commits), median(transactions)]
    return {
      results: [
        compare({
          bar: 'accept',
          what: "from the driver's accept to the customer's message, one after the other; a commit of one row",
          ours: accept,
          yardstick: transaction,
          unit: 'ms',
          limit: 5,
        }),
      ],
      notes: [
        `accept → told  ${accept.toFixed(2)} ms (median of ${ACCEPTS}, one after the other)`,
        `yardstick      ${transaction.toFixed(2)} ms to commit one row: BEGIN, INSERT, COMMIT on a warm connection`,
        `its COMMIT     ${commit.toFixed(2)} ms, ${(accept / commit).toFixed(1)} of which are as long as an accept`,
      ],
    }
  } finally {
    await client.end()
    await app.stop()
    await database.stop()
  }
}

async function timeCommit(client: pg.Client): Promise<{ commit: number; transaction: number }> {
  const start = performance.now()
  await client.query('begin')
  await client.query('insert into yardstick (text) values ($1)', ['a row'])
  const inserted = performance.now()
  await client.query('commit')
  const end = performance.now()
  return { commit: end - inserted, transaction: end - start }
}

await runIfMain(import.meta.url, run)
