import type { Currency, GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import { pino } from 'pino'
import { checkPayments, sendRefunds, workOffEvents } from '../../src/features/payments/index.ts'
import { newId, type CustomerId, type TripId } from '../../src/kernel/index.ts'
import { flutterwaveGateway } from '../../src/platform/gateways/flutterwave.ts'
import type { Gateway, Gateways } from '../../src/platform/gateways/gateway.ts'
import type { ClientOptions } from '../../src/platform/gateways/gateway-http.ts'
import { paystackGateway } from '../../src/platform/gateways/paystack.ts'
import { yocoGateway } from '../../src/platform/gateways/yoco.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { startFakeGateways } from '../gateways/fake-gateways.ts'
import type { Secrets } from '../gateways/signatures.ts'
import { createWorld } from '../world.ts'

/** In earnest: no DEBUG, live keys, and a gateway in its live mode, so that play money is not taken. */
const LIVE_SECRETS: Secrets = {
  paystack: { secretKey: 'sk_live_stage' },
  flutterwave: { secretKey: 'FLWSECK-stage-X', webhookSecret: 'stage-secret-hash' },
  yoco: {
    secretKey: 'sk_live_stage_yoco',
    webhookSecret: `whsec_${Buffer.from('stage-yoco-secret').toString('base64')}`,
  },
}

/** Where each gateway serves here. */
const MARKETS: Readonly<Record<GatewayName, { market: 'ZA' | 'NG'; currency: Currency }>> = {
  paystack: { market: 'ZA', currency: 'ZAR' },
  yoco: { market: 'ZA', currency: 'ZAR' },
  flutterwave: { market: 'NG', currency: 'NGN' },
}

export type ClientSettings = Pick<ClientOptions, 'timeoutMs' | 'clock' | 'now'>

export type StageOptions = {
  readonly client?: ClientSettings
  /** Sees each statement before it is sent: the saboteurs. */
  readonly rewrite?: (text: string) => string
  /** Stands between us and a gateway's client: the saboteurs, too. */
  readonly wrap?: (gateway: Gateway) => Gateway
}

export type Stage = Awaited<ReturnType<typeof createStage>>

/** A platform in earnest on a database of its own, and one gateway, played over real HTTP; nothing happens by itself. */
export async function createStage(name: GatewayName, options: StageOptions = {}) {
  const { rewrite, wrap = (gateway) => gateway } = options
  let passedMs = 0
  // Lists are asked for by our time, and filtered by the gateway's: both pass together.
  const client = { clock: { now: () => new Date(Date.now() + passedMs) }, ...options.client }
  const fake = await startFakeGateways({
    clock: 'virtual',
    mode: 'live',
    automaticWebhooks: false,
    secrets: LIVE_SECRETS,
  })
  const gateway = wrap(connect(name, fake.url, client))
  const world = await createWorld({
    settings: { isDebug: false },
    database: { poolSize: 12, ...(rewrite && { rewrite }) },
    gateways: only(gateway),
  })
  const { db } = world
  const { market, currency } = MARKETS[name]
  return {
    ...world,
    name,
    gateway,
    fake,
    control: fake.control,
    market,
    currency,
    /** The same platform with a client that has no failures behind it. */
    platformWith: (settings: ClientSettings = {}): Platform => ({
      ...world.platform,
      gateways: only(wrap(connect(name, fake.url, { ...client, ...settings }))),
    }),
    /** Lets time pass at the gateway, and for our client. What is due here is due by the database's time. */
    async pass(seconds: number): Promise<void> {
      passedMs += seconds * 1000
      await fake.control.advance(seconds)
    },
    addTrips: (fares: readonly number[]) => addTrips(db, market, fares),
    async close() {
      await world.close()
      await fake.close()
    },
  }
}

function connect(name: GatewayName, url: string, settings: ClientSettings): Gateway {
  const log = pino({ level: 'silent' })
  const { secretKey } = LIVE_SECRETS[name]
  const common = { secretKey, log, ...settings }
  if (name === 'paystack') return paystackGateway({ ...common, baseUrl: `${url}/paystack` })
  const webhookSecrets = [LIVE_SECRETS[name].webhookSecret]
  return name === 'yoco'
    ? yocoGateway({ ...common, baseUrl: `${url}/yoco`, webhookSecrets })
    : flutterwaveGateway({
        ...common,
        baseUrl: `${url}/flutterwave/v3`,
        webhookSecrets,
        signature: 'base64',
      })
}

const only = (gateway: Gateway): Gateways => ({
  forPayments: () => gateway,
  forPayouts: () => undefined,
  named: (name) => (name === gateway.name ? gateway : undefined),
  all: () => [gateway],
})

export type StageTrip = { readonly customerId: CustomerId; readonly tripId: TripId }

/** Pending trips of as many customers, nothing chosen yet; a statement per table. */
async function addTrips(
  { single }: Platform['db'],
  market: string,
  fares: readonly number[],
): Promise<StageTrip[]> {
  const trips = fares.map(() => ({ customerId: newId<CustomerId>(), tripId: newId<TripId>() }))
  const customers = trips.map(({ customerId }) => customerId)
  await sql`
    insert into account (id, role, email, email_key, password_hash, first_name, last_name, verified_at)
    select id, 'customer', id || '@example.org', id || '@example.org', 'no password', 'Thandi', 'Nkosi', clock_timestamp()
    from unnest(${customers}::uuid[]) as id`.execute(single)
  await sql`
    insert into trip (id, customer_id, market, vehicle_class, pickup_address, destination_address, pickup_latitude,
      pickup_longitude, destination_latitude, destination_longitude, load_description, distance_meters,
      duration_seconds, route_is_estimated, tariff_id, fare_minor, currency, changed_by, quote_expires_at)
    select w.id, w.customer_id, ${market}, 'bakkie', '1 Commissioner Street', '5 Rivonia Road', -26.2041, 28.0473, -26.1, 28,
      'sofa', 14000, 1500, true, tariff.id, w.fare_minor, tariff.currency, 'customer', clock_timestamp() + interval '30 minutes'
    from unnest(${trips.map(({ tripId }) => tripId)}::uuid[], ${customers}::uuid[], ${[...fares]}::bigint[])
      as w (id, customer_id, fare_minor)
    join tariff on tariff.market = ${market} and tariff.vehicle_class = 'bakkie' and tariff.version = 1`.execute(
    single,
  )
  return trips
}

/** Makes these trips' payments, refunds and kept webhooks due, as time does; what somebody works on stays his. */
export const makeDue = {
  /** One row at a time: two at once could meet a transaction that has them in the other order. */
  async payments({ single }: Platform['db'], trips: readonly TripId[]): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select id from payment where trip_id = any(${trips}::uuid[]) and due_at is not null`.execute(single)
    for (const { id } of rows)
      await sql`update payment set due_at = clock_timestamp() where id = ${id} and due_at is not null`.execute(
        single,
      )
  },
  refunds: ({ single }: Platform['db'], trips: readonly TripId[]) =>
    sql`
      update refund set due_at = clock_timestamp() from charge as c join payment as p on p.id = c.payment_id
      where c.id = charge_id and p.trip_id = any(${trips}::uuid[]) and refund.due_at is not null
        and (refund.busy_until is null or refund.busy_until <= clock_timestamp())`.execute(single),
  events: ({ single }: Platform['db']) =>
    sql`update gateway_event set due_at = clock_timestamp() where due_at is not null`.execute(single),
}

const NO_PAYOUTS = () => Promise.resolve()

/** All that webhooks have told until now. */
export async function workOff(platform: Platform): Promise<void> {
  while ((await workOffEvents(platform, NO_PAYOUTS)) === 0);
}

/** Asks about all payments that are due. */
export async function sweepPayments(platform: Platform): Promise<void> {
  while ((await checkPayments(platform)) === 0);
}

/** Sends all refunds that are due, or asks about them. */
export async function sweepRefunds(platform: Platform): Promise<void> {
  while ((await sendRefunds(platform)) === 0);
}
