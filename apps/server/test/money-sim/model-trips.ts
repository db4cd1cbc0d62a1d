import type { TripStatus } from '@toota/contract'
import type { DriverId } from '../../src/kernel/index.ts'
import { returnUndriven } from './model-payments.ts'
import {
  balanceOf,
  cashOf,
  earningOf,
  livePayment,
  move,
  rebook,
  refuseIf,
  type Model,
  type ModelPayment,
  type ModelTrip,
} from './model.ts'

/** What happens on the way of a trip, and to its cash: the rules CA*, LG5, and of TR* and OF* what money depends on. */

const ACTIVE: readonly TripStatus[] = ['accepted', 'arrived_pickup', 'loaded', 'in_transit']
const STEPS: Partial<Record<TripStatus, readonly TripStatus[]>> = {
  accepted: ['arrived_pickup'],
  arrived_pickup: ['loaded', 'in_transit'],
  loaded: ['in_transit', 'completed'],
  in_transit: ['completed'],
}

export function offer(model: Model, matter: ModelTrip, driverId: DriverId): void {
  refuseIf(matter.status !== 'pending', 'trip-not-pending')
  const live = livePayment(matter)
  const mayAsk = live?.status === 'success' || (live?.method === 'cash' && live.status === 'pending')
  refuseIf(!mayAsk, 'payment-missing')
  if (matter.offeredTo === driverId) return
  refuseIf(matter.offeredTo !== undefined, 'offer-pending')
  const debtMinor = -balanceOf(model, 'driver', driverId, matter.trip.fare.currency)
  const isOver = live?.method === 'cash' && debtMinor > model.limitMinor
  const isBusy = model.trips.some(
    (other) => other.offeredTo === driverId || (other.driverId === driverId && ACTIVE.includes(other.status)),
  )
  refuseIf(isOver || isBusy, 'driver-unavailable')
  matter.offeredTo = driverId
}

export function accept(matter: ModelTrip): void {
  matter.driverId = matter.offeredTo
  matter.offeredTo = undefined
  matter.status = 'accepted'
}

export function advance(model: Model, matter: ModelTrip, to: TripStatus): void {
  if (matter.status === to) return
  refuseIf(!STEPS[matter.status]?.includes(to), 'illegal-transition')
  matter.status = to
  const payment = livePayment(matter)!
  if (payment.method === 'cash' && payment.status === 'pending' && to !== 'arrived_pickup')
    receive(model, matter, payment, payment.dueMinor)
  if (to !== 'completed') return
  const { fare } = matter.trip
  move(model, matter, { held: -fare.amountMinor, driver: earningOf(matter.trip) })
}

export function cancel(model: Model, matter: ModelTrip, by: 'customer' | 'driver' | 'staff'): void {
  if (matter.status === 'cancelled') return
  const isLoaded = matter.status === 'loaded' || matter.status === 'in_transit'
  const isIllegal = matter.status === 'completed' || (isLoaded && by !== 'staff')
  refuseIf(isIllegal || (by === 'driver' && matter.status === 'pending'), 'illegal-transition')
  matter.status = 'cancelled'
  matter.offeredTo = undefined
  returnUndriven(model, matter)
}

function receive(model: Model, matter: ModelTrip, payment: ModelPayment, receivedMinor: number): void {
  payment.status = 'success'
  payment.receivedMinor = receivedMinor
  rebook(model, matter, cashOf(payment.dueMinor, receivedMinor))
  review(matter, payment)
}

function review(matter: ModelTrip, { receivedMinor, confirmedMinor, dueMinor }: ModelPayment): void {
  if (receivedMinor === undefined || matter.matter === 'resolved') return
  const isDisputed = confirmedMinor !== undefined && confirmedMinor !== receivedMinor
  if (isDisputed || receivedMinor < dueMinor) matter.matter = 'open'
}

/** The driver says what he was given, with a code that is right or wrong, or without. */
export function stateCash(
  model: Model,
  matter: ModelTrip,
  receivedMinor: number,
  code: 'right' | 'wrong' | undefined,
): void {
  refuseIf(matter.status !== 'completed' && !ACTIVE.includes(matter.status), 'not-found')
  const payment = livePayment(matter)!
  if (payment.method !== 'cash') return
  const isAsked = code !== undefined && payment.confirmedMinor === undefined
  const isRight = isAsked && code === 'right' && payment.triesLeft > 0
  // A try that is followed by another refusal has not happened.
  if (isAsked && !isRight) payment.triesLeft = Math.max(0, payment.triesLeft - 1)
  refuseIf(isAsked && !isRight, 'wrong-code')
  const isOther = payment.receivedMinor !== undefined && payment.receivedMinor !== receivedMinor
  refuseIf(isOther && payment.isStated, 'cash-already-stated')
  if (isRight) payment.triesLeft -= 1
  if (payment.receivedMinor === undefined) receive(model, matter, payment, receivedMinor)
  else if (isOther) rebook(model, matter, cashOf(payment.dueMinor, receivedMinor))
  payment.receivedMinor = receivedMinor
  payment.isStated = true
  if (isRight && receivedMinor >= payment.dueMinor) payment.confirmedMinor = receivedMinor
  review(matter, payment)
}

export function confirmCash(matter: ModelTrip, paidMinor: number): void {
  const payment = livePayment(matter)
  refuseIf(!payment, 'payment-missing')
  refuseIf(payment!.method !== 'cash', 'not-cash')
  refuseIf(matter.driverId === undefined, 'cash-not-due')
  const { confirmedMinor } = payment!
  refuseIf(confirmedMinor !== undefined && confirmedMinor !== paidMinor, 'cash-already-stated')
  if (confirmedMinor !== undefined) return
  payment!.confirmedMinor = paidMinor
  review(matter, payment!)
}

/** A person has found out what was handed over, or only says that it is settled. */
export function resolveCash(model: Model, matter: ModelTrip, cashMinor: number | undefined): void {
  refuseIf(matter.matter === 'resolved', 'already-resolved')
  if (cashMinor !== undefined) {
    const payment = livePayment(matter)!
    refuseIf(payment.status !== 'success', 'not-cash')
    rebook(model, matter, cashOf(payment.dueMinor, cashMinor))
    payment.receivedMinor = cashMinor
    payment.isStated = true
    const missingMinor = Math.max(0, payment.dueMinor - cashMinor)
    rebook(model, matter, {
      ...matter.cash,
      withheld: matter.cash.withheld - missingMinor,
      receivable: matter.cash.receivable + missingMinor,
    })
  }
  matter.matter = 'resolved'
}
