import { describe, expect, it } from 'vitest'
import { LATE_SECONDS, SETTLE_SECONDS, type PaymentScript } from './scripts.ts'
import { at, order, orderAndPay, startMerchant, type Merchant } from './test-merchant.ts'
import { GATEWAYS, type GatewayName } from './wire.ts'

/** What the gateway says of a payment: Paystack's transaction, Flutterwave's, Yoco's checkout. */
async function told(merchant: Merchant, gateway: GatewayName, reference: string, ordered: unknown) {
  const paths = {
    paystack: `/paystack/transaction/verify/${reference}`,
    flutterwave: `/flutterwave/v3/transactions/verify_by_reference?tx_ref=${reference}`,
    yoco: `/yoco/api/checkouts/${String(at(ordered, 'body.id'))}`,
  }
  const { body } = await merchant.get(paths[gateway])
  return gateway === 'yoco' ? body : (body['data'] as Record<string, unknown> | null)
}

/** Of a payment of 300.50, after the script. */
async function toldAfter(
  script: PaymentScript,
  gateway: GatewayName,
  options: Parameters<typeof startMerchant>[0] = {},
) {
  const merchant = await startMerchant(options)
  merchant.control.setScript({ script, times: 1 })
  return told(merchant, gateway, 'trip-1', await orderAndPay(merchant, gateway, 'trip-1'))
}

describe('scripts', () => {
  it.each([
    ['success', 'success', 'successful', 'completed'],
    ['fail', 'failed', 'failed', 'created'],
  ] as const)('[FG14] %s', async (script, ...statuses) => {
    for (const [index, gateway] of GATEWAYS.entries())
      expect(await toldAfter(script, gateway)).toMatchObject({ status: statuses[index] })
  })

  it.each([
    ['underpay', 30049, 300.49],
    ['overpay', 30051, 300.51],
  ] as const)('[FG14] %s is one minor unit', async (script, minor, major) => {
    expect(await toldAfter(script, 'paystack')).toMatchObject({ amount: minor, requested_amount: 30050 })
    expect(await toldAfter(script, 'flutterwave')).toMatchObject({ amount: major })
    expect(await toldAfter(script, 'yoco')).toMatchObject({ amount: minor })
  })

  it.each(GATEWAYS)('[FG14] another currency of %s', async (gateway) => {
    expect(await toldAfter('other-currency', gateway)).toMatchObject({ currency: 'USD' })
  })

  it('[FG14] another reference', async () => {
    expect(await toldAfter('other-reference', 'paystack')).toMatchObject({ reference: 'trip-1-other' })
    expect(await toldAfter('other-reference', 'flutterwave')).toMatchObject({ tx_ref: 'trip-1-other' })
    expect(await toldAfter('other-reference', 'yoco')).toMatchObject({
      metadata: { reference: 'trip-1-other' },
    })
  })

  it('[FG14] play money in live mode', async () => {
    const live = { mode: 'live' } as const
    expect(await toldAfter('success', 'paystack', live)).toMatchObject({ domain: 'live' })
    expect(await toldAfter('domain-test', 'paystack', live)).toMatchObject({ domain: 'test' })
    expect(await toldAfter('success', 'yoco', live)).toMatchObject({ processingMode: 'live' })
    expect(await toldAfter('domain-test', 'yoco', live)).toMatchObject({ processingMode: 'test' })
    expect(await toldAfter('domain-test', 'flutterwave', live)).toMatchObject({
      flw_ref: expect.stringContaining('MOCK') as unknown,
    })
  })

  it.each(GATEWAYS)('[FG14] %s hears of a late success', async (gateway) => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'abandon-then-late-success', reference: 'trip-1' })
    const ordered = await orderAndPay(merchant, gateway, 'trip-1')
    await merchant.control.advance(LATE_SECONDS - 1)
    expect(merchant.control.effectsOf('trip-1').charges).toEqual([])
    expect(await told(merchant, gateway, 'trip-1', ordered)).not.toMatchObject({ amount: 300.5 })
    await merchant.control.advance(1)
    expect(merchant.control.effectsOf('trip-1').charges).toMatchObject([{ amountMinor: 30050 }])
    expect(merchant.heard).toHaveLength(1)
  })

  it('[FG14] two successes of one reference', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'double-success', reference: 'trip-1' })
    await orderAndPay(merchant, 'flutterwave', 'trip-1')
    const [one, other] = merchant.control.effectsOf('trip-1').charges
    expect(one?.id).not.toBe(other?.id)
    await merchant.control.settled()
    const told = merchant.events('charge.completed').map((event) => at(event, 'data.id'))
    expect(told.sort()).toEqual([one?.id, other?.id])
  })

  it('[FG14] the bank takes money back', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'reversed', reference: 'trip-1' })
    const ordered = await orderAndPay(merchant, 'paystack', 'trip-1')
    expect(await told(merchant, 'paystack', 'trip-1', ordered)).toMatchObject({ status: 'success' })
    await merchant.control.advance(SETTLE_SECONDS)
    expect(await told(merchant, 'paystack', 'trip-1', ordered)).toMatchObject({ status: 'reversed' })
    expect((await merchant.post('/paystack/refund', { transaction: 'trip-1' })).status).toBe(400)
  })

  it('[FG14] a dispute takes a day', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'dispute', reference: 'trip-1' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.control.advance(25 * 3600)
    expect(merchant.heard.map(({ body }) => at(JSON.parse(body), 'event'))).toEqual([
      'charge.success',
      'charge.dispute.create',
      'charge.dispute.remind',
      'charge.dispute.resolve',
    ])
    expect(merchant.events('charge.dispute.create')).toMatchObject([
      {
        data: {
          refund_amount: 30050,
          status: 'awaiting-merchant-feedback',
          transaction_reference: null,
          category: 'chargeback',
          transaction: { reference: 'trip-1' },
        },
      },
    ])
    expect(at(merchant.events('charge.dispute.resolve')[0], 'data.resolution')).toBe('merchant-accepted')
  })

  it('[FG14] its own script, then those for the next, then the one for all', async () => {
    const merchant = await startMerchant()
    const amountOf = async (gateway: GatewayName, reference: string): Promise<unknown> => {
      await orderAndPay(merchant, gateway, reference)
      return merchant.control.effectsOf(reference).charges[0]?.amountMinor
    }
    merchant.control.setScript({ script: 'underpay' })
    merchant.control.setScript({ script: 'overpay', gateway: 'yoco', times: 1 })
    merchant.control.setScript({ script: 'success', reference: 'trip-9' })
    merchant.control.setScript({ script: 'transfer-failed' })

    expect(await amountOf('paystack', 'trip-1')).toBe(30049)
    expect(await amountOf('yoco', 'trip-9')).toBe(30050)
    expect(await amountOf('yoco', 'trip-2')).toBe(30051)
    expect(await amountOf('yoco', 'trip-3')).toBe(30049)
    merchant.control.setScript({ script: 'success' })
    expect(await amountOf('yoco', 'trip-4')).toBe(30050)

    await order(merchant, 'paystack', 'trip-5')
    merchant.control.setScript({ script: 'overpay', reference: 'trip-5' })
    merchant.control.pay({ gateway: 'paystack', reference: 'trip-5', action: 'pay' })
    expect(merchant.control.effectsOf('trip-5').charges).toMatchObject([{ amountMinor: 30051 }])
  })

  it('[FG14] what is paid is not paid again', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    merchant.control.pay({ gateway: 'paystack', reference: 'trip-1', action: 'pay' })
    merchant.control.pay({ gateway: 'paystack', reference: 'trip-1', action: 'decline' })
    expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(1)
  })
})

describe('keys', () => {
  it.each([
    ['/paystack/transaction/verify/trip-1', 401, { status: false, message: 'Invalid key' }],
    [
      '/flutterwave/v3/transactions',
      401,
      { status: 'error', message: 'Invalid authorization key', data: null },
    ],
    ['/yoco/api/checkouts/ch_1', 403, { message: 'A key is required, but has not been specified.' }],
  ])('[FG13] %s wants its own', async (path, status, body) => {
    const merchant = await startMerchant()
    for (const authorization of ['', 'Bearer sk_test_other', merchant.secrets.paystack.secretKey])
      expect(await merchant.get(path, { authorization })).toEqual({ status, body })
    expect(Object.values(merchant.control.effects()).map(({ calls }) => calls)).toEqual([{}, {}, {}])
  })

  it('[FG13] an address that is none, and a body that is no JSON', async () => {
    const merchant = await startMerchant()
    expect((await merchant.get('/paystack/nowhere')).status).toBe(404)
    const response = await fetch(`${merchant.url}/paystack/refund`, {
      method: 'POST',
      headers: { authorization: `Bearer ${merchant.secrets.paystack.secretKey}` },
      body: '{"transaction":',
    })
    expect(response.status).toBe(400)
    const huge = await fetch(`${merchant.url}/paystack/refund`, { method: 'POST', body: 'x'.repeat(2 ** 21) })
    expect(huge.status).toBe(413)
  })
})
