import type { Money } from '../../../kernel/index.ts'
import { displayedSeconds } from './duration.ts'
import type { Tariff } from './tariff.ts'

/** The distance as customers read it, in hundredths of a kilometre, half up. Takes whole metres. */
const displayedHundredths = (distanceMeters: number): number => Math.floor((distanceMeters + 5) / 10)

/** The distance as customers read it: two decimals. */
export const displayedKilometers = (distanceMeters: number): number =>
  displayedHundredths(distanceMeters) / 100

/** A way as measured: whole metres and seconds. */
export type Travel = { readonly distanceMeters: number; readonly durationSeconds: number }

/**
 * Base + distance + time as displayed, × the peak percentage at peak. Exact until the one rounding at the end,
 * half up to the minor unit.
 */
export function fareOf(tariff: Tariff, { distanceMeters, durationSeconds }: Travel, isPeak: boolean): Money {
  const percent = isPeak ? tariff.peakPercent : 100
  // Minor units × 6000: the least that makes hundredths of a kilometre and sixtieths of a minute whole.
  const sum =
    BigInt(tariff.baseMinor) * 6000n +
    BigInt(tariff.perKilometerMinor) * BigInt(displayedHundredths(distanceMeters)) * 60n +
    BigInt(tariff.perMinuteMinor) * BigInt(displayedSeconds(durationSeconds)) * 100n
  const amountMinor = divideHalfUp(sum * BigInt(percent), 6000n * 100n)
  return { amountMinor: Number(amountMinor), currency: tariff.currency }
}

/** For amounts that are never negative. */
const divideHalfUp = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor)
