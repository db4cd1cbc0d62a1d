import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { TEST_GATEWAY_KEYS } from '../apps/server/src/platform/gateways/test-gateway.ts'
import { startBenchDatabase } from './bench-database.ts'
import { startChild, type Child } from './child-process.ts'
import { compare, percentile, runIfMain, type BenchReport } from './measure.ts'
import { startApp } from './start-app.ts'

const RATE = 100
const SECONDS = Number(process.env['WEBHOOK_SECONDS'] ?? 20)
const REPEATS = 0.3
const CUSTOMERS = 40
const WARM_UP = 200
/** Of promises.md's table for this kind of machine, in milliseconds. */
const ACK_LIMIT_MS = 200

type Hook = { readonly body: string; readonly signature: string }
type Load = { readonly p50: number; readonly p95: number; readonly p99: number; readonly micros: number }

export async function run(): Promise<BenchReport> {
  const database = await startBenchDatabase()
  const gateway = await startChild('gateway.child.ts')
  const app = await startApp({ url: database.url, pairs: CUSTOMERS, testGatewayUrl: gateway.address })
  const bare = await startChild('answer.child.ts')
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const hooks = await payTrips(app, gateway, Math.ceil((RATE * SECONDS + WARM_UP) * (1 - REPEATS)))
    const warm = hooks.splice(0, Math.ceil(WARM_UP * (1 - REPEATS)))
    await send(`${app.address}/payment/paystack/webhook/`, withRepeats(warm))
    await send(`${bare.address}/`, withRepeats(warm))
    await quiet(client)

    const plan = withRepeats(hooks)
    const yardstick = await measure(bare, `${bare.address}/`, plan, () => Promise.resolve())
    const ours = await measure(app, `${app.address}/payment/paystack/webhook/`, plan, () => quiet(client))
    const { rows } = await client.query<{ paid: number }>(
      `select count(*)::int as paid from payment where status = 'success'`,
    )
    const wanted = hooks.length + warm.length
    if (rows[0]?.paid !== wanted) throw new Error(`${rows[0]?.paid} of ${wanted} payments were settled`)
    return report(plan.length, ours, yardstick)
  } finally {
    await client.end()
    for (const child of [app, bare, gateway]) await child.stop()
    await database.stop()
  }
}

function report(count: number, ours: Load, yardstick: Load): BenchReport {
  const line = (name: string, { p50, p95, p99, micros }: Load): string =>
    `${name.padEnd(14)} ack p50 ${p50.toFixed(1)}  p95 ${p95.toFixed(1)}  p99 ${p99.toFixed(1)} ms, CPU ${micros.toFixed(0)} µs a webhook`
  return {
    results: [
      compare({
        bar: 'webhooks',
        what: 'ack p95 at 100 a second, 30 % repeats, each settled by asking the gateway; what is promised',
        ours: ours.p95,
        yardstick: ACK_LIMIT_MS,
        unit: 'ms',
        limit: 1,
      }),
    ],
    notes: [
      `${count} webhooks in ${SECONDS} s, from the moment each was due`,
      line('ours', ours),
      line('yardstick', yardstick),
      'ours: signature, kept once with fsync, then the gateway asked, the payment booked and told; the yardstick answers 200',
      `CPU ratio ${(ours.micros / yardstick.micros).toFixed(1)}, without a bar`,
    ],
  }
}

/** Trips of many customers, each with a card payment that the customer has made at the gateway. */
async function payTrips(app: Child, gateway: Child, count: number): Promise<Hook[]> {
  const hooks: Hook[] = []
  const each = async (token: string, trips: number): Promise<void> => {
    for (let n = 0; n < trips; n++) hooks.push(await payTrip(app, gateway, token))
  }
  const share = Math.ceil(count / app.pairs.length)
  await Promise.all(
    app.pairs.map(({ customerToken }, n) =>
      each(customerToken, Math.max(0, Math.min(share, count - n * share))),
    ),
  )
  return hooks
}

async function payTrip(app: Child, gateway: Child, token: string): Promise<Hook> {
  const post = async (url: string, body: unknown): Promise<Record<string, unknown>> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${url}: ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }
  const pickup = { address: '1 Main Road', latitude: -26.2, longitude: 28.04 }
  const destination = { address: '9 High Street', latitude: -26.1, longitude: 28.05 }
  const trip = await post(`${app.address}/v1/trips`, { vehicleClass: 'bakkie', pickup, destination })
  const payment = await post(`${app.address}/v1/trips/${String(trip['id'])}/payment`, { method: 'card' })
  const reference = `toota-${String(payment['id'])}`
  await post(`${gateway.address}/control/pay`, { gateway: 'paystack', reference, action: 'pay' })
  const pending = await fetch(`${gateway.address}/control/webhooks/pending?reference=${reference}`)
  const [webhook] = (await pending.json()) as { body: string }[]
  if (!webhook) throw new Error(`no webhook about ${reference}`)
  const signature = createHmac('sha512', TEST_GATEWAY_KEYS.paystackSecretKey).update(webhook.body)
  return { body: webhook.body, signature: signature.digest('hex') }
}

/** Each once, some twice: a repeat comes at a random later place. */
function withRepeats(hooks: readonly Hook[]): Hook[] {
  const plan = [...hooks]
  const repeats = Math.round((hooks.length * REPEATS) / (1 - REPEATS))
  for (let n = 0; n < repeats; n++) {
    const hook = hooks[Math.floor(Math.random() * hooks.length)]
    if (!hook) break
    const later = plan.indexOf(hook) + 1
    plan.splice(later + Math.floor(Math.random() * (plan.length - later + 1)), 0, hook)
  }
  return plan
}

async function measure(
  child: Child,
  url: string,
  plan: readonly Hook[],
  settled: () => Promise<void>,
): Promise<Load> {
  const before = await child.cpuMicros()
  const times = await send(url, plan)
  await settled()
  const micros = ((await child.cpuMicros()) - before) / plan.length
  const at = (share: number): number => percentile(times, share)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), micros }
}

/** Open loop: each is sent when it is due, whether or not the ones before were answered; its time counts from then. */
async function send(url: string, plan: readonly Hook[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  const start = performance.now()
  const times = await Promise.all(
    plan.map(async (hook, n) => {
      const due = start + (n * 1000) / RATE
      await pause(due - performance.now())
      await post(agent, url, hook)
      return performance.now() - due
    }),
  )
  agent.destroy()
  return times
}

function post(agent: Agent, url: string, { body, signature }: Hook): Promise<void> {
  return new Promise((answered, failed) => {
    const headers = { 'content-type': 'application/json', 'x-paystack-signature': signature }
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) answered()
        else failed(new Error(`webhook answered ${String(response.statusCode)}`))
      })
    })
    sent.on('error', failed).end(body)
  })
}

/** Until everything that webhooks pointed at is worked off. */
async function quiet(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ waiting: number }>(
      'select count(*)::int as waiting from gateway_event where due_at is not null',
    )
    if (rows[0]?.waiting === 0) return
    await pause(100)
  }
}

await runIfMain(import.meta.url, run)
