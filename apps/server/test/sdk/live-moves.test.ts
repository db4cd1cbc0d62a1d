import type { LiveEvents, Toota } from '@toota/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at, beforeFarEnd, silent, type Frame } from './far-live.ts'

const EVENT = { t: 'evt', kind: 'trip.changed', data: { tripId: 'a', status: 'accepted', version: 2 } }

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })

function collect(toota: Toota): { told: number[]; states: string[] } {
  const told: number[] = []
  const states: string[] = []
  toota.live.on('event', ({ seq }) => told.push(seq))
  toota.live.on('connection', ({ state }) => states.push(state))
  return { told, states }
}

/** What a browser's page would say of its network, said to this program. */
function browser(): { online: () => void; shown: () => void } {
  const window = new EventTarget()
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
  vi.stubGlobal('document', page)
  return {
    online: () => window.dispatchEvent(new Event('online')),
    shown: () => page.dispatchEvent(new Event('visibilitychange')),
  }
}

describe('the live client of the SDK, when it moves', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('[SK27] a drained connection is left at a moment of chance, and not before the next one is open', async () => {
    const { toota, peers } = await beforeFarEnd({ random: () => 0.5 })
    const { told, states } = collect(toota)
    const drains: LiveEvents['drain'][] = []
    toota.live.on('drain', (drain) => drains.push(drain))
    await toota.live.connect()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    peers[0]?.say({ t: 'drain', afterMs: 8_000 })
    await until(() => expect(drains).toMatchObject([{ afterMs: 8_000 }]))
    vi.advanceTimersByTime(3_800)
    peers[0]?.say({ ...EVENT, seq: 1 })
    await until(() => expect(told).toEqual([1]))
    expect(peers).toHaveLength(1)
    vi.advanceTimersByTime(200)
    await until(() => expect(peers[1]?.heard[0]).toMatchObject({ resume: { epoch: 'e1', seq: 1 } }))
    await until(() => expect(peers[0]?.closedBy()).toBe(1000))
    for (const seq of [1, 2]) peers[1]?.say({ ...EVENT, seq })
    await until(() => expect(told).toEqual([1, 2]))
    expect(states).toEqual(['connecting', 'open'])
  })

  it('[SK27] the server closes the old one, as drained or as replaced: the new one is on its way', async () => {
    for (const code of [4001, 4505]) {
      let isWelcome = true
      const { toota, peers } = await beforeFarEnd({ welcome: () => (isWelcome ? { seq: 0 } : undefined) })
      const { states } = collect(toota)
      await toota.live.connect()
      isWelcome = false
      peers[0]?.say({ t: 'drain', afterMs: 0 })
      await until(() => expect(peers[1]?.of('hello')).toHaveLength(1))
      peers[0]?.close(code)
      await until(() => expect(toota.live.state).toBe('connecting'))
      peers[1]?.say({ t: 'welcome', epoch: 'e1', seq: 0, recovered: true, serverTime: new Date() })
      await until(() => expect(toota.live.state).toBe('open'))
      expect(states).toEqual(['connecting', 'open', 'connecting', 'open'])
      expect(peers).toHaveLength(2)
    }
  })

  it('[SK27] a server that dies while it drains is left at the moment that was drawn', async () => {
    const { toota, peers } = await beforeFarEnd({ random: () => 0.5 })
    await toota.live.connect()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    peers[0]?.say({ t: 'drain', afterMs: 100_000 })
    await toota.live.next('drain')
    peers[0]?.hangUp()
    await until(() => expect(toota.live.state).toBe('waiting'))
    vi.advanceTimersByTime(45_000)
    expect(toota.live.state).toBe('waiting')
    vi.advanceTimersByTime(5_000)
    await until(() => expect(toota.live.state).toBe('open'))
    expect(peers).toHaveLength(2)
  })

  it('[SK28] another network: at once over a new connection, whatever the old one seems to be', async () => {
    const { toota, peers } = await beforeFarEnd()
    const { states } = collect(toota)
    await toota.live.connect()
    toota.live.networkChanged()
    toota.live.networkChanged()
    await until(() => expect(peers[0]?.closedBy()).toBe(1000))
    expect(peers).toHaveLength(2)
    expect(states).toEqual(['connecting', 'open'])
  })

  it('[SK28] another network ends the wait of a back-off', async () => {
    const { toota, peers } = await beforeFarEnd({ random: () => 0.999 })
    await toota.live.connect()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    peers[0]?.hangUp()
    await new Promise<void>((resolve) => toota.live.on('connection', () => resolve()))
    expect(toota.live.state).toBe('waiting')
    toota.live.networkChanged()
    expect(toota.live.state).toBe('connecting')
    await until(() => expect(toota.live.state).toBe('open'))
  })

  it('[SK28] a device that slept looks whether its connection still lives, at most five seconds later', async () => {
    let nowMs = Date.now()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { toota, peers } = await beforeFarEnd({ now: () => nowMs })
    await toota.live.connect()
    nowMs += 5_000
    vi.advanceTimersByTime(5_000)
    expect(peers).toHaveLength(1)
    nowMs += 3_600_000
    vi.advanceTimersByTime(5_000)
    await until(() => expect(peers[0]?.closedBy()).toBe(1000))
    expect(peers).toHaveLength(2)
    expect(toota.live.state).toBe('open')
  })

  it('[SK28] a page hears of its network, and looks when it is shown again', async () => {
    const { online, shown } = browser()
    let nowMs = Date.now()
    const { toota, peers } = await beforeFarEnd({ now: () => nowMs })
    await toota.live.connect()
    shown()
    expect(toota.live.state).toBe('open')
    nowMs += 13_000
    shown()
    await until(() => expect(peers[0]?.closedBy()).toBe(1000))
    nowMs += 1_000
    online()
    await until(() => expect(peers[1]?.closedBy()).toBe(1000))
    expect(peers).toHaveLength(3)
    toota.live.close()
    online()
    expect(toota.live.state).toBe('stopped')
  })

  it('[SK29] the token is renewed over the open connection when the server asks', async () => {
    const { toota, peers, refreshes } = await beforeFarEnd()
    await toota.live.connect()
    peers[0]?.say({ t: 'auth-required', by: new Date() })
    await until(() => expect(peers[0]?.of('auth')).toHaveLength(1))
    const [hello, auth] = [peers[0]?.heard[0], peers[0]?.of('auth')[0]]
    expect(auth?.['token']).not.toBe(hello?.['token'])
    expect(refreshes()).toBe(1)
    expect(peers).toHaveLength(1)
  })

  it('[SK29] a connection that was closed for its token comes back with another, however often', async () => {
    const { toota, peers, refreshes } = await beforeFarEnd()
    await toota.live.connect()
    for (let n = 0; n < 3; n++) {
      peers[n]?.close(4005)
      await until(() => expect(peers).toHaveLength(n + 2))
      await until(() => expect(toota.live.state).toBe('open'))
    }
    expect(refreshes()).toBe(3)
    expect(new Set(peers.map(({ heard }) => heard[0]?.['token'])).size).toBe(4)
  })

  it('[SK21] a slow network is no reason to stop, until it has been five times', async () => {
    const { toota, peers } = await beforeFarEnd({ welcome: silent })
    const connecting = toota.live.connect()
    for (let n = 0; n < 6; n++) {
      await until(() => expect(peers[n]?.heard).toHaveLength(1))
      peers[n]?.close(4502)
    }
    await expect(connecting).rejects.toMatchObject({ code: 'unexpected-answer' })
    expect(peers).toHaveLength(6)
  })

  it('[SK26] a snapshot is told before what follows it, and events before it belong to nobody', async () => {
    const state = { trips: [], offers: [] }
    const { toota, peers } = await beforeFarEnd({ welcome: at(4) })
    const order: unknown[] = []
    toota.live.on('snapshot', ({ epoch, seq, reason }) => order.push([epoch, seq, reason]))
    toota.live.on('event', ({ seq }) => order.push(seq))
    await toota.live.connect()
    peers[0]?.say({ ...EVENT, seq: 5 })
    peers[0]?.say({ t: 'reset', reason: 'too-far' })
    peers[0]?.say({ ...EVENT, seq: 6 })
    peers[0]?.say({ t: 'snapshot', epoch: 'e2', seq: 2, state })
    for (const seq of [2, 3]) peers[0]?.say({ ...EVENT, seq })
    await until(() => expect(order).toEqual([5, ['e2', 2, 'too-far'], 3]))
    expect(toota.live.position).toEqual({ epoch: 'e2', seq: 3 })
    peers[0]?.hangUp()
    await until(() => expect(peers[1]?.heard[0]).toMatchObject({ resume: { epoch: 'e2', seq: 3 } }))
  })

  it('[SK26] asked for, it begins with a snapshot; events before it are not missed', async () => {
    const hellos: Frame[] = []
    const { toota, peers } = await beforeFarEnd({
      welcome: (hello) => (hellos.push(hello), { seq: 9, recovered: false }),
    })
    const { told } = collect(toota)
    const connecting = toota.live.connect({ snapshot: true })
    const snapshot = toota.live.next('snapshot')
    await connecting
    expect(hellos[0]).toMatchObject({ resume: { epoch: 'none', seq: 0 } })
    peers[0]?.say({ t: 'reset', reason: 'epoch' })
    peers[0]?.say({ t: 'snapshot', epoch: 'e1', seq: 9, state: { trips: [], offers: [] } })
    expect(await snapshot).toMatchObject({ epoch: 'e1', seq: 9, reason: 'epoch' })
    peers[0]?.say({ ...EVENT, seq: 10 })
    await until(() => expect(told).toEqual([10]))
  })

  it('[SK33] a program that was killed goes on where it stopped, and so does one that kept the place itself', async () => {
    const items = new Map<string, string>()
    const storage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    }
    const { toota, peers, again } = await beforeFarEnd({ storage, keepsPosition: true, welcome: at(1) })
    await toota.live.connect()
    for (const seq of [2, 3]) peers[0]?.say({ ...EVENT, seq })
    await toota.live.next('event', ({ seq }) => seq === 3)
    await until(() => expect(items.get('toota.position')).toContain('"seq":3'))

    await again().live.connect()
    expect(peers[1]?.heard[0]).toMatchObject({ resume: { epoch: 'e1', seq: 3 } })
    await again({ keepsPosition: false }).live.connect({ resume: { epoch: 'e1', seq: 2 } })
    expect(peers[2]?.heard[0]).toMatchObject({ resume: { epoch: 'e1', seq: 2 } })
    await again({ keepsPosition: false }).live.connect()
    expect(peers[3]?.heard[0]).not.toHaveProperty('resume')

    await toota.account.signOut()
    await until(() => expect(items.has('toota.position')).toBe(false))
  })
})
