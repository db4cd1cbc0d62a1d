import { MARKETS } from '@toota/contract'
import { describe, expect, it } from 'vitest'
import { easterSunday, isPeak } from './peak.ts'

const NIGHT = { peakFromMinute: 18 * 60, peakToMinute: 6 * 60 }
const OFFSETS = { ZA: '+02:00', NG: '+01:00', KE: '+03:00', GH: '+00:00' } as const

describe('isPeak', () => {
  const borders = [
    ['17:59:59', false],
    ['18:00:00', true],
    ['23:59:59', true],
    ['00:00:00', true],
    ['05:59:59', true],
    ['06:00:00', false],
    ['09:30:00', false],
  ] as const
  it.each(MARKETS.flatMap((market) => borders.map(([time, expected]) => ({ market, time, expected }))))(
    '[PR5] in $market at $time local time: $expected',
    ({ market, time, expected }) => {
      expect(isPeak({ market, ...NIGHT }, new Date(`2026-11-24T${time}${OFFSETS[market]}`))).toBe(expected)
    },
  )

  it('[PR5] the hours are the tariff’s, also within one day', () => {
    const lunch = { market: 'GH', peakFromMinute: 12 * 60, peakToMinute: 13 * 60 + 30 } as const
    const at = (time: string): boolean => isPeak(lunch, new Date(`2026-11-24T${time}Z`))
    expect(['11:59', '12:00', '13:29', '13:30', '23:00'].map(at)).toEqual([false, true, true, false, false])
    const never = { ...lunch, peakToMinute: lunch.peakFromMinute }
    expect(isPeak(never, new Date('2026-11-24T12:00Z'))).toBe(false)
  })

  it.each(['2027-01-01', '2026-12-25', '2026-04-05', '2027-03-28'])(
    '[PR6] %s is peak all day, local',
    (date) => {
      for (const market of MARKETS) {
        const at = (instant: string): boolean =>
          isPeak({ market, ...NIGHT }, new Date(`${instant}${OFFSETS[market]}`))
        expect(at(`${date}T12:00:00`)).toBe(true)
        const before = new Date(new Date(`${date}T12:00:00Z`).getTime() - 86_400_000)
          .toISOString()
          .slice(0, 19)
        const after = new Date(new Date(`${date}T12:00:00Z`).getTime() + 86_400_000)
          .toISOString()
          .slice(0, 19)
        expect([at(before), at(after)]).toEqual([false, false])
      }
    },
  )

  it('[PR6] a festive day begins at local midnight', () => {
    const allButNight = { peakFromMinute: 0, peakToMinute: 0 }
    expect(isPeak({ market: 'KE', ...allButNight }, new Date('2026-12-24T20:59:59Z'))).toBe(false)
    expect(isPeak({ market: 'KE', ...allButNight }, new Date('2026-12-24T21:00:00Z'))).toBe(true)
    expect(isPeak({ market: 'GH', ...allButNight }, new Date('2026-12-24T21:00:00Z'))).toBe(false)
  })

  // As published by the churches, with the earliest and the latest date there is.
  it.each([
    [1818, 3, 22],
    [1943, 4, 25],
    [1961, 4, 2],
    [2000, 4, 23],
    [2008, 3, 23],
    [2024, 3, 31],
    [2025, 4, 20],
    [2026, 4, 5],
    [2027, 3, 28],
    [2038, 4, 25],
    [2049, 4, 18],
  ])('[PR6] Easter Sunday of %i', (year, month, day) => {
    expect(easterSunday(year)).toEqual({ month, day })
  })
})
