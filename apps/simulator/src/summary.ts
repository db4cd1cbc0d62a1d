import { findFaults, sum, type Books } from './books.ts'
import { formatRand } from './money.ts'
import type { Method } from './paying-plan.ts'
import { paidMinor, type TripRecord } from './record.ts'

/** Trips of one way to pay, and what was paid so: without credit, and without what was too much. */
export type Paid = { readonly trips: number; readonly minor: number }

/** What the drivers' accounts say. */
type Earned = {
  readonly earningsMinor: number
  readonly commissionMinor: number
  readonly payableMinor: number
  readonly owedMinor: number
  readonly creditLeftMinor: number
}

export type Summary = {
  readonly trips: number
  readonly completed: number
  readonly cancelled: number
  readonly stuck: number
  readonly offersRejected: number
  readonly offersExpired: number
  readonly medianAcceptMs: number | null
  readonly medianToldMs: number | null
  /** Of completed trips, in cents, as all that follows. */
  readonly paid: Readonly<Record<Method, Paid>>
  readonly cardsDeclined: number
  readonly credit: Paid
  readonly overMinor: number
  readonly fareMinor: number
  readonly paidMinor: number
  /** Cancelled trips that were paid for, and what came back. */
  readonly refunded: Paid
  /** Null when the run did not come to its end. */
  readonly earned: Earned | null
  /** What does not agree. */
  readonly faults: readonly string[]
  readonly durationSeconds: number
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}

/** A trip that has not ended counts as stuck: nobody gets a second chance after the end of the run. */
export function summarize(
  records: readonly TripRecord[],
  durationSeconds: number,
  books: Books | undefined,
): Summary {
  const completed = records.filter((record) => record.outcome === 'completed')
  const cancelled = records.filter((record) => record.outcome === 'cancelled')
  const known = (values: readonly (number | undefined)[]): number[] =>
    values.filter((value) => value !== undefined)
  const paidBy = (method: Method): Paid =>
    paid(
      completed.filter((record) => record.method === method),
      (record) => record.onlineMinor + record.cashMinor - record.overMinor,
    )
  return {
    trips: records.length,
    completed: completed.length,
    cancelled: cancelled.length,
    stuck: records.length - completed.length - cancelled.length,
    offersRejected: sum(records, (record) => record.offersRejected),
    offersExpired: sum(records, (record) => record.offersExpired),
    medianAcceptMs: median(known(records.map((record) => record.acceptedAfterMs))),
    medianToldMs: median(known(records.map((record) => record.toldAfterMs))),
    paid: { cash: paidBy('cash'), card: paidBy('card'), mobile_money: paidBy('mobile_money') },
    cardsDeclined: sum(records, (record) => record.cardsDeclined),
    credit: paid(
      completed.filter(({ creditMinor }) => creditMinor > 0),
      ({ creditMinor }) => creditMinor,
    ),
    overMinor: sum(completed, (record) => record.overMinor),
    fareMinor: sum(completed, (record) => record.fareMinor),
    paidMinor: sum(completed, paidMinor),
    refunded: paid(
      cancelled.filter(({ onlineMinor }) => onlineMinor > 0),
      ({ refundedMinor }) => refundedMinor,
    ),
    earned: books === undefined ? null : earnedIn(books, completed),
    faults: findFaults(records, books),
    durationSeconds,
  }
}

const paid = (records: readonly TripRecord[], read: (record: TripRecord) => number): Paid => ({
  trips: records.length,
  minor: sum(records, read),
})

/** Of the trips of this run; the balances are those of the drivers, who may have driven strangers too. */
function earnedIn({ drivers, creditMinor }: Books, completed: readonly TripRecord[]): Earned {
  const ours = new Set(completed.map(({ tripId }) => tripId))
  const settlements = drivers.flatMap((driver) => driver.settlements).filter(({ tripId }) => ours.has(tripId))
  return {
    earningsMinor: sum(settlements, ({ earningMinor }) => earningMinor),
    commissionMinor: sum(settlements, ({ serviceFeeMinor }) => serviceFeeMinor),
    payableMinor: sum(drivers, ({ balanceMinor }) => Math.max(0, balanceMinor)),
    owedMinor: sum(drivers, ({ balanceMinor }) => Math.max(0, -balanceMinor)),
    creditLeftMinor: creditMinor,
  }
}

/** Nothing stuck, and every cent where it should be. */
export const isGood = ({ stuck, faults }: Summary): boolean => stuck === 0 && faults.length === 0

export function summaryLines(summary: Summary): string[] {
  const ms = (value: number | null): string => (value === null ? 'none' : `${Math.round(value)} ms`)
  return [
    `trips            ${summary.trips} in ${Math.round(summary.durationSeconds)} s`,
    `completed        ${summary.completed}`,
    `cancelled        ${summary.cancelled}`,
    `offers rejected  ${summary.offersRejected}`,
    `offers expired   ${summary.offersExpired}`,
    `stuck            ${summary.stuck}`,
    `time to accept   ${ms(summary.medianAcceptMs)} median, of which ${ms(summary.medianToldMs)} from the driver's tap to the customer's screen`,
    '',
    ...moneyLines(summary),
    ...summary.faults.map((fault) => `WRONG            ${fault}`),
    ...(summary.earned !== null && summary.faults.length === 0
      ? ["books            agree: trips, payments, refunds, credit and the drivers' accounts"]
      : []),
  ]
}

function moneyLines({ paid, credit, refunded, earned, ...summary }: Summary): string[] {
  const line = (name: string, { trips, minor }: Paid, more = ''): string =>
    `${name.padEnd(17)}${formatRand(minor)} for ${trips} ${trips === 1 ? 'trip' : 'trips'}${more}`
  const { cardsDeclined: declined, overMinor, fareMinor } = summary
  const isSame = summary.paidMinor === fareMinor
  return [
    line(
      'paid in cash',
      paid.cash,
      overMinor > 0 ? `, and ${formatRand(overMinor)} too much, kept as credit` : '',
    ),
    line('paid by card', paid.card),
    line('by mobile money', paid.mobile_money),
    line('out of credit', credit),
    `fares completed  ${formatRand(fareMinor)}${isSame ? ' (paid to the cent)' : ` (NOT PAID: ${formatRand(summary.paidMinor)})`}`,
    `cards declined   ${declined}${declined > 0 ? ', and paid with another one' : ''}`,
    line('refunded', refunded, refunded.trips > 0 ? ' cancelled after payment' : ''),
    ...(earned === null ? [] : earnedLines(earned)),
  ]
}

const earnedLines = (earned: Earned): string[] => [
  `drivers earned   ${formatRand(earned.earningsMinor)}`,
  `commission       ${formatRand(earned.commissionMinor)}`,
  `drivers' balance ${formatRand(earned.payableMinor)} to be paid out; ${formatRand(earned.owedMinor)} owed from cash trips`,
  `credit left      ${formatRand(earned.creditLeftMinor)}`,
]
