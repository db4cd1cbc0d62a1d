import { describe, expect, it } from 'vitest'
import { type Books, type DriverBooks } from './books.ts'
import { formatRand } from './money.ts'
import { newRecord, type TripRecord } from './record.ts'
import { createStory } from './story.ts'
import { isGood, median, summarize, summaryLines } from './summary.ts'

const record = (number: number, change: Partial<TripRecord>): TripRecord => ({
  ...newRecord(number),
  tripId: `trip-${number}`,
  ...change,
})

const CASH = record(1, {
  outcome: 'completed',
  method: 'cash',
  fareMinor: 41_250,
  cashMinor: 45_000,
  overMinor: 3_750,
  acceptedAfterMs: 500,
  offersRejected: 1,
})
const CARD = record(2, {
  outcome: 'completed',
  method: 'card',
  fareMinor: 10_001,
  creditMinor: 1_000,
  onlineMinor: 9_001,
  cardsDeclined: 1,
  acceptedAfterMs: 700,
  offersExpired: 2,
})
const OFF = record(3, {
  outcome: 'cancelled',
  method: 'card',
  fareMinor: 99_999,
  onlineMinor: 99_999,
  refundedMinor: 99_999,
})
const RECORDS = [CASH, CARD, OFF]

const settlement = (tripId: string, fareMinor: number, earningMinor: number) => ({
  tripId,
  fareMinor,
  earningMinor,
  serviceFeeMinor: fareMinor - earningMinor,
})
const SIPHO: DriverBooks = {
  name: 'Sipho D.',
  cashMinor: 45_000,
  settlements: [settlement('trip-1', 41_250, 33_000)],
  totalMinor: 33_000,
  balanceMinor: -12_000,
}
const NOMSA: DriverBooks = {
  name: 'Nomsa N.',
  cashMinor: 0,
  settlements: [settlement('trip-2', 10_001, 8_001), settlement('a stranger', 5_000, 4_000)],
  totalMinor: 12_001,
  balanceMinor: 12_001,
}
const BOOKS: Books = { drivers: [SIPHO, NOMSA], creditMinor: 2_750 }

const faultsOf = (records: readonly TripRecord[], books?: Books): readonly string[] =>
  summarize(records, 1, books).faults

describe('the summary', () => {
  it('[SI6] counts each trip once, and what has not ended as stuck', () => {
    const summary = summarize([...RECORDS, record(4, { outcome: 'stuck' }), record(5, {})], 12, undefined)
    expect(summary).toMatchObject({
      trips: 5,
      completed: 2,
      cancelled: 1,
      stuck: 2,
      offersRejected: 1,
      offersExpired: 2,
    })
  })

  it('[SI7] is good when nothing is stuck and every trip is paid to the cent, however it was paid', () => {
    const summary = summarize(RECORDS, 12, BOOKS)
    expect(summary).toMatchObject({
      fareMinor: 51_251,
      paidMinor: 51_251,
      paid: {
        cash: { trips: 1, minor: 41_250 },
        card: { trips: 1, minor: 9_001 },
        mobile_money: { trips: 0, minor: 0 },
      },
      credit: { trips: 1, minor: 1_000 },
      overMinor: 3_750,
      cardsDeclined: 1,
      refunded: { trips: 1, minor: 99_999 },
    })
    expect(summary.faults).toEqual([])
    expect(isGood(summary)).toBe(true)
    expect(isGood(summarize([...RECORDS, record(4, { outcome: 'stuck' })], 12, BOOKS))).toBe(false)
  })

  it('[SI7] one cent that is missing for a trip is not good, and is said, though another trip has it', () => {
    const short = record(1, { outcome: 'completed', method: 'cash', fareMinor: 100, cashMinor: 99 })
    const long = record(2, { outcome: 'completed', method: 'cash', fareMinor: 100, cashMinor: 101 })
    const summary = summarize([short, long], 1, undefined)
    expect(isGood(summary)).toBe(false)
    expect(summary.paidMinor).toBe(summary.fareMinor)
    expect(summary.faults).toEqual([
      'trip 1 costs R 1.00, but R 0.99 was paid',
      'trip 2 costs R 1.00, but R 1.01 was paid',
    ])
    expect(summaryLines(summary).join('\n')).toContain('WRONG            trip 1 costs R 1.00')
    expect(summaryLines(summarize([short], 1, undefined)).join('\n')).toContain('NOT PAID: R 0.99')
  })

  it('[SI7] cents are shown as rand', () => {
    expect([5, 41_250, 123_456_789, -250].map(formatRand)).toEqual([
      'R 0.05',
      'R 412.50',
      'R 1 234 567.89',
      '-R 2.50',
    ])
  })

  it('[SI17] what the drivers’ accounts say must be what the trips and the cash come to', () => {
    expect(summarize(RECORDS, 1, BOOKS).earned).toEqual({
      earningsMinor: 41_001,
      commissionMinor: 10_250,
      payableMinor: 12_001,
      owedMinor: 12_000,
      creditLeftMinor: 2_750,
    })
    const withSipho = (change: Partial<DriverBooks>): Books => ({
      ...BOOKS,
      drivers: [{ ...SIPHO, ...change }, NOMSA],
    })
    const [first] = SIPHO.settlements
    expect(faultsOf(RECORDS, withSipho({ settlements: [], totalMinor: 0, balanceMinor: -45_000 }))).toEqual([
      'trip 1 was settled never',
    ])
    const twice = { settlements: [first!, first!], totalMinor: 66_000, balanceMinor: 21_000 }
    expect(faultsOf(RECORDS, withSipho(twice))).toEqual(['trip 1 was settled more than once'])
    const other = { settlements: [settlement('trip-1', 41_000, 33_000)] }
    expect(faultsOf(RECORDS, withSipho(other))).toEqual(['trip 1 costs R 412.50, but R 410.00 was divided'])
    expect(faultsOf(RECORDS, withSipho({ totalMinor: 33_001, balanceMinor: -11_999 }))).toEqual([
      'Sipho D. earned R 330.00 trip by trip, but R 330.01 in all',
    ])
    expect(faultsOf(RECORDS, withSipho({ balanceMinor: -11_999 }))).toEqual([
      'Sipho D. earned R 330.00 and was handed R 450.00, but the account says -R 119.99',
    ])
  })

  it('[SI18] credit and refunds must be what is left and what was paid for nothing', () => {
    expect(faultsOf(RECORDS, { ...BOOKS, creditMinor: 2_751 })).toEqual([
      'customers should have R 27.50 of credit left, but have R 27.51',
    ])
    expect(faultsOf([CASH, CARD, { ...OFF, refundedMinor: 0 }], BOOKS)).toEqual([
      'trip 3 was cancelled, but of R 999.99 only R 0.00 came back',
    ])
  })

  it('[SI8] the median leaves out trips that nobody accepted', () => {
    expect(summarize(RECORDS, 12, BOOKS).medianAcceptMs).toBe(600)
    expect(summarize([record(1, {})], 12, undefined).medianAcceptMs).toBeNull()
    expect(median([9, 1, 5])).toBe(5)
  })

  it('[SI9] a story line has its time and trip, and colours only when asked for', () => {
    const lines: string[] = []
    const paper = { write: (text: string) => lines.push(text) }
    createStory(paper, () => 72_500, false).trip(7, 'delivered', 'good')
    createStory(paper, () => 0, true).trip(7, 'delivered', 'good')
    expect(lines[0]).toBe('[01:12] trip 7   delivered\n')
    expect(lines[1]).toContain('\u001b[32mdelivered')
  })
})
