import type { Json } from './server.ts'

export const BASE_FARES = {
  Motorbike: 50,
  Bakkie: 80,
  '1 ton Truck': 100,
  '1.5 ton Truck': 120,
  '2 ton Truck': 150,
  '4 ton Truck': 200,
  '8 ton Truck': 300,
} as const

/** 1.5 from 18:00 to 06:00 and on three festive days, by the clocks of South Africa. */
export function peakFactor(now = new Date()): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Africa/Johannesburg',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  }).formatToParts(now)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  const [year, month, day, hour] = [part('year'), part('month'), part('day'), part('hour')]
  const isFestive =
    (month === 1 && day === 1) || (month === 12 && day === 25) || easterOf(year) === `${month}-${day}`
  return isFestive || hour >= 18 || hour < 6 ? 1.5 : 1
}

/** Easter Sunday as `month-day`, by the anonymous Gregorian algorithm. */
function easterOf(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return `${Math.floor(f / 31)}-${(f % 31) + 1}`
}

/** Whole minutes of a shown time, as the original read them back. */
export function minutesOf(shown: unknown): number {
  const [, hours = '0', minutes = '0'] = /^(?:(\d+) hours? )?(?:(\d+) min)?/.exec(String(shown)) ?? []
  return Number(hours) * 60 + Number(minutes)
}

/** The least and the most that a quote of this class may cost by what it shows; shown minutes are cut short. */
export function fareRange(
  vehicle: keyof typeof BASE_FARES,
  { distance_km: km, estimated_time: time }: Json,
): { min: number; max: number } {
  const least = BASE_FARES[vehicle] + 10 * (Number(km) - 0.005) + 2 * minutesOf(time)
  const factor = peakFactor()
  return { min: least * factor - 0.01, max: (least + 0.1 + 2) * factor + 0.01 }
}
