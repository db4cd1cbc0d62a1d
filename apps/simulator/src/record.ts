import type { Method } from './paying-plan.ts'

/** What became of one trip. Money is in cents. */
export type TripRecord = {
  readonly number: number
  /** Once the server has given it one. */
  tripId: string | undefined
  outcome: 'running' | 'completed' | 'cancelled' | 'stuck'
  /** What the customer was quoted. */
  fareMinor: number
  /** How it was really paid; undefined before that. */
  method: Method | undefined
  /** What credit from earlier trips pays of the fare. */
  creditMinor: number
  /** What was paid on the page of the payment service, and what of it came back. */
  onlineMinor: number
  refundedMinor: number
  /** What the driver put in a pocket, and what of it was too much. */
  cashMinor: number
  overMinor: number
  cardsDeclined: number
  offersRejected: number
  offersExpired: number
  /** From the customer's tap on a driver to the news that he takes it; undefined where nobody took it. */
  acceptedAfterMs: number | undefined
  /** Of that, from the driver's tap to the customer's news: the server's share. */
  toldAfterMs: number | undefined
  /** Where it stands, for the reader of a stuck trip. */
  lastStep: string
}

export const NOT_BEGUN = 'not begun'

export const newRecord = (number: number): TripRecord => ({
  number,
  tripId: undefined,
  outcome: 'running',
  fareMinor: 0,
  method: undefined,
  creditMinor: 0,
  onlineMinor: 0,
  refundedMinor: 0,
  cashMinor: 0,
  overMinor: 0,
  cardsDeclined: 0,
  offersRejected: 0,
  offersExpired: 0,
  acceptedAfterMs: undefined,
  toldAfterMs: undefined,
  lastStep: NOT_BEGUN,
})

/** All that was paid for a trip: by credit, on the page and in cash, without what the driver was given too much. */
export const paidMinor = ({ creditMinor, onlineMinor, cashMinor, overMinor }: TripRecord): number =>
  creditMinor + onlineMinor + cashMinor - overMinor
