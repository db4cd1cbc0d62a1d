import type { Currency, GatewayName, Market, PaymentMethod, PaymentStatus, TripStatus } from '@toota/contract'
import type { CustomerId, DriverId, Money, PaymentId, TripId } from '../../../kernel/index.ts'

/** One attempt to pay a trip; the newest is the live one, and the others are replaced. */
export type Payment = {
  readonly id: PaymentId
  readonly tripId: TripId
  readonly method: PaymentMethod
  readonly status: PaymentStatus
  /** What is to be paid this way: the fare less the credit. */
  readonly amount: Money
  /** What the customer's credit pays of the fare; it is set aside as long as the payment lives. */
  readonly creditMinor: number
  /** Null for cash, and where credit pays all. */
  readonly gateway: GatewayName | null
  /** What the gateway knows the payment by; ours, and the same at every repeat. */
  readonly reference: string | null
  readonly pageGatewayId: string | null
  /** The gateway's page, once it has one. */
  readonly link: string | null
  readonly failure: string | null
  readonly isReplaced: boolean
  /** How often the sweep has asked the gateway. */
  readonly checks: number
  /** Somebody has asked the gateway for a page, be it that he never lived to write the answer down. */
  readonly wasStarted: boolean
  /** Cash as booked; {@link isStated} once the driver has said so himself, not only driven on. */
  readonly receivedMinor: number | null
  readonly receivedBy: DriverId | null
  readonly isStated: boolean
  readonly confirmedMinor: number | null
}

/** What a payment needs to know of its trip; read under the trip's lock. */
export type PaidTrip = {
  readonly id: TripId
  readonly customerId: CustomerId
  readonly driverId: DriverId | null
  readonly market: Market
  readonly status: TripStatus
  readonly fare: Money
}

/** A driver may be asked once the money is there, or once cash was chosen. */
export const mayAskDriver = (payment: Payment): boolean =>
  payment.status === 'success' || (payment.method === 'cash' && payment.status === 'pending')

export const isCashDue = (payment: Payment): boolean =>
  payment.method === 'cash' && payment.status === 'pending'

/** Still to be paid: what a sweep asks about, and what a second request for the same method goes on with. */
export const isUnderWay = (payment: Payment): boolean =>
  payment.status === 'created' || payment.status === 'pending' || payment.status === 'unknown'

/** Money may still come in for it: who was declined can try again on the same page. */
export const mayStillBePaid = (payment: Payment): boolean =>
  isUnderWay(payment) || payment.status === 'failed'

/** Money came in for it, whatever became of it since. */
export const wasPaid = (payment: Payment): boolean =>
  payment.status === 'success' ||
  payment.status === 'refunding' ||
  payment.status === 'refunded' ||
  payment.status === 'reversed'

/** No gateway takes a few cents (Yoco R 2, Paystack ₦ 50): what is left to be paid that way is at least this. */
const LEAST_DUE_MINOR: Readonly<Record<Currency, number>> = { ZAR: 200, NGN: 10_000, KES: 1_000, GHS: 100 }

/** What a customer's credit pays of a fare. */
export function creditFor(fare: Money, balanceMinor: number, isByGateway: boolean): number {
  const creditMinor = Math.min(fare.amountMinor, balanceMinor)
  const dueMinor = fare.amountMinor - creditMinor
  const leastMinor = isByGateway && dueMinor > 0 ? LEAST_DUE_MINOR[fare.currency] : 0
  return dueMinor >= leastMinor ? creditMinor : Math.max(0, fare.amountMinor - leastMinor)
}

/** Seconds from each question to the next; after the last nobody asks by himself any more. */
const CHECK_AFTER_SECONDS = [30, 2 * 60, 10 * 60, 3600, 6 * 3600, 24 * 3600] as const

/** Seconds until the check of this number (from 0); undefined after the last. */
export const nextCheckAfter = (checks: number): number | undefined => CHECK_AFTER_SECONDS[checks]
