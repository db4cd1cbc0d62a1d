import { describe, expect, it } from 'vitest'
import { formatRand } from './money.ts'
import { createStory } from './story.ts'
import { isGood, median, newRecord, summarize, summaryLines, type TripRecord } from './summary.ts'

const record = (number: number, change: Partial<TripRecord>): TripRecord => ({
  ...newRecord(number),
  ...change,
})

const RECORDS: TripRecord[] = [
  record(1, {
    outcome: 'completed',
    fareMinor: 41_250,
    cashMinor: 41_250,
    acceptedAfterMs: 500,
    offersRejected: 1,
  }),
  record(2, {
    outcome: 'completed',
    fareMinor: 10_001,
    cashMinor: 10_001,
    acceptedAfterMs: 700,
    offersExpired: 2,
  }),
  record(3, { outcome: 'cancelled', fareMinor: 99_999 }),
]

describe('the summary', () => {
  it('[SI6] counts each trip once, and what has not ended as stuck', () => {
    const summary = summarize([...RECORDS, record(4, { outcome: 'stuck' }), record(5, {})], 12)
    expect(summary).toMatchObject({
      trips: 5,
      completed: 2,
      cancelled: 1,
      stuck: 2,
      offersRejected: 1,
      offersExpired: 2,
    })
  })

  it('[SI7] is good when nothing is stuck and the money agrees', () => {
    const summary = summarize(RECORDS, 12)
    expect(summary).toMatchObject({ cashMinor: 51_251, fareMinor: 51_251 })
    expect(isGood(summary)).toBe(true)
    expect(isGood(summarize([...RECORDS, record(4, { outcome: 'stuck' })], 12))).toBe(false)
  })

  it('[SI7] one missing cent is not good, and is said', () => {
    const short = summarize([record(1, { outcome: 'completed', fareMinor: 100, cashMinor: 99 })], 1)
    expect(isGood(short)).toBe(false)
    expect(summaryLines(short).join('\n')).toContain('NOT THE SAME')
  })

  it('[SI7] cents are shown as rand', () => {
    expect([5, 41_250, 123_456_789].map(formatRand)).toEqual(['R 0.05', 'R 412.50', 'R 1 234 567.89'])
  })

  it('[SI8] the median leaves out trips that nobody accepted', () => {
    expect(summarize(RECORDS, 12).medianAcceptMs).toBe(600)
    expect(summarize([record(1, {})], 12).medianAcceptMs).toBeNull()
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
