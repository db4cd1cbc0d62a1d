import type { Market } from '@toota/contract'

/** How a fare is divided, in minor units; the four parts add up to it. */
export type FareSplit = {
  readonly earningMinor: number
  /** The platform's, without the tax in it and the gateway's fee that it bears: negative where the fee is more. */
  readonly commissionMinor: number
  readonly taxMinor: number
  readonly feeMinor: number
}

/** 100 % = 10,000. `taxBasisPoints` is 0 where the operator is not registered for tax. */
export type Rates = { readonly commissionBasisPoints: number; readonly taxBasisPoints: number }

/**
 * The commission is a share of the fare, tax included: the operator sells the arranging of the transport, and that is what he
 * owes tax on; the transport itself is the driver's business. Halves go up.
 */
export function splitFare(fareMinor: number, feeMinor: number, rates: Rates): FareSplit {
  const grossMinor = shareOf(fareMinor, rates.commissionBasisPoints, 10_000)
  const taxMinor = shareOf(grossMinor, rates.taxBasisPoints, 10_000 + rates.taxBasisPoints)
  return {
    earningMinor: fareMinor - grossMinor,
    commissionMinor: grossMinor - taxMinor - feeMinor,
    taxMinor,
    feeMinor,
  }
}

/** Whole numbers all the way: no fare comes near 2^53 / 10,000. */
const shareOf = (amountMinor: number, part: number, whole: number): number =>
  Math.floor((2 * amountMinor * part + whole) / (2 * whole))

export const ratesOf = (
  settings: {
    readonly commissionBasisPoints: Readonly<Record<Market, number>>
    readonly taxBasisPoints: Readonly<Record<Market, number>>
  },
  market: Market,
): Rates => ({
  commissionBasisPoints: settings.commissionBasisPoints[market],
  taxBasisPoints: settings.taxBasisPoints[market],
})
