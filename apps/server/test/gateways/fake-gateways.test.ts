import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startFakeGateways } from './fake-gateways.ts'
import { LATE_SECONDS, SETTLE_SECONDS } from './scripts.ts'
import { at, order, orderAndPay, pageOf, startMerchant, type Merchant } from './test-merchant.ts'
import { Agenda } from './virtual-clock.ts'

async function control(merchant: Merchant, method: string, path: string, body?: unknown) {
  const response = await fetch(`${merchant.url}/control${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'toota-gateways-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('the oracle', () => {
  it('[FG24] counts by reference, in sums and by call', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    merchant.control.setScript({ script: 'reversed', reference: 'trip-2' })
    await orderAndPay(merchant, 'paystack', 'trip-2')
    merchant.control.setScript({ script: 'fail', reference: 'trip-3' })
    await orderAndPay(merchant, 'paystack', 'trip-3')
    await merchant.post('/paystack/refund', { transaction: 'trip-1', amount: 50 })
    await merchant.control.advance(2 * SETTLE_SECONDS)
    await merchant.post('/paystack/refund', { transaction: 'trip-1', amount: 1000 })

    const { paystack, yoco } = merchant.control.effects()
    const id = expect.any(Number) as unknown
    expect(paystack.references['trip-1']).toEqual({
      charges: [{ id, amountMinor: 30050, currency: 'ZAR', status: 'success' }],
      refunds: [
        { id, amountMinor: 50, currency: 'ZAR', status: 'processed' },
        { id, amountMinor: 1000, currency: 'ZAR', status: 'pending' },
      ],
      transfers: [],
    })
    expect(paystack.references['trip-3']).toEqual({ charges: [], refunds: [], transfers: [] })
    expect(paystack.totals).toEqual({
      ZAR: {
        chargedMinor: 60100,
        reversedMinor: 30050,
        feesMinor: 902,
        refundingMinor: 1000,
        refundedMinor: 50,
        transferringMinor: 0,
        transferredMinor: 0,
      },
    })
    expect(paystack.calls).toEqual({ initialize: 3, refund: 2 })
    expect(yoco).toEqual({ references: {}, totals: {}, calls: {} })
  })

  it('[FG24] one reference at two gateways is seen together', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await orderAndPay(merchant, 'yoco', 'trip-1')
    expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(2)
    expect(merchant.control.effectsOf('trip-2')).toEqual({ charges: [], refunds: [], transfers: [] })
  })
})

describe('a life', () => {
  it('[FG27] what was is forgotten, and ids go on', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'underpay' })
    merchant.control.faultCalls({ call: 'paystack.verify', fault: '500' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const before = Number(merchant.control.effectsOf('trip-1').charges[0]?.id)
    await merchant.control.settled()
    merchant.control.reset()

    expect(merchant.control.effects().paystack).toEqual({ references: {}, totals: {}, calls: {} })
    expect(merchant.control.webhooksOf('trip-1')).toEqual([])
    expect((await merchant.get('/paystack/transaction/verify/trip-1')).status).toBe(404)
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const [charge] = merchant.control.effectsOf('trip-1').charges
    expect(charge?.amountMinor).toBe(30050)
    expect(Number(charge?.id)).toBeGreaterThan(before)
    await merchant.control.settled()
    expect(merchant.heard).toHaveLength(2)
  })

  it('[FG27] the same seed makes the same ids', async () => {
    const tokenOf = async (seed: number): Promise<unknown> => {
      const ordered = await order(await startMerchant({ seed }), 'yoco', 'trip-1')
      return ordered.body['id']
    }
    expect(await tokenOf(7)).toBe(await tokenOf(7))
    expect(await tokenOf(7)).not.toBe(await tokenOf(8))
  })

  it('[FG28] payments and what is to become of them are found again', async () => {
    const stateFile = join(await temporaryFolder(), 'new', 'gateways.json')
    const first = await startMerchant({ stateFile })
    await orderAndPay(first, 'paystack', 'trip-1')
    await first.post('/paystack/refund', { transaction: 'trip-1' })
    await order(first, 'yoco', 'trip-2')
    const before = first.control.effects()
    await first.close()

    const second = await startMerchant({ stateFile })
    expect(second.control.effects()).toEqual(before)
    expect(
      await second.post('/paystack/transaction/initialize', { email: 'a@b', amount: 1, reference: 'trip-1' }),
    ).toMatchObject({ status: 400 })
    const page = pageOf(await order(second, 'yoco', 'trip-2'))
    await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' })
    expect(second.control.effectsOf('trip-2').charges).toHaveLength(1)
    await second.control.advance(2 * SETTLE_SECONDS + 60)
    expect(second.control.effectsOf('trip-1').refunds).toMatchObject([{ status: 'processed' }])
    await orderAndPay(second, 'flutterwave', 'trip-3')
    const ids = Object.values(second.control.effects()).flatMap(({ references }) =>
      Object.values(references).flatMap(({ charges, refunds }) =>
        [...charges, ...refunds].map(({ id }) => id),
      ),
    )
    expect(new Set(ids).size).toBe(4)
  })

  it('[FG28] it is written while the process lives', async () => {
    const stateFile = join(await temporaryFolder(), 'gateways.json')
    const merchant = await startMerchant({ stateFile })
    await order(merchant, 'yoco', 'trip-1')
    const written = async (): Promise<unknown> =>
      JSON.parse(await readFile(stateFile, 'utf8').catch(() => 'null')) as unknown
    while (at(await written(), 'state.payments.0') === undefined)
      await new Promise((look) => setTimeout(look, 5))
    expect(at(await written(), 'state.payments.0.reference')).toBe('trip-1')
  })

  it('[FG28] a file that nobody can read is no obstacle', async () => {
    const stateFile = join(await temporaryFolder(), 'gateways.json')
    await writeFile(stateFile, '{"state":')
    const merchant = await startMerchant({ stateFile })
    expect(merchant.control.effects().paystack.references).toEqual({})
  })

  it.each(['disconnect', 'SIGTERM'] as const)('[FG29] the process ends at %s', async (end) => {
    const options = JSON.stringify({ secrets: { paystack: { secretKey: 'sk_test_mine' } } })
    const child = fork(join(import.meta.dirname, 'main.child.ts'), [options], {
      execArgv: ['--import', 'tsx'],
    })
    const gone = once(child, 'exit')
    const [{ url }] = (await once(child, 'message')) as [{ url: string }]
    const response = await fetch(`${url}/paystack/refund/1`, {
      headers: { authorization: 'Bearer sk_test_mine' },
    })
    expect(response.status).toBe(404)
    if (end === 'disconnect') child.disconnect()
    else child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  })

  it('[FG29] a port that is taken is a failure', async () => {
    const { url } = await startMerchant()
    await expect(startFakeGateways({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE')
  })

  it('[FG30] time passes', async () => {
    const done: string[] = []
    const agenda = new Agenda<string>('real', (job) => Promise.resolve(void done.push(job)))
    agenda.add('late', 3600)
    agenda.add('later', 3600)
    agenda.add('soon', 0.01)
    while (done.length === 0) await new Promise((look) => setTimeout(look, 5))
    expect(done).toEqual(['soon'])
    await agenda.advance(3601)
    expect(done).toEqual(['soon', 'late', 'later'])
    expect(agenda.now().getTime() - Date.now()).toBeGreaterThan(3_599_000)
    agenda.stop()
  })

  it('[FG30] on a real clock what takes an hour takes an hour', async () => {
    const merchant = await startMerchant({ clock: 'real' })
    merchant.control.setScript({ script: 'abandon-then-late-success' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    expect(merchant.control.effectsOf('trip-1').charges).toEqual([])
    await merchant.control.advance(LATE_SECONDS)
    expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(1)
  })

  it('[FG31] nothing else is imported', async () => {
    const own = (await readdir(import.meta.dirname)).filter(
      (file) => !/test/.test(file) && file.endsWith('.ts'),
    )
    for (const file of own) {
      const text = await readFile(join(import.meta.dirname, file), 'utf8')
      const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name)
      for (const name of imported)
        expect(name.startsWith('node:') ? builtinModules : own).toContain(name.replace(/^(node:|\.\/)/, ''))
    }
    expect(own.length).toBeGreaterThan(20)
  })
})

describe('control over HTTP', () => {
  it('[FG32] everything can be asked for', async () => {
    const merchant = await startMerchant()
    const post = (path: string, body: unknown) => control(merchant, 'POST', path, body)
    await post('/webhooks', { automatic: false, flutterwaveSigning: 'v4' })
    await post('/scripts', { script: 'overpay', times: 1 })
    await post('/faults', { call: 'flutterwave.verify-by-reference', fault: '429', retryAfterSeconds: 9 })
    await post('/webhooks/faults', { drop: true })
    await order(merchant, 'flutterwave', 'trip-1')
    expect(await post('/pay', { gateway: 'flutterwave', reference: 'trip-1', action: 'pay' })).toEqual({
      status: 200,
      body: { location: expect.stringContaining('status=successful') as unknown },
    })
    const verify = '/flutterwave/v3/transactions/verify_by_reference?tx_ref=trip-1'
    expect((await merchant.get(verify)).status).toBe(429)

    const pending = await control(merchant, 'GET', '/webhooks/pending?reference=trip-1')
    const id = at(pending.body, '0.id')
    expect(await post('/webhooks/deliver', { id, times: 2, fault: 'tampered-body' })).toEqual({
      status: 200,
      body: { statuses: [200, 200] },
    })
    expect(merchant.heard[0]?.headers).toHaveProperty('flutterwave-signature')
    const all = await control(merchant, 'GET', '/webhooks/of/trip-1')
    expect(at(all.body, '0.state')).toBe('delivered')

    const effects = await control(merchant, 'GET', '/effects')
    expect(at(effects.body, 'flutterwave.totals.NGN.chargedMinor')).toBe(30051)
    const own = await control(merchant, 'GET', '/effects/trip-1')
    expect(at(own.body, 'charges.0.amountMinor')).toBe(30051)
    await post('/reset', {})
    expect(at((await control(merchant, 'GET', '/effects')).body, 'flutterwave.references')).toEqual({})
  })

  it('[FG32] time is advanced, and calls are held and released', async () => {
    const merchant = await startMerchant()
    await control(merchant, 'POST', '/scripts', { script: 'dispute', reference: 'trip-1' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await control(merchant, 'POST', '/clock', { advanceSeconds: SETTLE_SECONDS })
    expect(merchant.events('charge.dispute.create')).toHaveLength(1)

    await control(merchant, 'POST', '/hold', { call: 'paystack.verify', when: 'after' })
    const held = merchant.get('/paystack/transaction/verify/trip-1')
    const listed = async (): Promise<unknown> => (await control(merchant, 'GET', '/held')).body
    while (((await listed()) as unknown[]).length === 0);
    expect(await listed()).toEqual([{ call: 'paystack.verify', when: 'after' }])
    await control(merchant, 'POST', '/release', {})
    expect((await held).status).toBe(200)
  })

  it.each([
    ['/scripts', { script: 'sucess' }, /^script may be success, fail/],
    ['/faults', { call: 'paystack.initialise', fault: '500' }, /^call may be paystack.initialize/],
    ['/faults', { call: 'paystack.verify', fault: 'reset' }, /^fault may be reset-before/],
    [
      '/pay',
      { gateway: 'paystack', reference: 'trip-1', action: 'pay' },
      /^paystack knows no payment trip-1$/,
    ],
    ['/pay', { gateway: 'paystack', reference: 'trip-1' }, /^action is missing$/],
    ['/webhooks/deliver', { id: 'msg_1' }, /^no webhook msg_1$/],
  ])('[FG32] POST %s %j is refused', async (path, body, message) => {
    const merchant = await startMerchant()
    expect(await control(merchant, 'POST', path, body)).toEqual({
      status: 400,
      body: { message: expect.stringMatching(message) as unknown },
    })
    expect((await control(merchant, 'GET', path)).status).toBe(404)
  })
})
