import { describe, expect, it } from 'vitest'
import { approachOf, type Sample } from './approach.ts'

const NOW = 1_700_000_000_000
const LIMITS = { darkSeconds: 60, windowSeconds: 180, stepMeters: 100, nearMeters: 300 }

/** Distances of one sample a minute, the last one now. */
const minutes = (...meters: number[]): Sample[] =>
  meters.map((each, n) => ({ at: NOW - (meters.length - 1 - n) * 60_000, meters: each }))
const judge = (samples: Sample[], now = NOW) => approachOf(samples, samples.at(-1), now, LIMITS)

describe('on the way to the pickup', () => {
  it.each([
    ['approaching', minutes(9000, 8000, 7000, 6000)],
    ['approaching', minutes(9000, 9200, 9100, 8890)],
    ['stalled', minutes(9000, 9000, 9000, 8950)],
    // What was before the window does not count.
    ['stalled', minutes(5000, 9000, 9000, 9000, 9050)],
    ['retreating', minutes(6000, 6500, 7000, 7500)],
  ] as const)('[LO24] a driver is %s by where he was a window ago', (expected, samples) => {
    expect(judge(samples)).toBe(expected)
  })

  it('[LO24] who was never heard, or not for a while, is dark', () => {
    const samples = minutes(9000, 8000, 7000, 6000)
    expect(approachOf([], undefined, NOW, LIMITS)).toBe('dark')
    expect(judge(samples, NOW + 60_000)).toBe('approaching')
    expect(judge(samples, NOW + 60_001)).toBe('dark')
  })

  it('[LO24] who has only just begun, or is there, is believed', () => {
    expect(judge(minutes(5000, 5000, 5000))).toBe('approaching')
    expect(judge(minutes(250, 250, 260, 290))).toBe('approaching')
  })
})
