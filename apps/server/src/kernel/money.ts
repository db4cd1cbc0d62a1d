import type { Currency } from '@toota/contract'

/** An amount in integer minor units (cents, kobo, pesewas). Never a float. */
export type Money = { readonly amountMinor: number; readonly currency: Currency }

/** A client's amount in major units to the nearest cent; undefined for what is no amount. */
export const toMinor = (amountMajor: number): number | undefined => {
  const amountMinor = Math.round(amountMajor * 100)
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0 ? amountMinor : undefined
}

/** The amount in major units, as the classic wire wants it: 12345 → 123.45. */
export const toMajor = (amountMinor: number): number => amountMinor / 100
