import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriverId } from '../../kernel/index.ts'
import { createApiClient } from '../../../test/api-client.ts'
import { startFakeGateways, type FakeGateways } from '../../../test/gateways/fake-gateways.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { SECRETS } from '../../../test/money.ts'
import { post } from '../ledger/index.ts'

const ACCOUNT = { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' }

let fake: FakeGateways
let server: LiveServer
let api: ReturnType<typeof createApiClient>
beforeAll(async () => {
  fake = await startFakeGateways({ clock: 'virtual', secrets: SECRETS })
  server = await startLiveServer(
    {},
    { PAYSTACK_BASE_URL: `${fake.url}/paystack`, PAYSTACK_SECRET_KEY: SECRETS.paystack.secretKey },
  )
  api = createApiClient(server)
  fake.control.setWebhooks({ paystack: `${server.address}/payment/paystack/webhook/` })
})
afterAll(async () => {
  await server.close()
  await fake.close()
})

async function addEarner(amountMinor: number): Promise<{ driverId: DriverId; token: string }> {
  const driverId = await server.addDriver()
  await server.db.transaction((tx) =>
    post(tx, {
      kind: 'test-earning',
      key: randomUUID(),
      currency: 'ZAR',
      entries: [
        { account: { kind: 'driver', owner: driverId }, amountMinor },
        { account: { kind: 'opening', owner: 'ZA' }, amountMinor: -amountMinor },
      ],
    }),
  )
  return { driverId, token: await server.signIn(driverId) }
}

const earnedBy = async (token: string) =>
  ((await api('GET', '/me/balances', { token })).body['balances'] as { earnedMinor: number }[])[0]
    ?.earnedMinor

type Body = { readonly id: string; readonly state: string; readonly accountNumber: string }
const payoutsOf = async (token: string) =>
  (await api('GET', '/me/payouts', { token })).body['payouts'] as Body[]

describe("a driver's earnings on /v1", () => {
  it('[PY4] [PY1] the account is asked for first, and shown with its last digits', async () => {
    const { token } = await addEarner(20_000)
    expect((await api('GET', '/me/payout-account', { token })).body).toEqual({ account: null })
    const order = { token, key: randomUUID(), body: { amountMinor: 5_000, currency: 'ZAR' } }
    expect((await api('POST', '/me/payouts', order)).body['code']).toBe('payout-account-missing')
    const saved = await api('PUT', '/me/payout-account', { token, body: ACCOUNT })
    expect(saved.status).toBe(200)
    const asked = await api('POST', '/me/payouts', { ...order, key: randomUUID() })
    expect(asked.status).toBe(201)
    expect(asked.body).toMatchObject({
      state: 'created',
      amount: { amountMinor: 5_000, currency: 'ZAR' },
      accountNumber: '6789',
    })
    expect(await earnedBy(token)).toBe(15_000)
    const seen = await api('GET', '/me/payout-account', { token })
    expect(seen.body['account']).toMatchObject({ ...ACCOUNT, accountNumber: '6789' })
    for (const { text } of [saved, asked, seen, await api('GET', '/me/payouts', { token })])
      expect(text).not.toContain('23456789')
    expect((await server.db.single.selectFrom('kept_answer').select('body').execute()).length).toBe(2)
  })

  it.each([
    [{ accountNumber: '12345' }],
    [{ accountNumber: '123456x' }],
    [{ bankCode: '' }],
    [{ kind: 'paper' }],
    [{ name: ' ' }],
    [{ iban: 'DE00' }],
  ])('[PY4] a malformed account (%j) is not taken, nor repeated', async (change) => {
    const { token } = await addEarner(1)
    const answer = await api('PUT', '/me/payout-account', { token, body: { ...ACCOUNT, ...change } })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toMatch(/12345|0123456789/)
  })

  it('[PY3] the same key makes one payout and gets the same answer, also from five at once', async () => {
    const { token } = await addEarner(20_000)
    await api('PUT', '/me/payout-account', { token, body: ACCOUNT })
    const order = { token, key: randomUUID(), body: { amountMinor: 5_000, currency: 'ZAR' } }
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => api('POST', '/me/payouts', order)))
    const first = answers.find(({ status }) => status === 201)
    for (const { status } of answers) expect([201, 409]).toContain(status)
    const again = await api('POST', '/me/payouts', order)
    expect([again.status, again.text]).toEqual([201, first?.text])
    const other = { ...order, body: { amountMinor: 6_000, currency: 'ZAR' } }
    expect((await api('POST', '/me/payouts', other)).status).toBe(422)
    expect(await payoutsOf(token)).toHaveLength(1)
    expect(await earnedBy(token)).toBe(15_000)
    expect((await api('POST', '/me/payouts', { token, body: order.body })).body['code']).toBe(
      'idempotency-key-missing',
    )
  })

  it('[PY8] [PY11] webhooks bring it from sent to paid and, an hour later, back; three copies of each', async () => {
    const { token } = await addEarner(20_000)
    await api('PUT', '/me/payout-account', { token, body: ACCOUNT })
    fake.control.setScript({ script: 'transfer-reversed' })
    fake.control.faultWebhooks({ gateway: 'paystack', times: 3, next: 50 })
    const socket = await server.connect('/v1/live', token)
    socket.send({ t: 'hello', v: 1 })
    const order = { token, key: randomUUID(), body: { amountMinor: 20_000, currency: 'ZAR' } }
    const { id } = (await api('POST', '/me/payouts', order)).body
    const stateBecomes = (state: string) =>
      expect.poll(async () => (await payoutsOf(token))[0]?.state, { timeout: 15_000 }).toBe(state)

    await stateBecomes('sent')
    await expect.poll(() => fake.control.effectsOf(`payout-${String(id)}`).transfers).toHaveLength(1)
    await fake.control.advance(10)
    await stateBecomes('paid')
    expect(await earnedBy(token)).toBe(0)
    await fake.control.advance(3_700)
    await stateBecomes('reversed')
    expect(await earnedBy(token)).toBe(20_000)
    for (const state of ['created', 'sent', 'paid', 'reversed'])
      await socket.find({ kind: 'payout.changed', data: { payoutId: id, state } })
    expect(server.errors).toEqual([])
  })

  it('[PY12] earnings are listed for drivers, payouts page by page', async () => {
    const { token, driverId } = await addEarner(20_000)
    const earnings = await api('GET', '/me/earnings?from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z', {
      token,
    })
    expect(earnings.body).toEqual({ totals: [], settlements: [], nextCursor: null })
    await server.db.single
      .insertInto('payout')
      .values(
        [1, 2, 3].map((n) => ({
          id: randomUUID() as never,
          driver_id: driverId,
          gateway: 'paystack' as const,
          reference: `payout-${randomUUID()}`,
          amount_minor: n,
          currency: 'ZAR' as const,
          kind: 'bank' as const,
          name: 'D Nkosi',
          account_number: '0123456789',
          bank_code: '632005',
          state: 'failed' as const,
          due_at: null,
          ended_at: new Date(),
          created_at: new Date(Date.UTC(2026, 0, n)),
        })),
      )
      .execute()
    const pages: number[][] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await api('GET', `/me/payouts?limit=2${query}`, { token })
      pages.push(
        (body['payouts'] as { amount: { amountMinor: number } }[]).map(({ amount }) => amount.amountMinor),
      )
      cursor = body['nextCursor'] as string | null
    } while (cursor !== null)
    expect(pages).toEqual([[3, 2], [1]])
  })
})
