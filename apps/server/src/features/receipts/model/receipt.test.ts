import { CURRENCIES, MARKETS, PAYMENT_METHODS } from '@toota/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type DriverId, type TripId } from '../../../kernel/index.ts'
import { splitFare } from '../../payments/model/fare-split.ts'
import { fillIn } from './receipt-form.ts'
import { linesOf, paymentsOf, receiptOf, type NumberedSettlement } from './receipt.ts'

const SETTLED: NumberedSettlement = {
  tripId: newId<TripId>(),
  market: 'ZA',
  currency: 'ZAR',
  customerId: newId<CustomerId>(),
  driverId: newId<DriverId>(),
  method: 'card',
  fareMinor: 123_450,
  earningMinor: 98_760,
  commissionMinor: 17_889,
  taxMinor: 3_220,
  feeMinor: 3_581,
  taxBasisPoints: 1_500,
  creditMinor: 20_000,
  settledAt: new Date('2026-11-25T22:05:00Z'),
  number: 123,
  issuedAt: new Date('2026-11-25T22:05:03Z'),
  facts: {
    company: { name: 'Toota', address: '12 Long Street, Cape Town', taxNumber: '4123456789' },
    customerName: 'Thandi Nkosi',
    driverName: 'Dumisani Mkhize',
    vehicleRegistration: 'CA 123-456',
  },
}
const TRIP = {
  vehicleClass: 'bakkie',
  pickup: { address: '1 Commissioner Street' },
  destination: { address: '5 Rivonia Road' },
  distanceMeters: 14_032,
  loadDescription: 'two sofas',
} as const

const IN = {
  ZA: SETTLED,
  NG: { ...SETTLED, market: 'NG', currency: 'NGN', taxBasisPoints: 750 },
  KE: { ...SETTLED, market: 'KE', currency: 'KES', taxBasisPoints: 1_600 },
  GH: { ...SETTLED, market: 'GH', currency: 'GHS', taxBasisPoints: 2_000 },
} as const satisfies Record<string, NumberedSettlement>
const formOf = (settlement: NumberedSettlement) => fillIn(receiptOf(settlement, TRIP))
const untaxed = <T extends NumberedSettlement>(settlement: T) => ({
  ...settlement,
  taxBasisPoints: 0,
  taxMinor: 0,
  commissionMinor: settlement.commissionMinor + settlement.taxMinor,
})
const sum = (list: readonly { readonly amountMinor: number }[]) =>
  list.reduce((total, { amountMinor }) => total + amountMinor, 0)

describe('lines', () => {
  it('[RC1] add up to the fare, as do the payments, whatever the fare, fee, credit and rates', () => {
    const settlements = fc
      .record({
        fareMinor: fc.integer({ min: 0, max: 1_000_000_000 }),
        fee: fc.integer({ min: 0, max: 10_000 }),
        credit: fc.integer({ min: 0, max: 10_000 }),
        commissionBasisPoints: fc.integer({ min: 0, max: 10_000 }),
        taxBasisPoints: fc.integer({ min: 0, max: 5_000 }),
        market: fc.constantFrom(...MARKETS),
        currency: fc.constantFrom(...CURRENCIES),
        method: fc.constantFrom(...PAYMENT_METHODS),
      })
      .map(({ fee, credit, commissionBasisPoints, ...parts }): NumberedSettlement => {
        const partOf = (share: number) => Math.floor((parts.fareMinor * share) / 10_000)
        const split = splitFare(parts.fareMinor, partOf(fee), {
          commissionBasisPoints,
          taxBasisPoints: parts.taxBasisPoints,
        })
        return { ...SETTLED, ...parts, ...split, creditMinor: partOf(credit) }
      })
    fc.assert(
      fc.property(settlements, (settlement) => {
        const receipt = receiptOf(settlement, TRIP)
        expect(sum(receipt.lines)).toBe(settlement.fareMinor)
        expect(sum(receipt.payments)).toBe(settlement.fareMinor)
        expect(receipt.totalMinor).toBe(settlement.fareMinor)
        // A gateway's fee over the commission is the operator's loss, not a negative line.
        expect(Math.min(...receipt.lines.map(({ amountMinor }) => amountMinor))).toBeGreaterThanOrEqual(0)
        const [first] = receipt.payments
        expect(first?.by).toBe(settlement.creditMinor > 0 ? 'credit' : settlement.method)
      }),
      { numRuns: 1_000 },
    )
  })

  it('[RC1] credit that pays all, and a fare of nothing, have one payment', () => {
    expect(paymentsOf({ ...SETTLED, creditMinor: 123_450 })).toEqual([{ by: 'credit', amountMinor: 123_450 }])
    expect(paymentsOf({ ...SETTLED, fareMinor: 0, creditMinor: 0 })).toEqual([{ by: 'card', amountMinor: 0 }])
  })

  it('[RC2] are transport, service fee with the gateway’s fee in it, and tax', () => {
    expect(linesOf(SETTLED)).toEqual([
      { kind: 'transport', label: 'Transport by the driver', amountMinor: 98_760 },
      { kind: 'service', label: 'Service fee', amountMinor: 21_470 },
      { kind: 'tax', label: 'VAT 15 %', amountMinor: 3_220 },
    ])
  })

  it('[RC2] [RC3] name the tax as the market does, or say that there is none', () => {
    const taxLine = (settlement: NumberedSettlement) => linesOf(settlement)[2]?.label
    expect(MARKETS.map((market) => taxLine(IN[market]))).toEqual([
      'VAT 15 %',
      'VAT 7.5 %',
      'VAT 16 %',
      'VAT, NHIL and GETFund 20 %',
    ])
    for (const market of MARKETS) {
      const form = formOf(untaxed(IN[market]))
      expect(linesOf(untaxed(IN[market]))[2]).toMatchObject({ label: 'VAT: not registered', amountMinor: 0 })
      expect(form.heading).toBe('Receipt')
      expect(form.note).not.toContain('Tax')
    }
  })
})

describe('the form', () => {
  it('[RC3] is a tax invoice, with our number, only where we have one', () => {
    expect(formOf(SETTLED)).toMatchObject({
      heading: 'Tax invoice',
      companyLines: ['12 Long Street, Cape Town', 'VAT number 4123456789'],
    })
    const { company } = SETTLED.facts
    const without = { ...SETTLED.facts, company: { ...company, taxNumber: null } }
    expect(formOf({ ...SETTLED, facts: without })).toMatchObject({
      heading: 'Receipt',
      companyLines: ['12 Long Street, Cape Town'],
    })
  })

  it('[RC9] has the amounts, the dates and the time of day of its market', () => {
    const plain = (text: string) => text.replace(/\s/g, ' ')
    const seen = MARKETS.map((market) => {
      const form = formOf(IN[market])
      return [form.number, form.total[1], form.issuedOn, form.facts[1]?.[1] ?? ''].map(plain)
    })
    expect(seen).toEqual([
      [
        'ZA-000123',
        expect.stringMatching(/^R 1[ ,]234[,.]50$/),
        '26 November 2026',
        '26 November 2026 at 00:05',
      ],
      ['NG-000123', '₦1,234.50', '25 November 2026', '25 November 2026 at 23:05'],
      ['KE-000123', 'Ksh 1,234.50', '26 November 2026', '26 November 2026 at 01:05'],
      ['GH-000123', 'GH₵1,234.50', '25 November 2026', '25 November 2026 at 10:05 pm'],
    ])
    expect(formOf({ ...SETTLED, number: 12_345_678 }).number).toBe('ZA-12345678')
  })

  it('[RC10] takes line breaks and signs that turn the writing out of what people typed', () => {
    const trip = { ...TRIP, loadDescription: ` two\r\nsofas \u202Eesrever\u0000 ${'x'.repeat(500)}` }
    const load = fillIn(receiptOf(SETTLED, trip)).facts.find(([label]) => label === 'Load')?.[1]
    expect(load).toMatch(/^two sofas esrever x+…$/)
    expect(load).toHaveLength(201)
  })
})
