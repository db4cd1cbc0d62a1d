import pg from 'pg'
import { startBenchDatabase } from './bench-database.ts'
import { openBenchSocket, type BenchSocket } from './bench-socket.ts'
import type { Child } from './child-process.ts'
import { compare, median, runIfMain, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'

const ACCEPTS = 200
const WARM_UPS = 150

type Desk = {
  readonly address: string
  readonly driverId: string
  readonly token: string
  readonly customer: BenchSocket
  readonly driver: BenchSocket
}

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const app = await startApp({ url: database.url, pairs: 1 })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('create table yardstick (id int generated always as identity, text text)')
    const desk = await openDesk(app)
    const [accepts, commits, transactions] = [[] as number[], [] as number[], [] as number[]]
    for (let n = -WARM_UPS; n < ACCEPTS; n++) {
      const accept = await timeAccept(desk)
      const { commit, transaction } = await timeCommit(client)
      if (n < 0) continue
      accepts.push(accept)
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

async function openDesk({ address, pairs }: Child): Promise<Desk> {
  const [pair] = pairs
  if (!pair) throw new Error('nobody is there')
  const wheels = await openBenchSocket(`${address}/ws/driver/location/`, pair.driverToken)
  const report = (): void => wheels.send('{"latitude":-26.2041,"longitude":28.0473}')
  report()
  setInterval(report, 10_000).unref()
  await wheels.next('latitude')
  return {
    address,
    driverId: pair.driverId,
    token: pair.customerToken,
    customer: await openBenchSocket(`${address}/ws/trips/user/request/`, pair.customerToken),
    driver: await openBenchSocket(`${address}/ws/trips/driver/response/`, pair.driverToken),
  }
}

/** A trip up to the driver's yes, then cancelled so that he is free again. */
async function timeAccept({ address, driverId, token, customer, driver }: Desk): Promise<number> {
  customer.send(
    JSON.stringify({
      action: 'create_trip',
      vehicle_type: 'Bakkie',
      pickup: '1 Commissioner Street',
      destination: '5 Rivonia Road',
      pickup_lat: -26.2041,
      pickup_lon: 28.0473,
      dest_lat: -26.1076,
      dest_lon: 28.0567,
    }),
  )
  const { trip_id } = JSON.parse(await customer.next('Trip created')) as { trip_id: string }
  const paid = await fetch(`${address}/payment/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ trip_id, payment_method: 'cash', currency: 'ZAR' }),
  })
  if (!paid.ok) throw new Error(`payment: ${await paid.text()}`)
  customer.send(JSON.stringify({ action: 'confirm_driver', trip_id, driver_id: driverId }))
  await Promise.all([customer.next('Awaiting driver response'), driver.next('new_trip_request')])

  const start = performance.now()
  driver.send(JSON.stringify({ trip_id, driver_response_status: 'accepted' }))
  await customer.next('"status":"accepted"')
  const took = performance.now() - start

  await driver.next('trip_accepted_confirmation')
  customer.send(JSON.stringify({ action: 'cancel_trip', trip_id }))
  await Promise.all([customer.next('"status":"cancelled"'), driver.next('trip_cancelled')])
  return took
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
