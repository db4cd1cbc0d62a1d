import { pino } from 'pino'
import { sql } from 'kysely'
import type { Currency, PaymentMethod } from '@toota/contract'
import { auditLedger } from '../src/features/ledger/index.ts'
import {
  choosePayment,
  openPaymentPage,
  settlePayment,
  sendRefunds,
  type Payment,
} from '../src/features/payments/index.ts'
import { findPaymentById } from '../src/features/payments/payment-store.ts'
import { acceptOffer, advanceTrip, requestTrip, type Trip } from '../src/features/trips/index.ts'
import type { CustomerId, DriverId, PaymentId, Point } from '../src/kernel/index.ts'
import { createGateways } from '../src/platform/gateways/create-gateways.ts'
import { TEST_GATEWAY_KEYS } from '../src/platform/gateways/test-gateway.ts'
import type { Settings } from '../src/platform/platform.ts'
import { startFakeGateways, type FakeGateways } from './gateways/fake-gateways.ts'
import { createWorld, JOHANNESBURG, SANDTON } from './world.ts'

/** Keys that the fake takes and our clients send. */
export const SECRETS = {
  paystack: { secretKey: TEST_GATEWAY_KEYS.paystackSecretKey },
  flutterwave: {
    secretKey: TEST_GATEWAY_KEYS.flutterwaveSecretKey,
    webhookSecret: TEST_GATEWAY_KEYS.flutterwaveWebhookSecret,
  },
  yoco: { secretKey: TEST_GATEWAY_KEYS.yocoSecretKey, webhookSecret: TEST_GATEWAY_KEYS.yocoWebhookSecret },
}

export const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'

/** Pickups that are in these markets. */
const PLACES: Readonly<Record<'ZA' | 'NG', readonly [Point, Point]>> = {
  ZA: [JOHANNESBURG, SANDTON],
  NG: [
    { latitude: 6.5244, longitude: 3.3792 },
    { latitude: 6.6018, longitude: 3.3515 },
  ],
}

export type MoneyWorld = Awaited<ReturnType<typeof createMoneyWorld>>

type Options = {
  readonly settings?: Partial<Settings>
  readonly zaGateway?: 'paystack' | 'yoco'
  readonly timeoutMs?: number
}

/** A platform on a database of its own whose gateways are the fakes, over real HTTP; webhooks are delivered by the test. */
export async function createMoneyWorld({ settings = {}, zaGateway = 'paystack' }: Options = {}) {
  const fake: FakeGateways = await startFakeGateways({
    clock: 'virtual',
    automaticWebhooks: false,
    secrets: SECRETS,
  })
  const config = { paystack: undefined, flutterwave: undefined, yoco: undefined, usesTestGateway: true }
  const gateways = createGateways({ ...config, zaGateway }, pino({ level: 'silent' }), { testUrl: fake.url })
  const world = await createWorld({ settings, gateways })
  const { platform, db } = world

  return {
    ...world,
    fake,
    gateways: fake.control,

    /** A pending trip for which nothing is chosen yet. */
    newTrip: (customerId: CustomerId, market: 'ZA' | 'NG' = 'ZA'): Promise<Trip> => {
      const [pickup, destination] = PLACES[market]
      return requestTrip(platform, customerId, {
        pickup: { ...pickup, address: '1 Commissioner Street' },
        destination: { ...destination, address: '5 Rivonia Road' },
        vehicleClass: 'bakkie',
        loadDescription: 'two sofas',
      })
    },

    /** Chooses how to pay, and gets the page. */
    async choose(trip: Trip, method: PaymentMethod = 'card'): Promise<Payment> {
      const payment = await choosePayment(platform, trip.customerId, trip.id, method)
      return openPaymentPage(platform, payment.id, RETURN_URL)
    },

    settle: (payment: Payment) => settlePayment(platform, referenceOf(payment)),
    find: async (id: PaymentId): Promise<Payment> => (await findPaymentById(db.single, id))!,

    /** Everything that is due by now, and what that makes due, with the gateways' time passing between. */
    async finishRefunds(): Promise<void> {
      for (let n = 0; n < 5; n++) {
        await sql`update refund set due_at = clock_timestamp() where due_at is not null`.execute(db.single)
        await sendRefunds(platform)
        await fake.control.advance(10)
      }
    },

    /** Drives a trip that is paid, or will be in cash, from the offer to where `until` says. */
    async drive(
      trip: Trip,
      driverId: DriverId,
      until: 'accepted' | 'arrived_pickup' | 'loaded' | 'completed' = 'completed',
    ): Promise<void> {
      const offerId = await world.offer(trip.customerId, trip.id, driverId)
      await acceptOffer(platform, driverId, offerId)
      for (const status of ['arrived_pickup', 'loaded', 'completed'] as const) {
        if (until === 'accepted') return
        await advanceTrip(platform, driverId, trip.id, status)
        if (status === until) return
      }
    },

    /** Kept balances of one account. */
    async balance(kind: string, owner: string, currency: Currency = 'ZAR'): Promise<number> {
      const { rows } = await sql<{ sum: number }>`
        select coalesce(sum(e.amount_minor), 0)::bigint as sum
        from ledger_entry as e join ledger_account as a on a.id = e.account_id
        where a.kind = ${kind} and a.owner = ${owner} and a.currency = ${currency}`.execute(db.single)
      return rows[0]?.sum ?? 0
    },

    cases: async () =>
      (
        await db.single
          .selectFrom('money_case')
          .select(['kind', 'details', 'resolved_at'])
          .orderBy('opened_at')
          .execute()
      ).map(({ kind }) => kind),

    audit: () => auditLedger(platform),

    async close() {
      await world.close()
      await fake.close()
    },
  }
}

export function referenceOf({ reference }: Payment): string {
  if (reference === null) throw new Error('this payment has no reference')
  return reference
}
