import type { PaymentMethod, TripStatus } from '@toota/contract'
import fc from 'fast-check'
import { cashCodeOf } from '../../src/features/payments/cash-code.ts'
import { listCases } from '../../src/features/payments/list-cases.ts'
import { confirmCash } from '../../src/features/payments/confirm-cash.ts'
import { stateCash } from '../../src/features/payments/index.ts'
import { refundPayment } from '../../src/features/payments/refund-payment.ts'
import { resolveCase } from '../../src/features/payments/resolve-case.ts'
import { takeCommission } from '../../src/features/ledger/index.ts'
import { acceptOffer, advanceTrip, cancelTrip, requestTrip } from '../../src/features/trips/index.ts'
import { findOfferOfTrip } from '../../src/features/trips/offer-store.ts'
import type { MoneyWorld } from '../money.ts'
import { createRandom } from '../random.ts'
import { somewhereIn } from './markets.ts'
import * as money from './model-payments.ts'
import * as trips from './model-trips.ts'
import { keyOf, livePayment, NO_CASH, type Model, type ModelPayment, type ModelTrip } from './model.ts'

/** Numbers that say which trip, how much and so on, of what there is when the command runs. */
export type Dice = { readonly a: number; readonly b: number; readonly c: number; readonly isWild: boolean }

/** What the model and the product do of one command; undefined when there is nothing to do it to. */
export type Plan = {
  readonly says: string
  predict(): void
  perform(): Promise<unknown>
}
export type Planner = (model: Model, dice: Dice, world: MoneyWorld) => Plan | undefined

const METHODS: readonly PaymentMethod[] = ['cash', 'cash', 'card', 'mobile_money']
const pick = <T>(from: readonly T[], dice: number): T | undefined => from[dice % from.length]
const tripAt = (
  { trips: all }: Model,
  { a, isWild }: Dice,
  isFitting: (matter: ModelTrip) => boolean,
): ModelTrip | undefined => pick(isWild ? all : all.filter(isFitting), a)
const nameOf = (model: Model, matter: ModelTrip): string => `trip ${model.trips.indexOf(matter)}`
const isAtWork = ({ status }: ModelTrip): boolean =>
  ['accepted', 'arrived_pickup', 'loaded', 'in_transit'].includes(status)
/** Around what is due, and seldom nothing at all. */
const amountNear = (dueMinor: number, dice: number): number =>
  Math.max(0, dueMinor + ([0, 0, 1, -1, 2_500, -2_500, 40_000, -1_000_000][dice % 8] ?? 0))

const request: Planner = (model, { a, b, c }, { platform }) => {
  if (model.trips.filter(({ status }) => status !== 'completed' && status !== 'cancelled').length >= 5)
    return undefined
  const market = c % 3 === 0 ? 'NG' : 'ZA'
  const customerId = pick(model.customers, a)!
  const random = createRandom(b)
  return {
    says: `customer ${a % model.customers.length} asks for a trip in ${market}`,
    predict: () => undefined,
    async perform() {
      const trip = await requestTrip(platform, customerId, {
        pickup: { ...somewhereIn(market, random), address: '1 Long Street' },
        destination: { ...somewhereIn(market, random), address: '5 Broad Street' },
        ...{ vehicleClass: 'bakkie', loadDescription: 'two sofas' },
      })
      model.trips.push({
        ...{ trip, status: 'pending', driverId: undefined, offeredTo: undefined, payments: [] },
        ...{ cash: { ...NO_CASH }, matter: 'none', givenMinor: 0 },
      })
    },
  }
}

const choose: Planner = (model, dice, world) => {
  const matter = tripAt(model, dice, ({ status, offeredTo }) => status === 'pending' && !offeredTo)
  const method = pick(METHODS, dice.b)!
  if (!matter) return undefined
  let chosen: ReturnType<typeof money.choose> | undefined
  return {
    says: `${nameOf(model, matter)} is to be paid by ${method}`,
    predict: () => void (chosen = money.choose(model, matter, method)),
    async perform() {
      const { id, gateway, reference, amount, creditMinor } = await world.choose(matter.trip, method)
      if (!chosen || 'id' in chosen) return
      if (amount.amountMinor !== chosen.dueMinor || creditMinor !== chosen.creditMinor)
        throw new Error(`due are ${amount.amountMinor} and ${creditMinor} of credit`)
      matter.payments.push({ ...chosen, id, gateway, reference })
    },
  }
}

const pay: Planner = (model, { a, b, c }, { gateways }) => {
  const pages = model.trips
    .flatMap(({ payments }) => payments)
    .filter((payment) => payment.gateway !== null && typeof payment.atGateway !== 'number')
  const payment = pick(pages, a)
  if (!payment) return undefined
  const script = pick(['success', 'success', 'overpay', 'underpay'] as const, b)!
  const action = c % 7 === 0 ? 'decline' : 'pay'
  return {
    says: `page ${pages.indexOf(payment)} of ${pages.length}: ${action} (${script})`,
    predict() {
      const more = script === 'overpay' ? 1 : script === 'underpay' ? -1 : 0
      payment.atGateway = action === 'decline' ? 'declined' : payment.dueMinor + more
    },
    perform: () =>
      Promise.resolve(
        void gateways.pay({ gateway: payment.gateway!, reference: payment.reference!, action, script }),
      ),
  }
}

const settle: Planner = (model, { a, b, isWild }, world) => {
  const attempts = model.trips
    .flatMap((matter) => matter.payments.map((payment) => ({ matter, payment })))
    .filter(({ payment }) => payment.gateway !== null && (isWild || payment.atGateway !== undefined))
  const found = pick(attempts, a)
  if (!found) return undefined
  const { matter, payment } = found
  return {
    says: `${nameOf(model, matter)}: payment ${matter.payments.indexOf(payment)} is asked about ${1 + (b % 3)} times at once`,
    predict: () => money.settle(model, matter, payment),
    async perform() {
      const real = await world.find(payment.id)
      await Promise.all(Array.from({ length: 1 + (b % 3) }, () => world.settle(real)))
    },
  }
}

const offer: Planner = (model, dice, world) => {
  const matter = tripAt(model, dice, (each) => each.status === 'pending' && livePayment(each) !== undefined)
  const driverId = pick(model.drivers, dice.b)!
  return (
    matter && {
      says: `${nameOf(model, matter)} is held out to driver ${dice.b % model.drivers.length}`,
      predict: () => trips.offer(model, matter, driverId),
      perform: () => world.offer(matter.trip.customerId, matter.trip.id, driverId),
    }
  )
}

const accept: Planner = (model, dice, { platform }) => {
  const matter = tripAt(model, { ...dice, isWild: false }, ({ offeredTo }) => offeredTo !== undefined)
  return (
    matter && {
      says: `${nameOf(model, matter)} is accepted`,
      predict: () => trips.accept(matter),
      async perform() {
        const driverId = matter.driverId!
        const asked = await findOfferOfTrip(platform.db.single, matter.trip.id, driverId)
        await acceptOffer(platform, driverId, asked!.id)
      },
    }
  )
}

const NEXT: Partial<Record<TripStatus, TripStatus>> = {
  ...{ accepted: 'arrived_pickup', arrived_pickup: 'loaded', loaded: 'completed', in_transit: 'completed' },
}
const advance: Planner = (model, dice, { platform }) => {
  const matter = tripAt(model, dice, isAtWork)
  if (!matter?.driverId) return undefined
  const driverId = matter.driverId
  const wild = pick(['arrived_pickup', 'loaded', 'in_transit', 'completed'] as const, dice.b)!
  const to = dice.isWild ? wild : NEXT[matter.status]!
  return {
    says: `${nameOf(model, matter)} is ${to}`,
    predict: () => trips.advance(model, matter, to),
    perform: () => advanceTrip(platform, driverId, matter.trip.id, to),
  }
}

const isInCash = (matter: ModelTrip): boolean =>
  matter.driverId !== undefined && livePayment(matter)?.method === 'cash'

const state: Planner = (model, dice, { platform }) => {
  const matter = tripAt(model, dice, (each) => isInCash(each) && !livePayment(each)!.isStated)
  const payment = matter && livePayment(matter)
  if (!matter?.driverId || !payment) return undefined
  const { driverId, trip } = matter
  const receivedMinor = amountNear(payment.dueMinor, dice.b)
  const code = pick([undefined, undefined, 'right', 'wrong'] as const, dice.c)
  const right = cashCodeOf(platform.tokens, payment.id)
  const told = code === 'wrong' ? `${right.startsWith('9') ? 1 : 9}${right.slice(1)}` : right
  return {
    says: `${nameOf(model, matter)}: the driver says ${receivedMinor} of ${payment.dueMinor}, code ${code}`,
    predict: () => trips.stateCash(model, matter, receivedMinor, code),
    perform: () => stateCash(platform, driverId, trip.id, { receivedMinor, ...(code && { code: told }) }),
  }
}

const confirm: Planner = (model, dice, { platform }) => {
  const matter = tripAt(
    model,
    dice,
    (each) => isInCash(each) && livePayment(each)!.confirmedMinor === undefined,
  )
  if (!matter) return undefined
  const paidMinor = amountNear(livePayment(matter)?.dueMinor ?? 0, dice.b)
  const { customerId, id } = matter.trip
  return {
    says: `${nameOf(model, matter)}: the customer says ${paidMinor}`,
    predict: () => trips.confirmCash(matter, paidMinor),
    perform: () => confirmCash(platform, customerId, id, paidMinor),
  }
}

const cancel: Planner = (model, dice, { platform }) => {
  const matter = tripAt(model, dice, ({ status }) => status === 'pending' || status.startsWith('a'))
  if (!matter) return undefined
  const by = pick(['customer', 'customer', 'driver', 'staff', 'staff'] as const, dice.b)!
  const { driverId, trip } = matter
  if (by === 'driver' && !driverId) return undefined
  const canceller =
    by === 'staff'
      ? { role: by, reason: 'so' }
      : { role: by, accountId: by === 'driver' ? driverId! : trip.customerId }
  return {
    says: `${nameOf(model, matter)} is cancelled by the ${by}`,
    predict: () => trips.cancel(model, matter, by),
    perform: () => cancelTrip(platform, trip.id, canceller),
  }
}

const resolve: Planner = (model, { a, b }, { platform }) => {
  const matter = pick(
    model.trips.filter((each) => each.matter === 'open'),
    a,
  )
  if (!matter) return undefined
  const cashMinor = b % 5 === 0 ? undefined : amountNear(livePayment(matter)!.dueMinor, b)
  return {
    says: `${nameOf(model, matter)}: staff find ${cashMinor}`,
    predict: () => trips.resolveCash(model, matter, cashMinor),
    async perform() {
      const { cases } = await listCases(platform, { isOpen: true, limit: 100 })
      const { id } = cases.find(({ tripId, kind }) => tripId === matter.trip.id && kind.startsWith('cash'))!
      await resolveCase(platform, 'staff', id, { cashMinor, note: 'asked both' })
    },
  }
}

const giveBack: Planner = (model, dice, { platform }) => {
  const matter = tripAt(model, dice, (each) => each.status === 'completed')
  const payment: ModelPayment | undefined = matter && pick(matter.payments, dice.c)
  if (!matter || !payment) return undefined
  const amountMinor = 1 + Math.floor((payment.dueMinor * (dice.b % 5)) / 4)
  const isFromCredit = dice.c % 2 === 0
  return {
    says: `${nameOf(model, matter)}: staff give back ${amountMinor}${isFromCredit ? ' of his credit' : ''}`,
    predict: () => money.refund(model, matter, payment, { amountMinor, isFromCredit }),
    perform: () => refundPayment(platform, payment.id, { amountMinor, isFromCredit, reason: 'sorry' }),
  }
}

let slips = 0
const office: Planner = (model, { a, b, c }, { platform }) => {
  const driverId = pick(model.drivers, a)!
  const currency = c % 3 === 0 ? 'NGN' : 'ZAR'
  const amountMinor = 1 + (b % 9_000)
  const key = keyOf('driver', driverId, currency)
  return {
    says: `driver ${a % model.drivers.length} pays ${amountMinor} ${currency} at the office`,
    predict: () => void model.balances.set(key, (model.balances.get(key) ?? 0) + amountMinor),
    perform: () => takeCommission(platform, driverId, { amountMinor, currency }, `slip ${slips++}`),
  }
}

const sendRefunds: Planner = (model, _dice, world) =>
  model.trips.some(({ payments }) => payments.some(({ hasOpenRefund }) => hasOpenRefund))
    ? {
        says: 'refunds arrive',
        predict: () => money.finishRefunds(model),
        perform: () => world.finishRefunds(),
      }
    : undefined

/** Every command, the frequent ones more than once. */
export const PLANNERS: readonly (readonly [weight: number, name: string, planner: Planner])[] = [
  [3, 'request', request],
  [4, 'choose', choose],
  [4, 'pay', pay],
  [5, 'settle', settle],
  [6, 'offer', offer],
  [8, 'accept', accept],
  [14, 'advance', advance],
  [5, 'state', state],
  [3, 'confirm', confirm],
  [1, 'cancel', cancel],
  [3, 'resolve', resolve],
  [3, 'give back', giveBack],
  [1, 'office', office],
  [1, 'refunds', sendRefunds],
]

export const anyDice: fc.Arbitrary<Dice> = fc.record({
  ...{ a: fc.nat(5_039), b: fc.nat(5_039), c: fc.nat(5_039) },
  isWild: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})
