import { TootaError, type Payment, type Toota } from '@toota/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { beforeFarApi, hangUp, json, problem, silence, torn } from './far-api.ts'
import { beforeFarEnd } from './far-live.ts'

const PAYMENT = { id: 'p', tripId: 'a', method: 'card', status: 'success' }
const PENDING = { ...PAYMENT, status: 'pending' }
const away = problem(503, 'gateway-unavailable', true)
/** Told apart from the pauses between two questions. */
const ATTEMPT_MS = 60_000
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/** Notes for how long the client pauses; the pauses are over at once, or never. */
function shortenPauses(end: 'at once' | 'never' = 'at once'): number[] {
  const pauses: number[] = []
  const real = setTimeout
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, ms = 0, ...args: []) => {
    if (!PAUSES_MS.includes(ms)) return real(run, ms, ...args)
    pauses.push(ms)
    return real(run, end === 'never' ? 10_000_000 : 0)
  })
  return pauses
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })

describe('money by the SDK', () => {
  afterEach(() => vi.restoreAllMocks())

  it('[SK1] asks again what became of a payment, and says again what cash was paid', async () => {
    for (const call of [
      (toota: Toota) => toota.trips.checkPayment('a'),
      (toota: Toota) => toota.trips.confirmCash('a', 41_250),
      (toota: Toota) => toota.driving.receiveCash('a', { receivedMinor: 45_000 }),
    ]) {
      const { toota, calls } = await beforeFarApi([hangUp, torn, json(200, PAYMENT)])
      expect(await call(toota)).toEqual(PAYMENT)
      expect(calls()).toHaveLength(3)
      expect(calls()[2]?.body).toBe(calls()[0]?.body)
    }
  })

  it('[SK2] a case is not settled again when the answer was lost', async () => {
    const { toota, calls } = await beforeFarApi([hangUp, problem(409, 'already-resolved')])
    const settling = toota.staff.resolveCase('c', { note: 'They agree by now' })
    await expect(settling).rejects.toMatchObject({ code: 'network' })
    expect(calls()).toHaveLength(1)
  })

  it('[SK8] a payment service that does not answer is asked three times, by the same key', async () => {
    const back = await beforeFarApi([away, away, json(201, PENDING)])
    expect(await back.toota.trips.pay('a', 'card')).toEqual(PENDING)
    expect(new Set(back.calls().map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(back.calls().map(({ body }) => body)).toEqual(Array(3).fill('{"method":"card"}'))

    const gone = await beforeFarApi([away], { patience: { attempts: 20 } })
    await expect(gone.toota.trips.pay('a', 'card')).rejects.toMatchObject({ code: 'gateway-unavailable' })
    expect(gone.calls()).toHaveLength(3)
    await expect(gone.toota.trips.checkPayment('a')).rejects.toThrow(TootaError)
    expect(gone.calls()).toHaveLength(6)
  })

  it('[SK42] payment, payout and refund go out again under their key, which may be given', async () => {
    for (const call of [
      (toota: Toota, key?: string) => toota.trips.pay('a', 'mobile_money', key ? { key } : {}),
      (toota: Toota, key?: string) =>
        toota.earnings.requestPayout({ amountMinor: 5_000, currency: 'ZAR' }, key ? { key } : {}),
      (toota: Toota, key?: string) =>
        toota.staff.refund('p', { amountMinor: 100, reason: 'late' }, key ? { key } : {}),
    ]) {
      const { toota, calls } = await beforeFarApi([hangUp, torn, json(201, PAYMENT)])
      await call(toota)
      await call(toota, 'my own')
      const keys = calls().map(({ headers }) => headers['idempotency-key'])
      expect(keys).toEqual([keys[0], keys[0], keys[0], 'my own'])
      expect(keys[0]).toMatch(/^.{36}$/)
    }
  })

  it('[SK9] a PDF is what the server sent, to the byte, and is asked for again when it was torn', async () => {
    const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, ...Array(256).keys()])
    const { toota, calls } = await beforeFarApi([
      torn,
      (response) => void response.writeHead(200, { 'content-type': 'application/pdf' }).end(bytes),
    ])
    const pdf = await toota.trips.receiptPdf('a')
    expect(Buffer.from(await pdf.arrayBuffer()).equals(bytes)).toBe(true)
    expect(pdf.type).toBe('application/pdf')
    expect(calls()).toHaveLength(2)
    expect(calls()[1]).toMatchObject({ url: '/v1/trips/a/receipt.pdf', method: 'GET' })
    expect(calls()[1]?.headers.authorization).toMatch(/^Bearer access-/)
  })

  it('[SK9] what stands in place of a PDF, and a PDF in place of an answer, are failures', async () => {
    const missing = await beforeFarApi([problem(404, 'not-found')])
    await expect(missing.toota.trips.receiptPdf('a')).rejects.toMatchObject({ code: 'not-found' })
    const patience = { attempts: 1 }
    const portal = await beforeFarApi([json(200, { welcome: 'to our hotel' })], { patience })
    await expect(portal.toota.trips.receiptPdf('a')).rejects.toMatchObject({ code: 'unexpected-answer' })
    const pdf = await beforeFarApi([json(200, '%PDF', { 'content-type': 'application/pdf' })], { patience })
    await expect(pdf.toota.trips.receipt('a')).rejects.toMatchObject({ code: 'unexpected-answer' })
  })

  it('[SK43] settlements come page by page', async () => {
    const page = (tripId: string, nextCursor: string | null) =>
      json(200, { totals: [], settlements: [{ tripId }], nextCursor })
    const { toota, calls } = await beforeFarApi([page('b', 'b'), page('a', null)])
    const seen: string[] = []
    for await (const { tripId } of toota.earnings.all({ limit: 1, from: '2026-01-01T00:00:00Z' }))
      seen.push(tripId)
    expect(seen).toEqual(['b', 'a'])
    const from = 'from=2026-01-01T00%3A00%3A00Z'
    expect(calls().map(({ url }) => url)).toEqual([
      `/v1/me/earnings?limit=1&${from}`,
      `/v1/me/earnings?limit=1&${from}&cursor=b`,
    ])
  })
})

describe('waiting for a payment', () => {
  afterEach(() => vi.restoreAllMocks())

  it('[SK40] asks after 1 s, 2 s, 4 s … 15 s at most, without a socket', async () => {
    const pauses = shortenPauses()
    const states = ['created', 'pending', 'pending', 'unknown', 'pending', 'pending', 'failed']
    const { toota, calls } = await beforeFarApi(
      states.map((status) => json(200, { ...PAYMENT, status })),
      { patience: { attemptMs: ATTEMPT_MS } },
    )
    expect(await toota.trips.awaitPayment('a')).toMatchObject({ status: 'failed' })
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
    expect(calls()).toHaveLength(7)
  })

  it('[SK40] hears it over the socket at once, also while it asks; other news is no reason to ask', async () => {
    shortenPauses('never')
    const answers = [PENDING, PENDING, PAYMENT]
    let seq = 0
    let asked = 0
    const { toota, peers } = await beforeFarEnd({
      patience: { attemptMs: ATTEMPT_MS },
      turn: (...call) => {
        // As when it is decided between the question and the answer, which is older.
        if (++asked === 2) tell('a', 'success')
        json(200, answers[asked - 1])(...call)
      },
    })
    const tell = (tripId: string, status: Payment['status']): void =>
      peers[0]?.say({ t: 'evt', seq: ++seq, kind: 'payment.changed', data: { ...PAYMENT, tripId, status } })
    await toota.live.connect()
    const told: string[] = []
    toota.live.on('payment.changed', ({ data: { tripId, status } }) => told.push(`${tripId} ${status}`))
    const waiting = toota.trips.awaitPayment('a')
    await until(() => expect(asked).toBe(1))
    tell('b', 'success')
    tell('a', 'pending')
    await until(() => expect(told).toEqual(['b success', 'a pending']))
    expect(asked).toBe(1)
    tell('a', 'failed')
    expect(await waiting).toMatchObject({ status: 'success' })
    expect(asked).toBe(3)
  })

  it('[SK41] goes on while nobody can say, and ends with a refusal', async () => {
    const pauses = shortenPauses()
    const patience = { attempts: 2, attemptMs: ATTEMPT_MS }
    const { toota } = await beforeFarApi([away, away, hangUp, hangUp, json(200, PAYMENT)], { patience })
    expect(await toota.trips.awaitPayment('a')).toMatchObject({ status: 'success' })
    expect(pauses).toEqual([1_000, 2_000])

    const refused = await beforeFarApi([problem(409, 'payment-missing')], { patience })
    await expect(refused.toota.trips.awaitPayment('a')).rejects.toMatchObject({ code: 'payment-missing' })
    expect(refused.calls()).toHaveLength(1)
  })

  it('[SK41] ends with the signal’s reason, before it begins, while it asks and while it pauses', async () => {
    shortenPauses('never')
    const patience = { attemptMs: ATTEMPT_MS }
    const reason = new Error('she has closed the page')
    const never = await beforeFarApi([json(200, PENDING)], { patience })
    await expect(never.toota.trips.awaitPayment('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    for (const turn of [silence, json(200, PENDING)]) {
      const { toota, calls } = await beforeFarApi([turn], { patience })
      const stop = new AbortController()
      const waiting = toota.trips.awaitPayment('a', { signal: stop.signal })
      await until(() => expect(calls()).toHaveLength(1))
      await new Promise((resolve) => setImmediate(resolve))
      stop.abort(reason)
      await expect(waiting).rejects.toBe(reason)
      expect(calls()).toHaveLength(1)
    }
  })
})
