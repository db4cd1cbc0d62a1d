import { afterEach, describe, expect, it, vi } from 'vitest'
import { beforeFarEnd, type Peer } from './far-live.ts'

type TrailFrame = { readonly t: 'trail'; readonly s: string; readonly fixes: { n: number; at: string }[] }

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })
const trailOf = (peer: Peer | undefined): number[] =>
  (peer?.of('trail') as TrailFrame[] | undefined)?.flatMap(({ fixes }) => fixes.map(({ n }) => n)) ?? []
const locsOf = (peer: Peer | undefined): unknown[] | undefined => peer?.of('loc').map(({ n }) => n)

describe('the fixes of the SDK', () => {
  afterEach(() => vi.useRealTimers())

  it('[SK34] a fix carries its number, its time and what the phone knows; what is no place is thrown back', async () => {
    const { toota, peers } = await beforeFarEnd({ now: () => Date.parse('2026-01-01T12:00:00Z') })
    await toota.live.connect()
    const { live } = toota
    const at = '2026-01-01T11:59:58.000Z'
    const place = { latitude: -26.20412345678, longitude: 28.0473 }
    expect(live.reportPosition(place)).toBe(true)
    const known = { accuracyMeters: 4.56, headingDegrees: 271.04, speedMps: 13.94 }
    live.reportPosition({ ...place, at: new Date(at), ...known })
    live.reportPosition({ ...place, accuracyMeters: null, headingDegrees: -1, speedMps: Number.NaN })
    await until(() => expect(peers[0]?.of('loc')).toHaveLength(3))
    const s = expect.any(String) as string
    const base = { t: 'loc', s, latitude: -26.204123, longitude: 28.0473 }
    const now = '2026-01-01T12:00:00.000Z'
    expect(peers[0]?.of('loc')).toEqual([
      { ...base, n: 1, at: now },
      { ...base, n: 2, at, accuracyMeters: 4.6, headingDegrees: 271, speedMps: 13.9 },
      { ...base, n: 3, at: now },
    ])
    expect(() => live.reportPosition({ latitude: 91, longitude: 0 })).toThrow(RangeError)
    expect(() => live.reportPosition({ latitude: Number.NaN, longitude: 0 })).toThrow(RangeError)
  })

  it('[SK34] without a connection fixes are kept, a second apart, and told as a trail; the newest is where he is', async () => {
    let nowMs = Date.parse('2026-01-01T12:00:00Z')
    const { toota, peers } = await beforeFarEnd({ now: () => nowMs })
    for (let n = 0; n < 240; n++, nowMs += 500)
      expect(toota.live.reportPosition({ latitude: 1, longitude: n / 1_000 })).toBe(false)
    await toota.live.connect()
    await until(() => expect(trailOf(peers[0])).toHaveLength(119))
    expect(locsOf(peers[0])).toEqual([239])
    expect(trailOf(peers[0])).toEqual(Array.from({ length: 119 }, (_, index) => 2 * index + 1))
    for (const frame of peers[0]!.of('trail')) expect(JSON.stringify(frame).length).toBeLessThan(16_000)
  })

  it('[SK34] an old fix is no present: it goes to the trail with the others', async () => {
    let nowMs = Date.parse('2026-01-01T12:00:00Z')
    const { toota, peers } = await beforeFarEnd({ now: () => nowMs })
    toota.live.reportPosition({ latitude: 1, longitude: 2 })
    nowMs += 60_000
    await toota.live.connect()
    await until(() => expect(trailOf(peers[0])).toEqual([1]))
    expect(locsOf(peers[0])).toEqual([])
  })

  it('[SK34] what was said to a connection that was dead is told again; what was confirmed is not', async () => {
    const { toota, peers } = await beforeFarEnd()
    const place = { latitude: 1, longitude: 2 }
    await toota.live.connect()
    toota.live.reportPosition(place)
    for (let n = 1; n <= 2; n++) {
      peers[0]?.say({ t: 'pos', seq: 0, serverTime: new Date() })
      await until(() => expect(peers[0]?.of('ack')).toHaveLength(n))
    }
    toota.live.reportPosition(place)
    toota.live.reportPosition(place)
    await until(() => expect(locsOf(peers[0])).toEqual([1, 2, 3]))
    peers[0]?.hangUp()
    await until(() => expect(locsOf(peers[1])).toEqual([3]))
    await until(() => expect(trailOf(peers[1])).toEqual([2]))
  })

  it('[SK35] more often than the server’s pace only the newest fix counts, and it is not lost', async () => {
    let nowMs = Date.parse('2026-01-01T12:00:00Z')
    const { toota, peers } = await beforeFarEnd({ now: () => nowMs, random: () => 0.5 })
    await toota.live.connect()
    peers[0]?.say({ t: 'pace', everySeconds: 4, why: 'moving' })
    expect(await toota.live.next('pace')).toMatchObject({ everySeconds: 4, why: 'moving' })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (let n = 0; n < 4; n++, nowMs += 500) toota.live.reportPosition({ latitude: 1, longitude: 2 })
    await until(() => expect(locsOf(peers[0])).toEqual([1]))
    nowMs += 2_000
    vi.advanceTimersByTime(4_000)
    await until(() => expect(locsOf(peers[0])).toEqual([1, 4]))
    toota.live.reportPosition({ latitude: 1, longitude: 2 })
    nowMs += 1_000
    // He comes near: a fix that waits is due earlier.
    peers[0]?.say({ t: 'pace', everySeconds: 1, why: 'near-pickup' })
    await until(() => expect(locsOf(peers[0])).toEqual([1, 4, 5]))
    vi.useRealTimers()
    peers[0]?.say({ t: 'pace', everySeconds: 30, why: 'idle' })
    await toota.live.next('pace')
    peers[0]?.hangUp()
    await until(() => expect(toota.live.state).not.toBe('open'))
    nowMs += 2_000
    expect(toota.live.reportPosition({ latitude: 1, longitude: 2 })).toBe(false)
    await until(() => expect(locsOf(peers[1])).toEqual([6]))
  })
})
