/** Longer texts are no amounts, and would cost time to look at. */
const LONGEST = 40
const DECIMAL = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/
/** Up to here every amount of two decimals is a JSON number that reads back as itself; beyond, the last digits may be lost. */
const LARGEST_MINOR = 999_999_999_999_99

/**
 * An amount in major units, as JSON has it, in minor ones: `123.45`, `"123.4"` and `1e3` are 12345, 12340 and 100000. Digit by
 * digit, since 1.15 × 100 is 114.99… in floats. Undefined for what is none, is negative, has more than two
 * decimals or more digits than a JSON number keeps.
 */
export function minorOf(major: string | number): number | undefined {
  const hundredths = digitsOf(major)
  return hundredths === undefined || /[1-9]/.test(hundredths.rest) ? undefined : safely(hundredths.whole)
}

/** The same, but a part of a minor unit counts as one: fees are told with three decimals. */
export function minorRoundedUp(major: string | number): number | undefined {
  const hundredths = digitsOf(major)
  return hundredths && safely(hundredths.whole + (/[1-9]/.test(hundredths.rest) ? 1n : 0n))
}

/**
 * Minor units in major ones, as a number that JSON spells exactly: 12345 → 123.45.
 * @throws RangeError for what is no amount
 */
export function majorOf(amountMinor: number): number {
  if (!Number.isInteger(amountMinor) || amountMinor < 0 || amountMinor > LARGEST_MINOR)
    throw new RangeError(`${amountMinor} is no amount in minor units`)
  const cents = String(amountMinor % 100).padStart(2, '0')
  return Number(`${Math.floor(amountMinor / 100)}.${cents}`)
}

/** The amount in hundredths, and the digits behind them. */
function digitsOf(major: string | number): { whole: bigint; rest: string } | undefined {
  const text = String(major).trim()
  const [, units, decimals = '', exponent = '0'] = text.length > LONGEST ? [] : (DECIMAL.exec(text) ?? [])
  if (units === undefined) return undefined
  const digits = units + decimals
  const end = units.length + Number(exponent) + 2
  if (end < 0) return { whole: 0n, rest: digits }
  return { whole: BigInt(digits.slice(0, end).padEnd(end, '0') || '0'), rest: digits.slice(end) }
}

const safely = (minor: bigint): number | undefined =>
  minor <= BigInt(LARGEST_MINOR) ? Number(minor) : undefined
