import type { TripStatus } from '@toota/contract'
import { sql } from 'kysely'
import { takeCommission } from '../../src/features/ledger/index.ts'
import { cashCodeOf, checkPayments, sendRefunds, stateCash } from '../../src/features/payments/index.ts'
import { confirmCash } from '../../src/features/payments/confirm-cash.ts'
import { findPayment } from '../../src/features/payments/payment-store.ts'
import { refundPayment } from '../../src/features/payments/refund-payment.ts'
import { resolveCase } from '../../src/features/payments/resolve-case.ts'
import {
  acceptOffer,
  advanceTrip,
  cancelTrip,
  expireQuotes,
  offerTrip,
  rejectOffer,
  type Trip,
} from '../../src/features/trips/index.ts'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import type { MoneyWorld } from '../money.ts'
import { give, type Given } from './invariants.ts'

/** Some people, their trips, and what only the test knows of their money. */
export type Stage = {
  readonly world: MoneyWorld
  readonly customers: readonly CustomerId[]
  readonly drivers: readonly DriverId[]
  readonly trips: Trip[]
  readonly gifts: Given
  readonly random: () => number
  /** When each group of deeds began, by the database's clock; all that came before had been committed. */
  readonly began: string[]
  /** How often each deed was done, and each refusal met. */
  readonly tally: Map<string, number>
}

/** What somebody does about a trip; false when there was nothing to do it to. */
export type Deed = (stage: Stage, trip: Trip) => Promise<boolean>

export const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)]!

const rowOf = ({ world }: Stage, { id }: Trip) =>
  world.db.single
    .selectFrom('trip')
    .select(['status', 'driver_id as driverId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const liveOf = ({ world }: Stage, { id }: Trip) => findPayment(world.db.single, id)
const attemptsOf = ({ world }: Stage, { id }: Trip) =>
  world.db.single
    .selectFrom('payment')
    .select(['id', 'gateway', 'reference', 'amount_minor as dueMinor'])
    .where('trip_id', '=', id)
    .execute()

export const choose: Deed = async ({ world, random }, trip) => {
  await world.choose(trip, pick(random, ['cash', 'cash', 'card', 'mobile_money'] as const))
  return true
}

/** Somebody pays on a page that is open somewhere, be it that of an attempt that was replaced. */
export const payPage: Deed = async (stage, trip) => {
  const { world, random } = stage
  const pages = (await attemptsOf(stage, trip)).filter(({ reference }) => reference !== null)
  if (pages.length === 0) return false
  const { id, gateway, reference } = pick(random, pages)
  if ((await world.find(id)).link === null) return false
  const script = pick(random, ['success', 'success', 'success', 'overpay', 'underpay'] as const)
  const action = random() < 0.1 ? 'decline' : 'pay'
  world.gateways.pay({ gateway: gateway!, reference: reference!, action, script })
  return true
}

export const settle: Deed = async (stage, trip) => {
  const { world, random } = stage
  const asked = (await attemptsOf(stage, trip)).filter(({ reference }) => reference !== null)
  if (asked.length === 0) return false
  const payment = await world.find(pick(random, asked).id)
  await Promise.all([world.settle(payment), world.settle(payment)])
  return true
}

export const offer: Deed = async ({ world, random, drivers }, trip) => {
  await offerTrip(world.platform, trip.customerId, trip.id, pick(random, drivers))
  return true
}

const openOffer = ({ world }: Stage, { id }: Trip) =>
  world.db.single
    .selectFrom('offer')
    .select(['id', 'driver_id as driverId'])
    .where('trip_id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst()

export const accept: Deed = async (stage, trip) => {
  const asked = await openOffer(stage, trip)
  if (asked) await acceptOffer(stage.world.platform, asked.driverId, asked.id)
  return asked !== undefined
}

const reject: Deed = async (stage, trip) => {
  const asked = stage.random() < 0.3 ? await openOffer(stage, trip) : undefined
  if (asked) await rejectOffer(stage.world.platform, asked.driverId, asked.id)
  return asked !== undefined
}

const NEXT: Partial<Record<TripStatus, TripStatus>> = {
  ...{ accepted: 'arrived_pickup', arrived_pickup: 'loaded', loaded: 'completed', in_transit: 'completed' },
}
export const advance: Deed = async (stage, trip) => {
  const { status, driverId } = await rowOf(stage, trip)
  const to = NEXT[status]
  if (!driverId || !to) return false
  await advanceTrip(stage.world.platform, driverId, trip.id, to)
  return true
}

/** Around what is due, and seldom nothing at all. */
const amountNear = (random: () => number, dueMinor: number): number =>
  Math.max(0, dueMinor + pick(random, [0, 0, 0, 1, -1, 2_500, -2_500, 40_000, -1_000_000]))

export const state: Deed = async (stage, trip) => {
  const { world, random } = stage
  const [{ driverId }, payment] = [await rowOf(stage, trip), await liveOf(stage, trip)]
  if (!driverId || !payment) return false
  const code = pick(random, [undefined, undefined, cashCodeOf(world.platform.tokens, payment.id), '000000'])
  const receivedMinor = amountNear(random, payment.amount.amountMinor)
  await stateCash(world.platform, driverId, trip.id, { receivedMinor, code })
  return true
}

const confirm: Deed = async (stage, trip) => {
  const { world, random } = stage
  const payment = await liveOf(stage, trip)
  const paidMinor = amountNear(random, payment?.amount.amountMinor ?? 0)
  await confirmCash(world.platform, trip.customerId, trip.id, paidMinor)
  return true
}

const cancel: Deed = async (stage, trip) => {
  const { world, random } = stage
  const { driverId } = await rowOf(stage, trip)
  if (random() < 0.7) return false
  const by = pick(random, ['customer', 'driver', 'staff'] as const)
  if (by === 'driver' && !driverId) return false
  const canceller =
    by === 'staff'
      ? { role: by, reason: 'so' }
      : { role: by, accountId: by === 'driver' ? driverId! : trip.customerId }
  return (await cancelTrip(world.platform, trip.id, canceller)).isChanged
}

/** Two of the staff may look into the same matter. */
const resolve: Deed = async (stage, trip) => {
  const { world, random } = stage
  const [matter, payment] = [
    await world.db.single
      .selectFrom('money_case')
      .select(['id', 'kind'])
      .where('trip_id', '=', trip.id)
      .where('resolved_at', 'is', null)
      .executeTakeFirst(),
    await liveOf(stage, trip),
  ]
  if (!matter?.kind.startsWith('cash') || !payment) return false
  const cashMinor = random() < 0.2 ? undefined : amountNear(random, payment.amount.amountMinor)
  await resolveCase(world.platform, 'staff', matter.id, { cashMinor, note: 'asked both' })
  return true
}

const refund: Deed = async (stage, trip) => {
  const { world, random, gifts } = stage
  const attempts = await attemptsOf(stage, trip)
  if (attempts.length === 0) return false
  const { id, dueMinor } = pick(random, attempts)
  const amountMinor = 1 + Math.floor(dueMinor * random() * random())
  const isFromCredit = random() < 0.5
  const order = { amountMinor, reason: 'sorry', isFromCredit }
  const { refundId } = await refundPayment(world.platform, id, order)
  const { currency } = trip.fare
  if (!isFromCredit)
    give(refundId === null ? gifts.goodwill : gifts.refunded, trip.customerId, { amountMinor, currency })
  return true
}

let slips = 0
const office: Deed = async ({ world, random, drivers, gifts }, { fare: { currency } }) => {
  if (random() < 0.5) return false
  const driver = pick(random, drivers)
  const money = { amountMinor: 1 + Math.floor(random() * 9_000), currency }
  const slip = `${driver}-${slips++}`
  // The clerk presses the key twice.
  const taken = await Promise.all([1, 2].map(() => takeCommission(world.platform, driver, money, slip)))
  if (taken.some(Boolean)) give(gifts.office, driver, money)
  return true
}

/** All sweeps find something to do. */
const sweep: Deed = async ({ world, random }, { id }) => {
  const { single } = world.db
  await sql`update payment set due_at = clock_timestamp() where trip_id = ${id} and due_at is not null`.execute(
    single,
  )
  await sql`update refund set due_at = clock_timestamp() where due_at is not null and busy_until is null`.execute(
    single,
  )
  const isOver = random() < 0.3
  if (isOver) await sql`update trip set quote_expires_at = clock_timestamp() where id = ${id}`.execute(single)
  await Promise.all([
    checkPayments(world.platform),
    sendRefunds(world.platform),
    expireQuotes(world.platform),
  ])
  return true
}

/** What anybody may do at any time, the frequent more than once. */
export const DEEDS: readonly Deed[] = [
  ...[choose, payPage, payPage, settle, settle, offer, accept, accept, advance, reject, state, state],
  ...[confirm, cancel, resolve, resolve, resolve, refund, refund, refund, office, sweep],
]
