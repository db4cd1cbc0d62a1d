import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { CallFault } from './faults.ts'
import { order, orderAndPay, startMerchant, type Merchant } from './test-merchant.ts'
import { GATEWAYS } from './wire.ts'

const VERIFY = '/paystack/transaction/verify/trip-1'

/** The raw answer to a call of Paystack's. */
const raw = (merchant: Merchant, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${merchant.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${merchant.secrets.paystack.secretKey}` },
  })

const refund = (merchant: Merchant): Promise<Response> =>
  raw(merchant, '/paystack/refund', { method: 'POST', body: '{"transaction":"trip-1"}' })

/** A paid trip-1, the next refund of which meets the fault. */
async function beforeFault(fault: CallFault, more: { stallMs?: number; isProcessed?: boolean } = {}) {
  const merchant = await startMerchant()
  await orderAndPay(merchant, 'paystack', 'trip-1')
  merchant.control.faultCalls({ call: 'paystack.refund', fault, ...more })
  return merchant
}

const refundsOf = (merchant: Merchant): number => merchant.control.effectsOf('trip-1').refunds.length

describe('faults', () => {
  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('[FG22] %s', async (fault, refunds) => {
    const merchant = await beforeFault(fault)
    const error = await refund(merchant).catch((reason: unknown) => reason)
    expect((error as { cause?: { code?: string } }).cause?.code).toBe('ECONNRESET')
    expect(refundsOf(merchant)).toBe(refunds)
    expect(merchant.control.effects().paystack.calls).toEqual({ initialize: 1, refund: 1 })
  })

  it.each([
    ['stall', 503, {}, 0],
    ['stall', 503, { isProcessed: true }, 1],
    ['500', 500, {}, 0],
    ['500', 500, { isProcessed: true }, 1],
    ['429', 429, {}, 0],
    ['status-false', 200, {}, 0],
  ] as const)('[FG22] %s is %d, %j', async (fault, status, more, refunds) => {
    const merchant = await beforeFault(fault, { stallMs: 20, ...more })
    const response = await refund(merchant)
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null)
    expect(await response.json()).toEqual({ status: false, message: 'An error occurred' })
    expect(refundsOf(merchant)).toBe(refunds)
    expect((await refund(merchant)).status).toBe(refunds === 0 ? 200 : 400)
  })

  it('[FG22] each gateway fails in its own form', async () => {
    const merchant = await startMerchant()
    const bodies: unknown[] = []
    for (const gateway of GATEWAYS) {
      merchant.control.faultCalls({ call: `${gateway}.initialize`, fault: 'stall', stallMs: 1 })
      bodies.push((await order(merchant, gateway, 'trip-1')).body)
    }
    expect(bodies).toEqual([
      { status: false, message: 'An error occurred' },
      { status: 'error', message: 'An error occurred', data: null },
      { message: 'An error occurred' },
    ])
  })

  it('[FG22] a page instead of an answer', async () => {
    const merchant = await beforeFault('html')
    const response = await refund(merchant)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html'])
    expect(await response.text()).toMatch(/^<!doctype html>/)
    expect(refundsOf(merchant)).toBe(0)
  })

  it.each(['truncated', 'nan', 'text-amount'] as const)('[FG22] an answer that is %s', async (fault) => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const whole = await (await raw(merchant, VERIFY)).text()
    merchant.control.faultCalls({ call: 'paystack.verify', fault })
    const spoiled = await (await raw(merchant, VERIFY)).text()
    const amount = fault === 'nan' ? 'NaN' : '"abc"'
    expect(spoiled).toBe(
      fault === 'truncated'
        ? whole.slice(0, Math.ceil(whole.length / 2))
        : whole
            .replace('"amount":30050', `"amount":${amount}`)
            .replace('_amount":30050', `_amount":${amount}`),
    )
    expect(whole).not.toBe(spoiled)
  })

  it('[FG22] an answer that does not end', async () => {
    const merchant = await beforeFault('huge')
    const response = await refund(merchant)
    let bytes = 0
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length
    expect(bytes).toBeGreaterThan(50_000_000)
    expect(refundsOf(merchant)).toBe(1)

    merchant.control.faultCalls({ call: 'paystack.verify', fault: 'huge', hugeBytes: 1e12 })
    const endless = await raw(merchant, VERIFY)
    await endless.body?.cancel()
    expect((await raw(merchant, VERIFY)).status).toBe(200)
  })

  it('[FG23] the second and the third of five', async () => {
    const merchant = await startMerchant()
    merchant.control.faultCalls({ call: 'paystack.verify', fault: '500', nth: 2, times: 2 })
    merchant.control.faultCalls({ call: 'paystack.refund', fault: '500' })
    merchant.control.faultCalls({ call: 'paystack.verify', fault: '429', nth: 5 })
    const statuses: number[] = []
    for (let call = 1; call <= 6; call += 1) statuses.push((await raw(merchant, VERIFY)).status)
    expect(statuses).toEqual([404, 500, 500, 404, 429, 404])
  })
})

describe('holds', () => {
  /** Somebody who asks for a refund and waits for the answer, in a process of his own. */
  async function waitHeld(merchant: Merchant, when: 'before' | 'after') {
    merchant.control.hold({ call: 'paystack.refund', when })
    const program = `fetch('${merchant.url}/paystack/refund', {method: 'POST', body: '{"transaction":"trip-1"}',
      headers: {authorization: 'Bearer ${merchant.secrets.paystack.secretKey}'}}).then((r) => process.exit(r.status - 200))`
    const client = spawn(process.execPath, ['-e', program])
    while (merchant.control.held().length === 0) await new Promise((look) => setTimeout(look, 5))
    expect(merchant.control.held()).toEqual([{ call: 'paystack.refund', when }])
    return client
  }

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('[FG25] killed %s the work', async (when, refunds) => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const client = await waitHeld(merchant, when)
    const gone = once(client, 'exit')
    client.kill('SIGKILL')
    await gone
    merchant.control.release()
    expect(merchant.control.held()).toEqual([])
    // A later call is answered after the one that was let go.
    await raw(merchant, VERIFY)
    expect(refundsOf(merchant)).toBe(refunds)
  })

  it('[FG25] who waits is answered after the release, and nothing more is held', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const client = await waitHeld(merchant, 'before')
    expect(refundsOf(merchant)).toBe(0)
    merchant.control.hold({ call: 'paystack.verify', when: 'before' })
    const gone = once(client, 'exit')
    merchant.control.release()
    expect(await gone).toEqual([0, null])
    expect(refundsOf(merchant)).toBe(1)
    expect((await raw(merchant, VERIFY)).status).toBe(200)
  })
})
