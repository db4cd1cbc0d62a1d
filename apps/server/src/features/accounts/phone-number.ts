import type { Market } from '@toota/contract'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/**
 * A typed number as E.164, or undefined when there is no such number. Digits without `+` are read as the market's
 * first and then as international, since the apps ask for "country code, no plus".
 */
export function readPhone(typed: string, market: Market): string | undefined {
  const local = parsePhoneNumberFromString(typed, { defaultCountry: market, extract: false })
  if (local?.isValid()) return local.number
  const digits = typed.replace(/[^0-9]/g, '')
  const international = parsePhoneNumberFromString(`+${digits}`, { extract: false })
  return /[\p{L}+]/u.test(typed) || !international?.isValid() ? undefined : international.number
}
