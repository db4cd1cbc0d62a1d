import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newId, type CustomerId, type DriverId } from '../../../kernel/index.ts'
import { compact, difference, type Account, type Entry } from './posting.ts'

const customer = newId<CustomerId>()
const ACCOUNTS: readonly Account[] = [
  { kind: 'held', owner: customer },
  { kind: 'credit', owner: customer },
  { kind: 'driver', owner: newId<DriverId>() },
  { kind: 'driver', owner: newId<DriverId>() },
  { kind: 'clearing', owner: 'office' },
  { kind: 'commission', owner: 'ZA' },
]
const entries = fc.array(
  fc.record({
    account: fc.constantFrom(...ACCOUNTS),
    amountMinor: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  }),
  { maxLength: 12 },
)
const sumOf = (list: readonly Entry[], account?: Account): number =>
  list
    .filter((entry) => account === undefined || entry.account === account)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)

it('[LG1] entries of one account are one entry, those of nothing are none, and no sum changes', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const booked = compact(list)
      expect(new Set(booked.map(({ account }) => account)).size).toBe(booked.length)
      expect(booked.every(({ amountMinor }) => amountMinor !== 0)).toBe(true)
      for (const account of ACCOUNTS) expect(sumOf(booked, account)).toBe(sumOf(list, account))
    }),
  )
})

it('[LG2] what was booked and its correction are what should have been booked', () => {
  fc.assert(
    fc.property(entries, entries, (booked, right) => {
      const correction = difference(booked, right)
      for (const account of ACCOUNTS)
        expect(sumOf(booked, account) + sumOf(correction, account)).toBe(sumOf(right, account))
      expect(difference(right, right)).toEqual([])
    }),
  )
})
