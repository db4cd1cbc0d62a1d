import { MARKETS } from '@toota/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ratesOf, splitFare } from './fare-split.ts'

const fare = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  // Up to a hundred million of the major unit.
  fc.integer({ min: 0, max: 10_000_000_000 }),
)
const fee = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 }))
const rates = fc.record({
  commissionBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  taxBasisPoints: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000 })),
})

/** The nearest whole number to part/whole of an amount, halves up, in whole numbers of any size. */
const share = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)))

describe('the division of a fare', () => {
  it('[LG5] adds up to the fare, whatever the fare, the fee and the rates', () => {
    fc.assert(
      fc.property(fare, fee, rates, (fareMinor, feeMinor, each) => {
        const { earningMinor, commissionMinor, taxMinor, ...rest } = splitFare(fareMinor, feeMinor, each)
        expect(rest).toEqual({ feeMinor })
        expect(earningMinor + commissionMinor + taxMinor + feeMinor).toBe(fareMinor)
        for (const part of [earningMinor, commissionMinor, taxMinor])
          expect(Number.isSafeInteger(part)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('[LG5] gives the driver what is left of the exact commission, and tax its exact part of it', () => {
    fc.assert(
      fc.property(fare, fee, rates, (fareMinor, feeMinor, each) => {
        const split = splitFare(fareMinor, feeMinor, each)
        const gross = share(fareMinor, each.commissionBasisPoints, 10_000)
        expect(split.earningMinor).toBe(fareMinor - gross)
        expect(split.taxMinor).toBe(share(gross, each.taxBasisPoints, 10_000 + each.taxBasisPoints))
      }),
      { numRuns: 2_000 },
    )
  })

  it('[LG5] is never negative for driver and tax; only the fee can eat up the commission', () => {
    fc.assert(
      fc.property(fare, fee, rates, (fareMinor, feeMinor, each) => {
        const { earningMinor, commissionMinor, taxMinor } = splitFare(fareMinor, feeMinor, each)
        expect(earningMinor).toBeGreaterThanOrEqual(0)
        expect(taxMinor).toBeGreaterThanOrEqual(0)
        expect(commissionMinor).toBeGreaterThanOrEqual(-feeMinor)
      }),
    )
  })

  it("[LG5] does not depend on the gateway's fee for driver and tax", () => {
    fc.assert(
      fc.property(fare, fee, rates, (fareMinor, feeMinor, each) => {
        const [withFee, without] = [splitFare(fareMinor, feeMinor, each), splitFare(fareMinor, 0, each)]
        expect([withFee.earningMinor, withFee.taxMinor]).toEqual([without.earningMinor, without.taxMinor])
        expect(withFee.commissionMinor).toBe(without.commissionMinor - feeMinor)
      }),
    )
  })

  it('[LG5] grows with the fare for everybody', () => {
    fc.assert(
      fc.property(fare, fc.integer({ min: 0, max: 1_000_000 }), rates, (fareMinor, more, each) => {
        const [small, large] = [splitFare(fareMinor, 0, each), splitFare(fareMinor + more, 0, each)]
        expect(large.earningMinor).toBeGreaterThanOrEqual(small.earningMinor)
        expect(large.commissionMinor + large.taxMinor).toBeGreaterThanOrEqual(
          small.commissionMinor + small.taxMinor,
        )
      }),
    )
  })

  it.each([
    // 20 % of 100.00, VAT of 15 % within.
    { of: [10_000, 0, 2_000, 1_500], is: [8_000, 1_739, 261] },
    { of: [10_000, 150, 2_000, 1_500], is: [8_000, 1_589, 261] },
    { of: [10_000, 0, 2_000, 0], is: [8_000, 2_000, 0] },
    // Halves go up: 12.5 % of 4 is 0.5.
    { of: [4, 0, 1_250, 0], is: [3, 1, 0] },
    { of: [1, 0, 4_999, 0], is: [1, 0, 0] },
    { of: [1, 0, 5_000, 0], is: [0, 1, 0] },
    // The fee is more than the commission: the operator's loss, not the driver's.
    { of: [1_000, 300, 1_000, 1_500], is: [900, -213, 13] },
    { of: [0, 0, 2_000, 1_500], is: [0, 0, 0] },
    { of: [1_000, 0, 0, 1_500], is: [1_000, 0, 0] },
    { of: [1_000, 0, 10_000, 0], is: [0, 1_000, 0] },
  ] as const)('[LG5] of $of is $is', ({ of, is }) => {
    const [fareMinor, feeMinor, commissionBasisPoints, taxBasisPoints] = of
    const split = splitFare(fareMinor, feeMinor, { commissionBasisPoints, taxBasisPoints })
    expect([split.earningMinor, split.commissionMinor, split.taxMinor]).toEqual(is)
  })

  it('[LG5] takes the rates of the market', () => {
    const commissionBasisPoints = { ZA: 1, NG: 2, KE: 3, GH: 4 }
    const taxBasisPoints = { ZA: 5, NG: 6, KE: 7, GH: 8 }
    expect(MARKETS.map((market) => ratesOf({ commissionBasisPoints, taxBasisPoints }, market))).toEqual([
      { commissionBasisPoints: 1, taxBasisPoints: 5 },
      { commissionBasisPoints: 2, taxBasisPoints: 6 },
      { commissionBasisPoints: 3, taxBasisPoints: 7 },
      { commissionBasisPoints: 4, taxBasisPoints: 8 },
    ])
  })
})
