import type { CommandOutcome, Storage, Toota } from '@toota/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hangUp, json, problem, silence } from './far-api.ts'
import { beforeFarEnd, silent, type Frame, type Peer } from './far-live.ts'

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })
const TRIP = { id: 'a', status: 'en_route' }
const REFUSED = {
  title: 'No.',
  code: 'illegal-transition',
  status: 409,
  retryable: false,
  type: '',
  requestId: '',
}
const BUSY = { ...REFUSED, code: 'unavailable', status: 503, retryable: true }

const done = (id: unknown, data: unknown = TRIP): Frame => ({ t: 'res', id, ok: true, status: 200, data })
const refused = (id: unknown, why = REFUSED): Frame => ({
  t: 'res',
  id,
  ok: false,
  status: why.status,
  problem: why,
})

const idsOf = (peer: Peer | undefined): unknown[] | undefined => peer?.of('cmd').map(({ id }) => id)
const argsOf = (peer: Peer | undefined): unknown[] | undefined =>
  peer?.of('cmd').map(({ op, args }) => [op, args])
const step = (tripId: string, status: string): unknown => [
  'reportStatus',
  { params: { tripId }, body: { status } },
]

function tellingStorage(): Storage & { commands(): { id: string; op: string }[] } {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
    commands: () => JSON.parse(items.get('toota.outbox') ?? '[]') as { id: string; op: string }[],
  }
}

function outcomesOf(toota: Toota): CommandOutcome[] {
  const outcomes: CommandOutcome[] = []
  toota.live.on('command', (outcome) => outcomes.push(outcome))
  return outcomes
}

/** Until the test is over, if need be. */
const connecting = (toota: Toota): Promise<void> => toota.live.connect().catch(() => undefined)

describe('the outbox of the SDK', () => {
  afterEach(() => vi.useRealTimers())

  it('[SK37] says a command over the socket, with its own time, and hears its answer', async () => {
    const nowMs = Date.parse('2026-01-01T12:00:00Z')
    const { toota, peers, calls } = await beforeFarEnd({ now: () => nowMs })
    const outcomes = outcomesOf(toota)
    await toota.live.connect()
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(peers[0]?.of('cmd')).toHaveLength(1))
    const [command] = peers[0]!.of('cmd')
    const args = { params: { tripId: 'a' }, body: { status: 'en_route' } }
    const at = '2026-01-01T12:00:00.000Z'
    expect(command).toEqual({
      t: 'cmd',
      id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      op: 'reportStatus',
      args,
      at,
    })
    expect(toota.live.pendingCommands).toMatchObject([{ id: command?.['id'], op: 'reportStatus' }])
    peers[0]?.say(done(command?.['id']))
    expect(await step).toEqual(TRIP)
    expect(outcomes).toMatchObject([{ op: 'reportStatus', at, ok: true, data: TRIP }])
    expect(toota.live.pendingCommands).toEqual([])
    expect(calls).toEqual([])
  })

  it('[SK37] is refused in the server’s words, which ends it', async () => {
    const { toota, peers } = await beforeFarEnd()
    await toota.live.connect()
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(peers[0]?.of('cmd')).toHaveLength(1))
    peers[0]?.say(refused(idsOf(peers[0])?.[0]))
    await expect(step).rejects.toMatchObject({ code: 'illegal-transition', status: 409, retryable: false })
    expect(toota.live.pendingCommands).toEqual([])
  })

  it('[SK37] is said again, with the same id, where the connection or the server could not', async () => {
    const { toota, peers } = await beforeFarEnd()
    await toota.live.connect()
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(peers[0]?.of('cmd')).toHaveLength(1))
    const id = idsOf(peers[0])?.[0]
    peers[0]?.say(refused(id, BUSY))
    await until(() => expect(idsOf(peers[0])).toEqual([id, id]))
    // Another connection by drain: the answer of the old one is not waited for.
    peers[0]?.say({ t: 'drain', afterMs: 0 })
    await until(() => expect(idsOf(peers[1])).toEqual([id]))
    peers[1]?.say(done(id))
    expect(await step).toEqual(TRIP)
  })

  it('[SK37] is said again by HTTP when the socket that took it is gone', { timeout: 10_000 }, async () => {
    let isWelcome = true
    const { toota, peers, calls } = await beforeFarEnd({
      welcome: () => (isWelcome ? {} : undefined),
      turn: json(200, TRIP),
    })
    await toota.live.connect()
    isWelcome = false
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(peers[0]?.of('cmd')).toHaveLength(1))
    peers[0]?.hangUp()
    expect(await step).toEqual(TRIP)
    expect(calls.map(({ key }) => key)).toEqual(idsOf(peers[0]))
  })

  it('[SK37] by HTTP with the same id where there is no socket, and back on the socket as soon as there is one', async () => {
    let isWelcome = false
    const { toota, peers, calls } = await beforeFarEnd({
      welcome: () => (isWelcome ? {} : undefined),
      turn: silence,
    })
    void connecting(toota)
    await until(() => expect(peers[0]?.of('hello')).toHaveLength(1))
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(calls).toHaveLength(1))
    expect(calls[0]).toMatchObject({
      method: 'POST',
      url: '/v1/trips/a/status',
      body: '{"status":"en_route"}',
    })
    isWelcome = true
    peers[0]?.hangUp()
    await until(() => expect(idsOf(peers[1])).toEqual([calls[0]?.key]))
    peers[1]?.say(done(calls[0]?.key))
    expect(await step).toEqual(TRIP)
    expect(calls).toHaveLength(1)
  })

  it('[SK37] by HTTP again and again while there is neither', async () => {
    const turns = [hangUp, problem(503, 'unavailable', true), json(200, TRIP)]
    let turn = 0
    const { toota, calls } = await beforeFarEnd({
      welcome: silent,
      turn: (...call) => turns[turn++]?.(...call),
    })
    void connecting(toota)
    expect(await toota.driving.reportStatus('a', 'en_route')).toEqual(TRIP)
    expect(calls).toHaveLength(3)
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
  })

  it('[SK37] without the live client it is a call like any other', async () => {
    const { toota, calls } = await beforeFarEnd({ turn: json(200, TRIP) })
    expect(await toota.driving.reportStatus('a', 'en_route')).toEqual(TRIP)
    expect(await toota.trips.cancel('a', 'rain')).toEqual(TRIP)
    expect(calls.map(({ url, body }) => [url, body])).toEqual([
      ['/v1/trips/a/status', '{"status":"en_route"}'],
      ['/v1/trips/a/cancellation', '{"reason":"rain"}'],
    ])
  })

  it('[SK38] what concerns the same trip goes in its order, one after the other; other trips do not wait', async () => {
    const { toota, peers } = await beforeFarEnd()
    await toota.live.connect()
    const steps = Promise.allSettled([
      toota.driving.reportStatus('a', 'en_route'),
      toota.driving.reportStatus('a', 'arrived_pickup'),
      toota.driving.receiveCash('a', { receivedMinor: 5_000 }),
      toota.driving.reportStatus('b', 'en_route'),
    ])
    await until(() => expect(argsOf(peers[0])).toEqual([step('a', 'en_route'), step('b', 'en_route')]))
    peers[0]?.say(done(idsOf(peers[0])?.[0]))
    await until(() => expect(argsOf(peers[0])?.[2]).toEqual(step('a', 'arrived_pickup')))
    peers[0]?.say(refused(idsOf(peers[0])?.[2]))
    await until(() =>
      expect(argsOf(peers[0])?.[3]).toMatchObject(['receiveCash', { body: { receivedMinor: 5_000 } }]),
    )
    for (const id of idsOf(peers[0]) ?? []) peers[0]?.say(done(id))
    expect((await steps).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
  })

  it('[SK38] what was said offline outlives the program, and goes out in its order', async () => {
    const storage = tellingStorage()
    const { toota, peers, again } = await beforeFarEnd({ storage, welcome: silent, turn: silence })
    void connecting(toota)
    await until(() => expect(peers).toHaveLength(1))
    for (const status of ['en_route', 'arrived_pickup'] as const) void toota.driving.reportStatus('a', status)
    void toota.driving.receiveCash('a')
    // An offer that nobody could answer is over before the program is back.
    void toota.driving.accept({ id: 'o', tripId: 'b' })
    await until(() => expect(storage.commands()).toHaveLength(3))
    const kept = storage.commands()
    expect(kept.map(({ op }) => op)).toEqual(['reportStatus', 'reportStatus', 'receiveCash'])

    // Killed: nothing of the first program is heard of again.
    const next = again()
    const outcomes = outcomesOf(next)
    void connecting(next)
    await until(() => expect(peers[1]?.of('hello')).toHaveLength(1))
    peers[1]?.say({ t: 'welcome', epoch: 'e1', seq: 0, recovered: true, serverTime: new Date() })
    for (const [index, { id }] of kept.entries()) {
      await until(() => expect(idsOf(peers[1])).toEqual(kept.slice(0, index + 1).map((each) => each.id)))
      peers[1]?.say(done(id))
    }
    await until(() => expect(outcomes.map(({ id }) => id)).toEqual(kept.map(({ id }) => id)))
    await until(() => expect(storage.commands()).toEqual([]))
  })

  it('[SK38] who signs out has said all', async () => {
    const storage = tellingStorage()
    const options = { storage, welcome: silent, turn: problem(503, 'unavailable', true), random: () => 0.999 }
    const { toota, peers } = await beforeFarEnd(options)
    void connecting(toota)
    await until(() => expect(peers).toHaveLength(1))
    const step = toota.driving.reportStatus('a', 'en_route')
    await until(() => expect(storage.commands()).toHaveLength(1))
    await toota.account.signOut()
    await expect(step).rejects.toMatchObject({ code: 'not-authenticated' })
    await until(() => expect(storage.commands()).toEqual([]))
  })

  it('[SK38] 200 commands may wait, and an aborted one is taken back', async () => {
    const { toota, peers } = await beforeFarEnd({ welcome: silent, turn: silence })
    void connecting(toota)
    await until(() => expect(peers).toHaveLength(1))
    const stop = new AbortController()
    const reason = new Error('he has thought better of it')
    const waiting = toota.trips.cancel('a', 'rain', { signal: stop.signal })
    for (let n = 1; n < 200; n++) void toota.driving.reportStatus('a', 'en_route')
    await expect(toota.driving.reportStatus('a', 'loaded')).rejects.toMatchObject({ code: 'outbox-full' })
    stop.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(toota.live.pendingCommands).toHaveLength(199)
  })

  it('[SK39] an answer to an offer is not sent after the offer’s end', async () => {
    const { toota, calls, leave } = await beforeFarEnd()
    await toota.live.connect()
    leave()
    await until(() => expect(toota.live.state).not.toBe('open'))
    const offer = { id: 'o', tripId: 'b', expiresAt: new Date(Date.now() + 300).toISOString() }
    for (const answer of ['accept', 'reject'] as const)
      await expect(toota.driving[answer](offer)).rejects.toMatchObject({ code: 'offer-closed', status: 409 })
    expect(toota.live.pendingCommands).toEqual([])
    expect(calls).toEqual([])
  })

  it('[SK39] one that may have arrived is not said to have failed', async () => {
    const { toota, calls } = await beforeFarEnd({
      welcome: silent,
      turn: silence,
      patience: { attemptMs: 150 },
    })
    void connecting(toota)
    const offer = { id: 'o', tripId: 'b', expiresAt: new Date(Date.now() + 400).toISOString() }
    await expect(toota.driving.accept(offer)).rejects.toMatchObject({ code: 'timeout' })
    expect(calls.length).toBeGreaterThan(0)
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
  })

  it('[SK39] half a minute is an offer’s life where nothing else is known; steps wait for a day', async () => {
    let nowMs = Date.now()
    const { toota, leave } = await beforeFarEnd({ now: () => nowMs, random: () => 0.01 })
    await toota.live.connect()
    leave()
    await until(() => expect(toota.live.state).not.toBe('open'))
    const outcomes = outcomesOf(toota)
    const steps = [
      toota.driving.accept({ id: 'o', tripId: 'b' }),
      toota.driving.reportStatus('a', 'en_route'),
      toota.driving.receiveCash('c'),
    ].map((step) => step.catch(() => undefined))
    for (const [ms, left] of [
      [29_000, ['acceptOffer', 'reportStatus', 'receiveCash']],
      [1_000, ['reportStatus', 'receiveCash']],
      [86_400_000, ['receiveCash']],
      [6 * 86_400_000, []],
    ] as const) {
      nowMs += ms
      await until(() => expect(toota.live.pendingCommands.map(({ op }) => op)).toEqual(left))
    }
    await Promise.all(steps)
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, false])
  })
})
