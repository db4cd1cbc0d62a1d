import { describe, expect, it } from 'vitest'
import { isPersonName, readPhone } from './index.ts'

describe('names', () => {
  it.each([
    'Thandi',
    'van der Merwe',
    "O'Neil",
    'O’Neil',
    'Anne-Marie',
    'Nneké',
    'Ọláyínká',
    'አበበ',
    'N',
    'नरेन्द्र',
  ])('[AC51] takes %s', (name) => expect(isPersonName(name)).toBe(true))
  it.each(['', ' ', '-', '4x4', 'R2D2', 'a_b', '<b>', 'a\nb', 'Robert; drop', 'a@b', '😀'])(
    '[AC51] refuses %j',
    (name) => expect(isPersonName(name)).toBe(false),
  )
  it('[AC51] is quick with long nonsense', () => {
    const before = performance.now()
    expect(isPersonName(`${'a '.repeat(50_000)}!`)).toBe(false)
    expect(performance.now() - before).toBeLessThan(1000)
  })
})

describe('phone numbers', () => {
  it.each([
    ['+27821234567', '+27821234567'],
    ['27821234567', '+27821234567'],
    ['082 123 4567', '+27821234567'],
    ['(082) 123-4567', '+27821234567'],
    ['2348031234567', '+2348031234567'],
    ['254712345678', '+254712345678'],
    ['+233 24 123 4567', '+233241234567'],
  ])('[AC50] reads %s as %s', (typed, expected) => expect(readPhone(typed, 'ZA')).toBe(expected))

  it.each(['2340000', '12', 'abc', '+27', '+999821234567', '0821234567 or ask', '<script>', ''])(
    '[AC50] refuses %j',
    (typed) => expect(readPhone(typed, 'ZA')).toBeUndefined(),
  )
})
