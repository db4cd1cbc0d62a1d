import type { TripStatus } from '@toota/contract'

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
