import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { post } from '../../src/features/ledger/index.ts'
import { cashCodeOf, choosePayment, type Payment } from '../../src/features/payments/index.ts'
import { savePayoutAccount } from '../../src/features/payouts/save-payout-account.ts'
import type { Trip } from '../../src/features/trips/index.ts'
import { referenceOf, type MoneyWorld } from '../money.ts'
import { SETTLE_SECONDS, SLOW_REFUND_SECONDS } from '../gateways/scripts.ts'
import type { Scene } from './job.ts'
import type { Matter } from './lane.ts'

/** So that credit pays a part of each trip. */
const CREDIT_MINOR = 5_000
/** Two of them are still less than what there is, so that a second one is not prevented by chance. */
const PART = 0.3

/** People and a trip for one run of a flow, as far as they come before it. */
export async function prepareScene(
  world: MoneyWorld,
  { flow, market, isSlow = false }: Matter,
): Promise<Scene> {
  const customerId = await world.addCustomer()
  const driverId = await world.addDriver()
  const currency = market === 'ZA' ? 'ZAR' : 'NGN'
  await giveCredit(world, customerId, market)
  const trip = await world.newTrip(customerId, market)
  const key = randomUUID()
  const waitSeconds = isSlow ? 2 * SLOW_REFUND_SECONDS : 10 * SETTLE_SECONDS
  const scene = { customerId, driverId, tripId: trip.id, currency, key, waitSeconds } as const
  const none = { paymentId: null, amountMinor: Math.round(trip.fare.amountMinor * PART), cashCode: '' }
  switch (flow) {
    case 'pay':
      return { ...scene, ...none, amountMinor: trip.fare.amountMinor }
    case 'office':
      return { ...scene, ...none }
    case 'refund':
    case 'refund-sweep': {
      const { id } = await pay(world, trip, isSlow)
      return { ...scene, ...none, paymentId: id }
    }
    case 'give-back': {
      const { id } = await pay(world, trip, isSlow)
      await world.drive(trip, driverId)
      return { ...scene, ...none, paymentId: id }
    }
    case 'payout':
    case 'payout-sweep': {
      await pay(world, trip, isSlow)
      await world.drive(trip, driverId)
      await savePayoutAccount(world.platform, driverId, {
        ...{ kind: 'bank', name: 'Dumisani Nkosi', accountNumber: '0123456789', bankCode: '198765' },
      })
      return { ...scene, ...none }
    }
    case 'cash': {
      const { id } = await choosePayment(world.platform, customerId, trip.id, 'cash')
      await world.drive(trip, driverId, 'arrived_pickup')
      return { ...scene, ...none, paymentId: id, cashCode: cashCodeOf(world.platform.tokens, id) }
    }
  }
}

async function giveCredit(
  { db }: MoneyWorld,
  customerId: Scene['customerId'],
  market: 'ZA' | 'NG',
): Promise<void> {
  await db.transaction((tx) =>
    post(tx, {
      kind: 'goodwill',
      key: randomUUID(),
      currency: market === 'ZA' ? 'ZAR' : 'NGN',
      entries: [
        { account: { kind: 'commission', owner: market }, amountMinor: -CREDIT_MINOR },
        { account: { kind: 'credit', owner: customerId }, amountMinor: CREDIT_MINOR },
      ],
    }),
  )
}

async function pay(world: MoneyWorld, trip: Trip, isSlow: boolean): Promise<Payment> {
  const payment = await world.choose(trip)
  if (payment.gateway === null) throw new Error('no gateway was asked')
  world.gateways.pay({
    ...{ gateway: payment.gateway, reference: referenceOf(payment), action: 'pay' },
    script: isSlow ? 'refund-slow' : 'success',
  })
  return world.settle(payment)
}

/** Whatever a run has left undone is no part of the next one. */
export async function silence({ db }: MoneyWorld): Promise<void> {
  for (const table of ['payment', 'refund', 'payout', 'gateway_event'])
    await sql`update ${sql.table(table)} set due_at = null where due_at is not null`.execute(db.single)
}
