import { createToota, TootaError } from '@toota/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nobodyThere } from '../far-server.ts'
import { beforeFarApi, hangUp, json, problem, silence, torn, TRIP } from './far-api.ts'

const page = { trips: [], nextCursor: null }
const trip = { id: 'a', status: 'pending' }

/** What the call throws. */
async function errorOf(call: Promise<unknown>): Promise<TootaError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TootaError)) throw new Error('no TootaError', { cause: error })
  return error
}

describe('calls of the SDK', () => {
  afterEach(() => vi.useRealTimers())

  it('[SK1] repeats what only reads, however the answer was lost', async () => {
    for (const fault of [
      hangUp,
      torn,
      problem(503, 'busy', true),
      problem(429, 'too-many-requests', true),
      json(502, 'a proxy', { 'content-type': 'text/html' }),
      json(504, 'a proxy', { 'content-type': 'text/html' }),
      json(200, '<html>', { 'content-type': 'text/html' }),
    ]) {
      const { toota, calls } = await beforeFarApi([fault, fault, json(200, page)])
      expect(await toota.trips.list()).toEqual(page)
      expect(calls()).toHaveLength(3)
    }
  })

  it('[SK1] sends the same key with each repeat, and another one with another call', async () => {
    const { toota, calls } = await beforeFarApi([
      hangUp,
      problem(503, 'busy', true),
      problem(409, 'request-in-flight', true),
      json(201, trip),
    ])
    await toota.trips.request(TRIP)
    await toota.trips.request(TRIP)
    await toota.trips.request(TRIP, { key: 'my own' })
    const keys = calls().map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys.slice(0, 4)).size).toBe(1)
    expect(keys[4]).not.toBe(keys[3])
    expect(keys[5]).toBe('my own')
    expect(calls()[3]?.body).toBe(calls()[0]?.body)
    expect(JSON.parse(calls()[3]?.body ?? '')).toEqual(TRIP)
  })

  it('[SK2] does not sign up twice when the answer was lost, but comes back when it was not let in', async () => {
    const account = { role: 'customer', email: 'a@example.com', password: 'bakkie op pad' } as const
    for (const [fault, code] of [
      [hangUp, 'network'],
      [torn, 'network'],
      [problem(503, 'busy', true), 'busy'],
    ] as const) {
      const { toota, calls } = await beforeFarApi([fault, json(202, { next: 'read-mail' })])
      expect((await errorOf(toota.account.signUp(account))).code).toBe(code)
      expect(calls()).toHaveLength(1)
    }
    const { toota, calls } = await beforeFarApi([
      problem(429, 'too-many-requests', true),
      json(202, { next: 'read-mail' }),
    ])
    await toota.account.signUp(account)
    expect(calls()).toHaveLength(2)
  })

  it('[SK2] a server that is not there was asked as often as it may be: nothing was taken', async () => {
    let asked = 0
    const toota = createToota({
      baseUrl: await nobodyThere(),
      random: () => 0,
      fetch: (url, init) => {
        asked++
        return fetch(url, init)
      },
    })
    const error = await errorOf(toota.account.requestReset({ role: 'driver', email: 'a@example.com' }))
    expect(error).toMatchObject({ code: 'network', status: 0, retryable: true })
    expect(asked).toBe(5)
  })

  it('[SK3] waits as long as it is asked to', async () => {
    const { toota } = await beforeFarApi([
      problem(429, 'too-many-requests', true, { 'retry-after': '1' }),
      json(200, page),
    ])
    const startedAt = performance.now()
    await toota.trips.list()
    expect(performance.now() - startedAt).toBeGreaterThan(990)
  })

  it('[SK3] gives up within its attempts, and at once when it is asked to wait for too long', async () => {
    const often = await beforeFarApi([problem(503, 'busy', true)])
    expect((await errorOf(often.toota.trips.list())).code).toBe('busy')
    expect(often.calls()).toHaveLength(5)

    const long = await beforeFarApi([problem(429, 'too-many-requests', true, { 'retry-after': '3600' })])
    const error = await errorOf(long.toota.trips.list())
    expect(error).toMatchObject({ code: 'too-many-requests', retryAfterMs: 3_600_000 })
    expect(long.calls()).toHaveLength(1)
  })

  it('[SK3] a refusal for good is not repeated', async () => {
    for (const refusal of [
      problem(404, 'not-found'),
      problem(503, 'payment-unavailable', false),
      problem(409, 'driver-busy', true),
      problem(500, 'internal', true),
    ]) {
      const { toota, calls } = await beforeFarApi([refusal, json(200, page)])
      await errorOf(toota.trips.list())
      expect(calls()).toHaveLength(1)
    }
  })

  it('[SK3] an answer that takes too long is none', async () => {
    const patience = { attemptMs: 100, attempts: 2 }
    const { toota, calls } = await beforeFarApi([silence], { patience })
    expect(await errorOf(toota.trips.list())).toMatchObject({ code: 'timeout', retryable: true })
    expect(calls()).toHaveLength(2)
  })

  it('[SK4] an abort ends a call that waits for its answer, and one that waits to be repeated', async () => {
    for (const turn of [silence, problem(503, 'busy', true, { 'retry-after': '20' })]) {
      const { toota, calls } = await beforeFarApi([turn])
      const stop = new AbortController()
      const call = toota.trips.list({}, { signal: stop.signal })
      await vi.waitFor(() => expect(calls()).toHaveLength(1))
      stop.abort(new Error('not needed any more'))
      await expect(call).rejects.toThrow('not needed any more')
    }
  })

  it('[SK5] tells what the server said, and what was not the server', async () => {
    const problemBody = {
      type: '/docs/#invalid-request',
      title: 'The request is not valid.',
      status: 400,
      code: 'invalid-request',
      retryable: false,
      requestId: 'r-77',
      errors: [{ path: '/body/pickup', message: 'is no place' }],
      details: { hint: 1 },
    }
    const refused = await beforeFarApi([json(400, problemBody)])
    expect(await errorOf(refused.toota.trips.request(TRIP))).toMatchObject({
      name: 'TootaError',
      code: 'invalid-request',
      status: 400,
      retryable: false,
      requestId: 'r-77',
      errors: problemBody.errors,
      details: { hint: 1 },
      message: 'The request is not valid. (invalid-request)',
    })
    const portal = await beforeFarApi([json(200, 'Welcome to our hotel', { 'content-type': 'text/html' })])
    expect(await errorOf(portal.toota.account.requestReset({ role: 'driver', email: 'a' }))).toMatchObject({
      code: 'unexpected-answer',
      status: 200,
    })
    const nobody = createToota({ baseUrl: 'http://127.0.0.1:1' })
    expect(await errorOf(nobody.trips.list())).toMatchObject({ code: 'not-authenticated', status: 401 })
  })

  it('[SK7] an acceptance that is closed is looked up: mine is a success, anybody else’s is not', async () => {
    const closed = problem(409, 'offer-closed')
    const offer = { id: 'offer', tripId: 'trip' }
    const mine = { id: 'trip', status: 'accepted', driverId: '6f9619ff-8b86-4011-b42d-00c04fc964ff' }
    const won = await beforeFarApi([hangUp, closed, json(200, mine)])
    expect(await won.toota.driving.accept(offer)).toEqual(mine)
    const lost = await beforeFarApi([closed, problem(404, 'not-found')])
    expect((await errorOf(lost.toota.driving.accept(offer))).code).toBe('offer-closed')
    const over = await beforeFarApi([closed, json(200, { ...mine, status: 'cancelled' })])
    expect((await errorOf(over.toota.driving.accept(offer))).code).toBe('offer-closed')
  })
})
