import type { Market } from '@toota/contract'
import type { Tariff } from './tariff.ts'

/** None of the markets changes its clocks in summer. */
const UTC_OFFSET_HOURS: Readonly<Record<Market, number>> = { ZA: 2, NG: 1, KE: 3, GH: 0 }

/** By the market's own clock: in the tariff's daily hours, or all day on the three festive days. */
export function isPeak(
  { market, peakFromMinute, peakToMinute }: Pick<Tariff, 'market' | 'peakFromMinute' | 'peakToMinute'>,
  now: Date,
): boolean {
  const local = new Date(now.getTime() + UTC_OFFSET_HOURS[market] * 3_600_000)
  if (isFestive(local)) return true
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  return peakFromMinute <= peakToMinute
    ? minute >= peakFromMinute && minute < peakToMinute
    : minute >= peakFromMinute || minute < peakToMinute
}

function isFestive(local: Date): boolean {
  const month = local.getUTCMonth() + 1
  const day = local.getUTCDate()
  const easter = easterSunday(local.getUTCFullYear())
  return (
    (month === 1 && day === 1) ||
    (month === 12 && day === 25) ||
    (month === easter.month && day === easter.day)
  )
}

/** The Gregorian rule in the form of Meeus, Jones and Butcher, with their letters. */
export function easterSunday(year: number): { month: number; day: number } {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return { month: Math.floor(n / 31), day: (n % 31) + 1 }
}
