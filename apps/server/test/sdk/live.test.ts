import type { LiveEvents, Toota } from '@toota/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at, beforeFarEnd, silent } from './far-live.ts'

const EVENT = { kind: 'trip.changed', data: { tripId: 'a', status: 'accepted', version: 2 } }

/** Numbers of the events as they are told. */
function collect(toota: Toota): number[] {
  const told: number[] = []
  toota.live.on('trip.changed', ({ seq }) => told.push(seq))
  return told
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })

describe('the live client of the SDK', () => {
  afterEach(() => vi.useRealTimers())

  it('[SK20] names the last event after a loss, and tells each once and in order', async () => {
    const { toota, peers } = await beforeFarEnd({ welcome: at(7), device: 'phone' })
    const told = collect(toota)
    await toota.live.connect()
    const token = expect.any(String) as string
    expect(peers[0]?.heard[0]).toMatchObject({ t: 'hello', v: 1, token, device: 'phone' })
    expect(peers[0]?.heard[0]).not.toHaveProperty('resume')
    for (const seq of [7, 8, 9]) peers[0]?.say({ t: 'evt', seq, ...EVENT })
    await until(() => expect(told).toEqual([8, 9]))
    peers[0]?.hangUp()
    await until(() => expect(peers[1]?.heard[0]).toMatchObject({ resume: { epoch: 'e1', seq: 9 } }))
  })

  it('[SK20] passes over a repeat, and asks once per gap over the same connection', async () => {
    const { toota, peers } = await beforeFarEnd()
    const told = collect(toota)
    await toota.live.connect()
    for (const seq of [1, 2, 2, 4, 6]) peers[0]?.say({ t: 'evt', seq, ...EVENT })
    await until(() => expect(peers[0]?.of('resume')).toEqual([{ t: 'resume', seq: 2 }]))
    for (const seq of [3, 4, 5, 6]) peers[0]?.say({ t: 'evt', seq, ...EVENT })
    await until(() => expect(told).toEqual([1, 2, 3, 4, 5, 6]))
    peers[0]?.say({ t: 'evt', seq: 9, ...EVENT })
    await until(() => expect(peers[0]?.of('resume')).toEqual([2, 6].map((seq) => ({ t: 'resume', seq }))))
    expect(peers).toHaveLength(1)
  })

  it('[SK20] comes back anew where asking for a gap does not help', async () => {
    const { toota, peers } = await beforeFarEnd()
    const told = collect(toota)
    await toota.live.connect()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    peers[0]?.say({ t: 'evt', seq: 2, ...EVENT })
    await until(() => expect(peers[0]?.of('resume')).toHaveLength(1))
    vi.advanceTimersByTime(4_900)
    expect(toota.live.state).toBe('open')
    await until(() => expect(peers[1]?.heard[0]).toMatchObject({ resume: { epoch: 'e1', seq: 0 } }))
    for (const seq of [1, 2]) peers[1]?.say({ t: 'evt', seq, ...EVENT })
    await until(() => expect(told).toEqual([1, 2]))
  })

  it('[SK20] is not disturbed by frames it does not know', async () => {
    const { toota, peers } = await beforeFarEnd()
    const told = collect(toota)
    await toota.live.connect()
    for (const frame of ['nonsense', '[]', 'null', { t: 'new' }, { t: 'ping' }]) peers[0]?.say(frame)
    peers[0]?.say({ t: 'evt', seq: 1, ...EVENT })
    await until(() => expect(told).toEqual([1]))
    expect(peers).toHaveLength(1)
  })

  it('[SK21] comes back after 0.5 s, 1 s, 2 s … 30 s at most', async () => {
    const { toota, peers } = await beforeFarEnd({ random: () => 1, welcome: silent })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    toota.live.connect().catch(() => undefined)
    const waits: number[] = []
    for (let n = 0; n < 9; n++) {
      await until(() => expect(peers).toHaveLength(n + 1))
      peers[n]?.hangUp()
      await until(() => expect(toota.live.state).toBe('waiting'))
      let waited = 0
      for (; toota.live.state === 'waiting'; waited += 250) vi.advanceTimersByTime(250)
      waits.push(waited)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('[SK21] a final code stops it and says why; a passing one does not', async () => {
    for (const [code, reason] of [
      [4504, 'not-authenticated'],
      [4506, 'unexpected-answer'],
      [4507, 'too-many-requests'],
      [4505, 'replaced'],
    ] as const) {
      const { toota, peers } = await beforeFarEnd()
      const states: LiveEvents['connection'][] = []
      toota.live.on('connection', (each) => states.push(each))
      await toota.live.connect()
      peers[0]?.close(4003)
      await until(() => expect(peers).toHaveLength(2))
      await until(() => expect(toota.live.state).toBe('open'))
      peers[1]?.close(code)
      await until(() => expect(states.at(-1)).toMatchObject({ state: 'stopped', reason: { code: reason } }))
      expect(states.map(({ state }) => state)).toEqual([
        'connecting',
        'open',
        'waiting',
        'connecting',
        'open',
        'stopped',
      ])
      expect(peers).toHaveLength(2)
    }
  })

  it('[SK21] signing out stops it', async () => {
    const { toota, peers } = await beforeFarEnd()
    await toota.live.connect()
    await toota.account.signOut().catch(() => undefined)
    expect(toota.live.state).toBe('stopped')
    await expect(toota.live.connect()).rejects.toMatchObject({ code: 'not-authenticated' })
    expect(peers).toHaveLength(1)
  })

  it('[SK22] renews a refused token once, then stops', async () => {
    const { toota, peers, refreshes } = await beforeFarEnd({ welcome: silent })
    const connecting = toota.live.connect()
    await until(() => expect(peers[0]?.heard).toHaveLength(1))
    peers[0]?.close(4501)
    await until(() => expect(peers[1]?.heard).toHaveLength(1))
    expect(peers[1]?.heard[0]?.['token']).not.toBe(peers[0]?.heard[0]?.['token'])
    expect(refreshes()).toBe(1)
    peers[1]?.close(4501)
    await expect(connecting).rejects.toMatchObject({ code: 'not-authenticated', status: 401 })
    expect(toota.live.state).toBe('stopped')
  })

  it('[SK23] watches again after a reconnect until the trip is over', async () => {
    const { toota, peers } = await beforeFarEnd()
    toota.live.watch('a')
    const stop = toota.live.watch('b')
    await toota.live.connect()
    expect(toota.live.reportPosition({ latitude: 1, longitude: 2 })).toBe(true)
    stop()
    const place = { t: 'loc', latitude: 1, longitude: 2 }
    const loc = expect.objectContaining(place) as object
    const watches = (on?: boolean) => (tripId: string) => ({
      t: 'watch',
      tripId,
      ...(on === false && { on }),
    })
    await until(() =>
      expect(peers[0]?.heard.slice(1)).toEqual([watches()('a'), watches()('b'), loc, watches(false)('b')]),
    )
    const seen: unknown[] = []
    toota.live.on('position', (position) => seen.push(position))
    peers[0]?.say({ ...place, tripId: 'a', driverId: 'd', at: '2026-01-01T00:00:00Z' })
    await until(() => expect(seen).toMatchObject([{ tripId: 'a', latitude: 1 }]))

    peers[0]?.hangUp()
    await until(() => expect(peers[1]?.of('watch')).toEqual([watches()('a')]))
    peers[1]?.say({ t: 'evt', seq: 1, kind: 'trip.changed', data: { tripId: 'a', status: 'completed' } })
    await toota.live.next('trip.changed')
    peers[1]?.hangUp()
    await until(() => expect(toota.live.reportPosition({ latitude: 3, longitude: 4 })).toBe(true))
    await until(() => expect(peers[2]?.of('loc').at(-1)).toMatchObject({ latitude: 3 }))
    expect(peers[2]?.of('watch')).toEqual([])
  })

  it('[SK24] silence counts as a loss; whatever comes is no silence', async () => {
    const { toota, peers } = await beforeFarEnd()
    await toota.live.connect()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    for (const frame of [{ t: 'pos', seq: 0 }, { t: 'evt', seq: 1, ...EVENT }, { t: 'unheard of' }]) {
      peers[0]?.say(frame)
      await new Promise((resolve) => setImmediate(resolve))
    }
    peers[0]?.say({ t: 'evt', seq: 2, ...EVENT })
    await toota.live.next('trip.changed', ({ seq }) => seq === 2)
    vi.advanceTimersByTime(24_999)
    expect(toota.live.state).toBe('open')
    vi.advanceTimersByTime(1)
    expect(toota.live.state).toBe('waiting')
    vi.advanceTimersByTime(1)
    await until(() => expect(peers).toHaveLength(2))
  })

  it('[SK24] answers the heartbeat, and asks where it knows of more than was told', async () => {
    const { toota, peers } = await beforeFarEnd({ welcome: at(3) })
    await toota.live.connect()
    const serverTime = new Date().toISOString()
    peers[0]?.say({ t: 'pos', seq: 3, serverTime })
    await until(() => expect(peers[0]?.heard.slice(1)).toEqual([{ t: 'ack', seq: 3 }]))
    peers[0]?.say({ t: 'pos', seq: 5, serverTime })
    await until(() => expect(peers[0]?.of('resume')).toEqual([{ t: 'resume', seq: 3 }]))
    expect(peers[0]?.of('ack')).toHaveLength(2)
  })

  it('[SK25] a listener that throws is heard of and disturbs nobody', async () => {
    const { toota, peers } = await beforeFarEnd()
    const uncaught: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error))
    try {
      toota.live.on('trip.changed', () => {
        throw new Error('a mistake of the program')
      })
      const told = collect(toota)
      await toota.live.connect()
      for (const seq of [1, 2]) peers[0]?.say({ t: 'evt', seq, ...EVENT })
      await until(() => expect(told).toEqual([1, 2]))
      await until(() => expect(uncaught).toHaveLength(2))
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const other of others) process.on('uncaughtException', other)
    }
  })
})
