import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import type { Node, Nodes } from '../nodes.ts'
import { JOHANNESBURG, SANDTON } from '../people.ts'
import { Ear } from './ear.ts'

/** A customer and a driver, each at a node of its own choice. */
export type Pair = {
  readonly customerId: CustomerId
  readonly driverId: DriverId
  readonly customer: Ear
  readonly driver: Ear
  readonly tokens: { readonly customer: string; readonly driver: string }
}

/** What somebody was answered, and what must therefore be so in the end. */
export type Ack = {
  readonly tripId: string
  readonly what: 'accepted' | 'cancelled'
  readonly driverId: string
}
type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

const PATIENCE_MS = 20_000
const FIX_EVERY_MS = 500

export async function enrolPair(fleet: Nodes, customerAt: () => Node, driverAt: () => Node): Promise<Pair> {
  const { people } = fleet
  const [customerId, driverId] = [await people.addCustomer(), await people.addDriver({ at: null })]
  const tokens = { customer: await people.signIn(customerId), driver: await people.signIn(driverId) }
  const customer = new Ear(tokens.customer, () => customerAt().baseUrl)
  const driver = new Ear(tokens.driver, () => driverAt().baseUrl)
  await Promise.all([customer.open(), driver.open()])
  return { customerId, driverId, customer, driver, tokens }
}

/** Drives about until the result is called. */
export function keepReporting({ driver }: Pair): () => void {
  const report = (): void =>
    driver.send({ t: 'loc', latitude: JOHANNESBURG.latitude + Math.random() / 1_000, longitude: 28.0473 })
  report()
  const timer = setInterval(report, FIX_EVERY_MS)
  return () => clearInterval(timer)
}

/** One request, again with the same key at another node until one answers. */
export async function call(
  pick: () => Node,
  token: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const key = randomUUID()
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await fetch(`${pick().baseUrl}/v1${path}`, {
      method,
      signal: AbortSignal.timeout(5_000),
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' && { 'idempotency-key': key, 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
      .then(async (response) => ({
        status: response.status,
        body: (await response.json()) as Answer['body'],
      }))
      .catch(() => undefined)
    if (answer && answer.status !== 503) return answer
    if (performance.now() > deadline) throw new Error(`${method} ${path}: no node answers`)
    await pause(50)
  }
}

/** A trip that is asked for, taken by the driver of the pair and called off, each step wherever; then the next. */
export async function live(pair: Pair, pick: () => Node, note: (ack: Ack) => void): Promise<void> {
  const { tokens, driverId } = pair
  const trip = await call(pick, tokens.customer, 'POST', '/trips', {
    vehicleClass: 'bakkie',
    pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
    destination: { ...SANDTON, address: '5 Rivonia Road' },
  })
  const tripId = String(trip.body['id'])
  await call(pick, tokens.customer, 'POST', `/trips/${tripId}/payment`, { method: 'cash' })
  // Not available while his node has gone and he has not reported to another.
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const offer = await call(pick, tokens.customer, 'POST', `/trips/${tripId}/offers`, { driverId })
    if (offer.status !== 201) {
      await pause(50)
      continue
    }
    const accepted = await call(pick, tokens.driver, 'POST', `/offers/${String(offer.body['id'])}/acceptance`)
    if (accepted.status === 200) note({ tripId, what: 'accepted', driverId })
    break
  }
  const cancelled = await call(pick, tokens.customer, 'POST', `/trips/${tripId}/cancellation`, {})
  if (cancelled.status === 200) note({ tripId, what: 'cancelled', driverId })
}
