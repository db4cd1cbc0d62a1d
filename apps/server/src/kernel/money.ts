import type { Currency } from '@toota/contract'

/** An amount in integer minor units (cents, kobo, pesewas). Never a float. */
export type Money = { readonly amountMinor: number; readonly currency: Currency }

/** The amount in major units, as the classic wire wants it: 12345 → 123.45. */
export const toMajor = (amountMinor: number): number => amountMinor / 100
