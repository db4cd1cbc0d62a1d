import { describe, expect, it } from 'vitest'
import type { Reading } from '../../../kernel/index.ts'
import { cameFirst, judgeFix, judgeLate, NEW_TRACK, type Track, type Verdict } from './fix.ts'

const START = 1_700_000_000_000
const HOUR_MS = 3_600_000

type Heard = Reading & { readonly heard?: number }

/** A reading so many seconds after the start, so many kilometres to the north, heard at once. */
const reading = (seconds: number, km: number, more: Partial<Heard> = {}): Heard => ({
  latitude: -26.2 + km / 111.2,
  longitude: 28.04,
  deviceAt: START + seconds * 1000,
  ...more,
})

/** Judges them one after the other, each heard `heard` seconds after the start or when it was measured. */
function judgeAll(readings: readonly Heard[]): { verdicts: Verdict[]; track: Track } {
  let track = NEW_TRACK
  const verdicts = readings.map(({ heard, ...each }) => {
    const now = heard === undefined ? (each.deviceAt ?? START) : START + heard * 1000
    const judged = judgeFix(track, each, now, 500)
    track = judged.track
    return judged.verdict
  })
  return { verdicts, track }
}
const verdictsOf = (...readings: Heard[]) => judgeAll(readings).verdicts

describe('a reading', () => {
  it('[LO1] that is no place changes nothing', () => {
    for (const [latitude, longitude] of [
      [9999, 28],
      [NaN, 28],
      [-26, Infinity],
      [0, 0],
    ] as const)
      expect(judgeFix(NEW_TRACK, { latitude, longitude }, START, 500)).toMatchObject({
        verdict: 'no-place',
        track: NEW_TRACK,
      })
  })

  it('[LO20] that is not exact enough is no position', () => {
    expect(
      verdictsOf(
        reading(0, 0, { accuracyMeters: 500 }),
        reading(3, 0.1, { accuracyMeters: 501 }),
        reading(6, 0.1),
      ),
    ).toEqual(['live', 'inaccurate', 'live'])
  })

  it('[LO21] is live if it is the newest, by the number within a session of the phone', () => {
    const { verdicts, track } = judgeAll([
      reading(0, 0, { session: 'a', n: 1 }),
      reading(9, 0.3, { session: 'a', n: 4 }),
      reading(3, 0.1, { session: 'a', n: 2, heard: 9 }),
      reading(9, 0.3, { session: 'a', n: 4, heard: 10 }),
      // The phone's clock was set back; its numbers go on.
      reading(-7200, 0.4, { session: 'a', n: 5, heard: 12 }),
      reading(6, 0.2, { session: 'a', n: 3, heard: 300 }),
    ])
    expect(verdicts).toEqual(['live', 'live', 'late', 'duplicate', 'live', 'late'])
    expect(track.live).toMatchObject({ n: 5, at: START + 12_000 })
  })

  it('[LO21] of another session is older or newer by the clock of the phone', () => {
    expect(
      verdictsOf(
        reading(10, 0.5, { session: 'a', n: 900 }),
        reading(20, 0.6, { session: 'b', n: 1 }),
        reading(15, 0.55, { session: 'a', n: 901, heard: 21 }),
        reading(30, 0.7),
        reading(25, 0.6, { heard: 31 }),
        reading(30, 0.7, { heard: 32 }),
        reading(30, 0.71, { heard: 32 }),
      ),
    ).toEqual(['live', 'live', 'late', 'live', 'late', 'duplicate', 'live'])
  })

  it('[LO21] counts in the order in which they come where the phone does not say when', () => {
    const [untimed, n] = [{ deviceAt: undefined }, 1]
    expect(
      verdictsOf(
        reading(0, 0, { ...untimed, n }),
        reading(0, 0, { ...untimed, n }),
        reading(0, 900, untimed),
        reading(5, 900),
        reading(0, 0, untimed),
      ),
    ).toEqual(['live', 'live', 'live', 'live', 'live'])
  })

  it('[LO22] of a clock that is ahead counts when it comes, and moves on with the next', () => {
    const ahead = 2 * HOUR_MS
    const { verdicts, track } = judgeAll([
      { ...reading(0, 0), deviceAt: START + ahead, heard: 0 },
      { ...reading(0, 0.1), deviceAt: START + ahead + 3000, heard: 3 },
      // Back by two hours: right now, and by no means late.
      { ...reading(6, 0.2), heard: 6 },
      { ...reading(0, 40), deviceAt: START + ahead + 9000, heard: 9 },
      { ...reading(0, 0.3), deviceAt: START + 12_000 + 60_000, heard: 12 },
    ])
    expect(verdicts).toEqual(['live', 'live', 'live', 'jump', 'live'])
    expect(track.live?.deviceAt).toBe(START + 72_000)
  })

  it('[LO22] does not count against anybody when it is ours that was set back', () => {
    const { verdicts } = judgeAll([
      reading(7200, 0),
      reading(7203, 0.1, { heard: 3 }),
      reading(7206, 0.2, { heard: 6 }),
    ])
    expect(verdicts).toEqual(['live', 'live', 'live'])
  })

  it('[LO22] of a clock that was set back counts again once he would no longer be shown', () => {
    expect(
      verdictsOf(
        reading(0, 0),
        reading(-7200, 0, { heard: 30 }),
        reading(-7170, 0, { heard: 60 }),
        reading(-7169, 0, { heard: 61 }),
        reading(-7166, 0.1, { heard: 64 }),
      ),
    ).toEqual(['live', 'late', 'late', 'live', 'live'])
  })
})

describe('a jump', () => {
  it('[LO23] is more than 2 km at more than 200 km/h', () => {
    expect(verdictsOf(reading(0, 0), reading(1, 1.99))).toEqual(['live', 'live'])
    expect(verdictsOf(reading(0, 0), reading(1, 2.01))).toEqual(['live', 'jump'])
    expect(verdictsOf(reading(0, 0), reading(360, 19.9))).toEqual(['live', 'live'])
    expect(verdictsOf(reading(0, 0), reading(360, 20.1))).toEqual(['live', 'jump'])
  })

  it('[LO23] is taken back by the next reading at the old place', () => {
    expect(
      verdictsOf(reading(0, 0), reading(3, 50), reading(6, 0.1), reading(9, 50), reading(12, 50.1)),
    ).toEqual(['live', 'jump', 'live', 'jump', 'jump'])
  })

  it('[LO23] is believed at the third reading that agrees, in whichever order they come', () => {
    const [a, b, c] = [reading(3, 50), reading(6, 50.1), reading(9, 50.2)]
    for (const order of [
      [a, b, c],
      [c, a, b],
      [b, c, a],
    ]) {
      const { verdicts, track } = judgeAll([reading(0, 0), ...order.map((each) => ({ ...each, heard: 9 }))])
      expect(verdicts).toEqual(['live', 'jump', 'jump', 'live'])
      expect(track).toMatchObject({ live: c, suspects: [] })
    }
  })

  it('[LO23] does not count twice, nor together with another place', () => {
    const again = reading(3, 50)
    expect(
      verdictsOf(reading(0, 0), again, again, again, reading(6, 90), reading(9, 50), reading(12, 50)),
    ).toEqual(['live', 'jump', 'duplicate', 'duplicate', 'jump', 'jump', 'jump'])
  })

  it('[LO23] back to where he never was is no place of the trail either', () => {
    expect(verdictsOf(reading(0, 0), reading(10, 0.2), reading(5, 80, { heard: 10 }))).toEqual([
      'live',
      'live',
      'jump',
    ])
  })
})

describe('late readings', () => {
  const late = (seconds: number, km: number, more: Partial<Reading> = {}) => ({
    ...reading(seconds, km, more),
    deviceAt: START + seconds * 1000,
  })
  const kept = (live: Reading | undefined, readings: ReturnType<typeof late>[], now = 100) =>
    judgeLate(live && { ...live, at: START }, readings, START + now * 1000, 500).map(({ fix }) => [
      ((fix.deviceAt ?? 0) - START) / 1000,
      fix.n,
    ])

  it('[LO26] are judged by each other and by where he is now', () => {
    const batch = [late(0, 0), late(10, 0.1), late(20, 80), late(30, 0.3), late(30, 0.3), late(40, 0.4)]
    const clean = [0, 10, 30, 40].map((each) => [each, undefined])
    expect(kept(reading(60, 0.5), batch)).toEqual(clean)
    expect(kept(reading(60, 0.5), [late(5, 90), ...batch])).toEqual([...clean])
    expect(kept(undefined, [...batch, late(50, 0.5, { accuracyMeters: 900 })])).toEqual(clean)
  })

  it('[LO26] keep their distance in time when the clock is ahead', () => {
    expect(kept(undefined, [late(7200, 0), late(7230, 0.1), late(7260, 0.2)])).toEqual([
      [40, undefined],
      [70, undefined],
      [100, undefined],
    ])
    expect(kept(undefined, [late(100, 0), late(160, 0.1)])).toEqual([
      [100, undefined],
      [160, undefined],
    ])
  })

  it('[LO26] are taken in the order of their numbers', () => {
    const numbered = [late(30, 0.3, { session: 'a', n: 3 }), late(99, 0.1, { session: 'a', n: 1 })]
    expect([...numbered].sort(cameFirst).map(({ n }) => n)).toEqual([1, 3])
    expect([late(30, 0.3), late(10, 0.1)].sort(cameFirst).map(({ deviceAt }) => deviceAt)).toEqual([
      START + 10_000,
      START + 30_000,
    ])
  })
})
