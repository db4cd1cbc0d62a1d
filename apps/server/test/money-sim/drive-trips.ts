import { MARKETS, type Market, type PaymentMethod } from '@toota/contract'
import { choosePayment, openPaymentPage, stateCash, type Payment } from '../../src/features/payments/index.ts'
import {
  acceptOffer,
  advanceTrip,
  cancelTrip,
  requestTrip,
  type Trip,
} from '../../src/features/trips/index.ts'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { referenceOf, RETURN_URL, type MoneyWorld } from '../money.ts'
import { createRandom } from '../random.ts'
import { ERAS, somewhereIn, type MarketRates } from './markets.ts'

/** A trip that came to its end, and the rates that were in force then. */
export type Driven = { readonly trip: Trip; readonly driverId: DriverId; readonly rates: MarketRates }

const CUSTOMERS = 40
const LANES = 8

type Stage = {
  readonly world: MoneyWorld
  readonly platform: Platform
  readonly random: () => number
  readonly customers: readonly CustomerId[]
  readonly driverId: DriverId
  readonly rates: MarketRates
}

/**
 * Drives `count` trips to completion, by real use cases and the fakes, several at once: paid in cash (exactly, too much, too
 * little, said before or after), by card, mobile money, transfer and credit; and beside them some that are cancelled.
 */
export async function driveTrips(
  world: MoneyWorld,
  count: number,
  { seed, eras = ERAS }: { readonly seed: number; readonly eras?: readonly MarketRates[] },
): Promise<Driven[]> {
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => world.addCustomer()))
  const driven: Driven[] = []
  let next = 0
  const lane = async (number: number): Promise<void> => {
    const random = createRandom(seed * LANES + number)
    const driverId = await world.addDriver()
    for (let index = next++; index < count; index = next++) {
      const rates = eras[Math.floor((index / count) * eras.length)]!
      const platform = { ...world.platform, settings: { ...world.platform.settings, ...rates } }
      const stage = { world, platform, random, customers, driverId, rates }
      driven.push(await driveOne(stage, MARKETS[index % MARKETS.length]!))
      if (random() < 0.05) await cancelOne(stage, 'ZA')
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
  return driven
}

async function driveOne(stage: Stage, market: Market): Promise<Driven> {
  const { world, platform, random, driverId, rates } = stage
  const trip = await request(stage, market)
  const payment = await payFor(stage, trip, pick(random, METHODS))
  platform.positions.report(driverId, { ...trip.pickup, at: Date.now() })
  await acceptOffer(platform, driverId, await world.offer(trip.customerId, trip.id, driverId))
  const way = payment.method === 'cash' ? pick(random, CASH) : 'implied'
  const receivedMinor = Math.max(0, payment.amount.amountMinor + moreThanDue(random, way))
  if (way !== 'implied' && random() < 0.5) await stateCash(platform, driverId, trip.id, { receivedMinor })
  for (const status of ['arrived_pickup', 'loaded', 'completed'] as const)
    await advanceTrip(platform, driverId, trip.id, status)
  // The same again changes nothing.
  if (way !== 'implied') await stateCash(platform, driverId, trip.id, { receivedMinor })
  return { trip, driverId, rates }
}

const METHODS: readonly PaymentMethod[] = [
  'cash',
  'cash',
  'cash',
  'card',
  'card',
  'mobile_money',
  'bank_transfer',
]
const CASH = ['implied', 'exact', 'over', 'over', 'short'] as const

function moreThanDue(random: () => number, way: (typeof CASH)[number]): number {
  if (way === 'over') return 1 + Math.floor(random() * 20_000)
  return way === 'short' ? -1 - Math.floor(random() * 3_000) : 0
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

function request({ platform, random, customers }: Stage, market: Market): Promise<Trip> {
  return requestTrip(platform, pick(random, customers), {
    pickup: { ...somewhereIn(market, random), address: '1 Long Street' },
    destination: { ...somewhereIn(market, random), address: '5 Broad Street' },
    vehicleClass: 'bakkie',
    loadDescription: 'two sofas',
  })
}

/** Until it is paid, or cash was chosen. */
async function payFor(stage: Stage, trip: Trip, method: PaymentMethod): Promise<Payment> {
  const { world, platform, random } = stage
  const chosen = await choosePayment(platform, trip.customerId, trip.id, method)
  const payment = await openPaymentPage(platform, chosen.id, RETURN_URL)
  const { gateway } = payment
  if (gateway === null || payment.status === 'success') return payment
  const chance = random()
  const script = chance < 0.05 ? 'underpay' : chance < 0.1 ? 'overpay' : 'success'
  world.gateways.pay({ gateway, reference: referenceOf(payment), action: 'pay', script })
  const settled = await world.settle(payment)
  return settled.status === 'underpaid' ? payFor(stage, trip, method) : settled
}

/** Paid for, but not driven. */
async function cancelOne(stage: Stage, market: Market): Promise<void> {
  const trip = await request(stage, market)
  await payFor(stage, trip, 'card')
  await cancelTrip(stage.platform, trip.id, { role: 'customer', accountId: trip.customerId })
}
