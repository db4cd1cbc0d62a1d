import { Refusal, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { correctCash } from './correct-cash.ts'
import { cashCodeOf } from './cash-code.ts'
import type { PaidTrip, Payment } from './model/payment.ts'
import { lockPaidTrip } from './paid-trip-store.ts'
import { findPayment, lockPayment, saveConfirmed, saveReceived, takeCodeTry } from './payment-store.ts'
import { receiveCash } from './receive-cash.ts'
import { reviewCash } from './review-cash.ts'

export type CashStatement = {
  /** What the driver was given; what was due unless he says. */
  readonly receivedMinor?: number | undefined
  /** The customer's code: with it he agrees that he has paid what was due. */
  readonly code?: string | undefined
}

const AT_WORK_OR_DONE: readonly string[] = [
  'accepted',
  'en_route',
  'arrived_pickup',
  'loaded',
  'in_transit',
  'arrived_dest',
  'completed',
]

/**
 * The trip's driver says what cash he was given, once, during the trip or afterwards; the same again changes nothing. Too
 * much is the customer's credit, too little his debt, and a case. Refuses: not-found, cash-already-stated, wrong-code.
 */
export async function stateCash(
  platform: Pick<Platform, 'db' | 'news' | 'tokens'>,
  driverId: DriverId,
  tripId: TripId,
  statement: CashStatement = {},
): Promise<{ isChanged: boolean }> {
  const { db, news } = platform
  // A wrong guess must count, so it is no refusal before the transaction has ended.
  const outcome = await db.transaction(async (tx) => {
    const trip = await lockPaidTrip(tx, tripId)
    if (trip.driverId !== driverId || !AT_WORK_OR_DONE.includes(trip.status)) throw new Refusal('not-found')
    const live = await findPayment(tx, tripId)
    if (live?.method !== 'cash') return 'unchanged'
    const payment = await lockPayment(tx, live.id)
    const receivedMinor = statement.receivedMinor ?? payment.amount.amountMinor
    const isConfirmed = await checkCode(tx, platform, payment, statement.code, receivedMinor)
    if (isConfirmed === 'wrong-code') return 'wrong-code'

    const told = await book(tx, trip, driverId, payment, receivedMinor)
    if (isConfirmed) await saveConfirmed(tx, payment.id, receivedMinor)
    await reviewCash(tx, trip, payment.id)
    await news.append(tx, told)
    return told.length > 0 ? 'changed' : 'unchanged'
  })
  if (outcome === 'wrong-code') throw new Refusal('wrong-code')
  return { isChanged: outcome === 'changed' }
}

async function book(tx: Tx, trip: PaidTrip, driverId: DriverId, payment: Payment, receivedMinor: number) {
  if (payment.receivedMinor === null) return receiveCash(tx, trip, driverId, { receivedMinor })
  if (payment.receivedMinor !== receivedMinor) {
    if (payment.isStated) throw new Refusal('cash-already-stated')
    await correctCash(tx, trip, payment, receivedMinor, { key: `${payment.id}:stated` })
  }
  await saveReceived(tx, payment.id, { receivedMinor, isStated: true })
  return []
}

/** The code speaks for the whole amount only, so that a driver cannot state less with it than he was given. */
async function checkCode(
  tx: Tx,
  { tokens }: Pick<Platform, 'tokens'>,
  payment: Payment,
  code: string | undefined,
  receivedMinor: number,
): Promise<boolean | 'wrong-code'> {
  if (code === undefined || payment.confirmedMinor !== null) return false
  if (!(await takeCodeTry(tx, payment.id)) || code !== cashCodeOf(tokens, payment.id)) return 'wrong-code'
  return receivedMinor >= payment.amount.amountMinor
}
