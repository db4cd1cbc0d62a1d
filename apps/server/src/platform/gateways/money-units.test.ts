import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { majorOf, minorOf, minorRoundedUp } from './money-units.ts'

describe('amounts in major units', () => {
  it.each([
    [123.45, 12_345],
    ['123.45', 12_345],
    ['123.4', 12_340],
    ['123', 12_300],
    [123, 12_300],
    ['1e3', 100_000],
    ['1.5E+2', 15_000],
    ['12345e-2', 12_345],
    ['0.01', 1],
    ['100.0000', 10_000],
    // 115 in floats: 114.99999999999999.
    [1.15, 115],
    [0, 0],
    ['1e-1', 10],
    [999_999_999_999.99, 99_999_999_999_999],
  ])('[GW9] %o are %i cents', (major, minor) => {
    expect(minorOf(major)).toBe(minor)
  })

  it.each([
    ...[NaN, Infinity, -1, 1e21, 0.1 + 0.2],
    ...['', ' ', 'NaN', '-1', '+1', '1.234', '1,000.00', '1.', '.5', '0x10', '1e99', '9e15', '1'.repeat(41)],
  ])('[GW9] %o is no amount', (major) => {
    expect(minorOf(major)).toBeUndefined()
  })

  it('[GW9] every amount comes back as it went, in JSON too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (minor) => {
        expect(minorOf(majorOf(minor))).toBe(minor)
        expect(minorOf(JSON.parse(JSON.stringify(majorOf(minor))) as number)).toBe(minor)
      }),
    )
    for (const none of [-1, 0.5, NaN, 100_000_000_000_000]) expect(() => majorOf(none)).toThrow(RangeError)
  })

  it('[GW9] a fee of three decimals is rounded up', () => {
    expect([26.875, 26.87, '0.001', 0].map(minorRoundedUp)).toEqual([2_688, 2_687, 1, 0])
    expect([-1, 'x', NaN].map(minorRoundedUp)).toEqual([undefined, undefined, undefined])
  })
})
