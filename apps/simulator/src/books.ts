import { formatRand } from './money.ts'
import { paidMinor, type TripRecord } from './record.ts'

/** What the server says of one driver, and what that driver knows better. Cents. */
export type DriverBooks = {
  readonly name: string
  /** What customers have handed over. */
  readonly cashMinor: number
  readonly settlements: readonly {
    readonly tripId: string
    readonly fareMinor: number
    readonly earningMinor: number
    readonly serviceFeeMinor: number
  }[]
  /** The server's own sum of the earnings. */
  readonly totalMinor: number
  /** To be paid out; below 0 when commission is owed. */
  readonly balanceMinor: number
}

/** What the server says at the end of the day. */
export type Books = {
  readonly drivers: readonly DriverBooks[]
  /** What the customers have to spend. */
  readonly creditMinor: number
}

export const sum = <Item>(items: readonly Item[], read: (item: Item) => number): number =>
  items.reduce((total, item) => total + read(item), 0)

/** What does not agree, one sentence each: the trips with themselves, and with the server's books where these are known. */
export function findFaults(records: readonly TripRecord[], books: Books | undefined): string[] {
  const completed = records.filter(({ outcome }) => outcome === 'completed')
  const cancelled = records.filter(({ outcome }) => outcome === 'cancelled')
  return [
    ...completed.filter((record) => paidMinor(record) !== record.fareMinor).map(wronglyPaid),
    ...cancelled.filter(({ onlineMinor, refundedMinor }) => refundedMinor !== onlineMinor).map(notBack),
    ...(books === undefined
      ? []
      : [
          ...wronglySettled(completed, books),
          ...books.drivers.flatMap(wrongAccount),
          ...wrongCredit(completed, books),
        ]),
  ]
}

const wronglyPaid = (record: TripRecord): string =>
  `trip ${record.number} costs ${formatRand(record.fareMinor)}, but ${formatRand(paidMinor(record))} was paid`

const notBack = ({ number, onlineMinor, refundedMinor }: TripRecord): string =>
  `trip ${number} was cancelled, but of ${formatRand(onlineMinor)} only ${formatRand(refundedMinor)} came back`

function wronglySettled(completed: readonly TripRecord[], { drivers }: Books): string[] {
  const settlements = new Map<string, DriverBooks['settlements'][number][]>()
  for (const settlement of drivers.flatMap((driver) => driver.settlements))
    settlements.set(settlement.tripId, [...(settlements.get(settlement.tripId) ?? []), settlement])
  return completed.flatMap(({ number, tripId = '', fareMinor }) => {
    const [settled, ...more] = settlements.get(tripId) ?? []
    if (settled === undefined || more.length > 0)
      return [`trip ${number} was settled ${settled === undefined ? 'never' : 'more than once'}`]
    const dividedMinor = settled.earningMinor + settled.serviceFeeMinor
    const isRight = settled.fareMinor === fareMinor && dividedMinor === fareMinor
    return isRight
      ? []
      : [`trip ${number} costs ${formatRand(fareMinor)}, but ${formatRand(dividedMinor)} was divided`]
  })
}

function wrongAccount({ name, settlements, totalMinor, cashMinor, balanceMinor }: DriverBooks): string[] {
  const listedMinor = sum(settlements, ({ earningMinor }) => earningMinor)
  const faults: string[] = []
  if (listedMinor !== totalMinor)
    faults.push(
      `${name} earned ${formatRand(listedMinor)} trip by trip, but ${formatRand(totalMinor)} in all`,
    )
  // Who was paid in cash has had it already.
  if (totalMinor - cashMinor !== balanceMinor)
    faults.push(
      `${name} earned ${formatRand(totalMinor)} and was handed ${formatRand(cashMinor)}, but the account says ${formatRand(balanceMinor)}`,
    )
  return faults
}

function wrongCredit(completed: readonly TripRecord[], { creditMinor }: Books): string[] {
  const leftMinor = sum(completed, (record) => record.overMinor - record.creditMinor)
  if (leftMinor === creditMinor) return []
  return [
    `customers should have ${formatRand(leftMinor)} of credit left, but have ${formatRand(creditMinor)}`,
  ]
}
