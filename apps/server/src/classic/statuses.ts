import type { PaymentStatus, TripStatus } from '@toota/contract'

/** The classic wire's words. A lapsed quote is `cancelled` there: the old clients know no other end without a driver. */
const WORDS: Readonly<Record<TripStatus, string>> = {
  pending: 'pending',
  accepted: 'accepted',
  en_route: 'on the way',
  arrived_pickup: 'arrived at pickup',
  loaded: 'picked up',
  in_transit: 'in_progress',
  arrived_dest: 'arrived at destination',
  completed: 'completed',
  cancelled: 'cancelled',
  expired: 'cancelled',
}

const STATUSES = new Map(
  (Object.keys(WORDS) as TripStatus[])
    .filter((status) => status !== 'expired')
    .map((status) => [WORDS[status].replaceAll('_', ' '), status]),
)

export const statusWord = (status: TripStatus): string => WORDS[status]

/** Any case; `in progress` and `in_progress` are one. */
export const parseStatus = (word: unknown): TripStatus | undefined =>
  typeof word === 'string' ? STATUSES.get(word.trim().toLowerCase().replaceAll('_', ' ')) : undefined

/** The old clients know three words: what is not there yet waits, and what went back has failed. */
const PAYMENT_WORDS: Readonly<Record<PaymentStatus, 'pending' | 'success' | 'failed'>> = {
  created: 'pending',
  pending: 'pending',
  unknown: 'pending',
  success: 'success',
  failed: 'failed',
  underpaid: 'failed',
  refunding: 'failed',
  refunded: 'failed',
  reversed: 'failed',
}

export const paymentStatusWord = (status: PaymentStatus) => PAYMENT_WORDS[status]
