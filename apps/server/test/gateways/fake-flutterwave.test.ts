import { describe, expect, it } from 'vitest'
import { SETTLE_SECONDS, SLOW_REFUND_SECONDS } from './scripts.ts'
import { at, order, orderAndPay, startMerchant, type Merchant } from './test-merchant.ts'

const API = '/flutterwave/v3'
const ORDER = { tx_ref: 'trip-1', amount: 300.5, customer: { email: 'ada@example.com' } }

const byReference = (merchant: Merchant, reference: string) =>
  merchant.get(`${API}/transactions/verify_by_reference?tx_ref=${reference}`)

const NOTHING = {
  status: 'error',
  message: 'No transaction was found for this id',
  data: null,
}

describe('payments', () => {
  it('[FG7] a payment is ordered, and again', async () => {
    const merchant = await startMerchant()
    const first = await merchant.post(`${API}/payments`, ORDER)
    expect(first).toEqual({
      status: 200,
      body: {
        status: 'success',
        message: 'Hosted Link',
        data: { link: expect.stringContaining(`${merchant.url}/pay/flutterwave/`) as unknown },
      },
    })
    expect(await merchant.post(`${API}/payments`, ORDER)).toEqual(first)
    merchant.control.pay({ gateway: 'flutterwave', reference: 'trip-1', action: 'pay' })
    expect((await byReference(merchant, 'trip-1')).body).toMatchObject({
      data: { currency: 'NGN', amount: 300.5 },
    })
  })

  it.each([
    ['300.50', 30050],
    ['0.29', 29],
    [1234567.89, 123456789],
    [7, 700],
  ])('[FG7] %s major units are %d minor ones', async (amount, amountMinor) => {
    const merchant = await startMerchant()
    await merchant.post(`${API}/payments`, { ...ORDER, amount })
    merchant.control.pay({ gateway: 'flutterwave', reference: 'trip-1', action: 'pay' })
    expect(merchant.control.effectsOf('trip-1').charges).toMatchObject([{ amountMinor }])
  })

  it.each([{ amount: -1 }, { amount: '1.005' }, { amount: 0 }, { tx_ref: '' }, { customer: {} }])(
    '[FG7] %j is refused',
    async (change) => {
      const merchant = await startMerchant()
      const refused = await merchant.post(`${API}/payments`, { ...ORDER, ...change })
      expect(refused).toMatchObject({ status: 400, body: { status: 'error', data: null } })
    },
  )

  it('[FG8] there is no transaction before somebody tried to pay', async () => {
    const merchant = await startMerchant()
    await order(merchant, 'flutterwave', 'trip-1')
    expect(await byReference(merchant, 'trip-1')).toEqual({ status: 404, body: NOTHING })
    expect(await merchant.get(`${API}/transactions/7/verify`)).toEqual({ status: 400, body: NOTHING })
    expect((await merchant.get(`${API}/transactions`)).body['data']).toEqual([])
  })

  it('[FG8] it is found by reference and id, in major units', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'flutterwave', 'trip-1')
    const { body } = await byReference(merchant, 'trip-1')
    expect(body).toMatchObject({
      status: 'success',
      message: 'Transaction fetched successfully',
      data: {
        tx_ref: 'trip-1',
        flw_ref: expect.stringMatching(/^FLW-MOCK-/) as unknown,
        amount: 300.5,
        charged_amount: 300.5,
        app_fee: 4.51,
        amount_settled: 295.99,
        currency: 'NGN',
        status: 'successful',
        payment_type: 'card',
        customer: { email: 'ada@example.com' },
      },
    })
    const id = at(body, 'data.id')
    expect(typeof id).toBe('number')
    expect((await merchant.get(`${API}/transactions/${String(id)}/verify`)).body).toEqual(body)
  })

  it('[FG8] the last attempt counts, and failures are told too', async () => {
    const merchant = await startMerchant()
    await order(merchant, 'flutterwave', 'trip-1')
    merchant.control.pay({ gateway: 'flutterwave', reference: 'trip-1', action: 'decline' })
    expect(at((await byReference(merchant, 'trip-1')).body, 'data.status')).toBe('failed')
    merchant.control.pay({ gateway: 'flutterwave', reference: 'trip-1', action: 'pay' })
    expect(at((await byReference(merchant, 'trip-1')).body, 'data.status')).toBe('successful')

    await merchant.control.settled()
    const events = merchant.events('charge.completed')
    expect(events.map((event) => at(event, 'data.status')).sort()).toEqual(['failed', 'successful'])
    expect(events[0]).toMatchObject({ 'event.type': 'CARD_TRANSACTION', data: { tx_ref: 'trip-1' } })
    expect(at(events[0], 'data')).not.toHaveProperty('amount_settled')
  })

  it('[FG8] the list has pages of ten', async () => {
    const merchant = await startMerchant()
    for (let trip = 1; trip <= 11; trip += 1) await orderAndPay(merchant, 'flutterwave', `trip-${trip}`)
    const day = new Date().toISOString().slice(0, 10)
    const page = (number: number) =>
      merchant.get(`${API}/transactions?from=${day}&to=${day}&status=successful&page=${number}`)

    const first = await page(1)
    expect(first.body['meta']).toEqual({ page_info: { total: 11, current_page: 1, total_pages: 2 } })
    expect(at(first.body, 'data.0.tx_ref')).toBe('trip-11')
    expect(at((await page(2)).body, 'data.0.tx_ref')).toBe('trip-1')
    expect((await merchant.get(`${API}/transactions?to=2000-01-01`)).body['data']).toEqual([])
    expect((await merchant.get(`${API}/transactions?status=failed`)).body['data']).toEqual([])
  })
})

describe('refunds', () => {
  const paid = async (merchant: Merchant): Promise<number> => {
    await orderAndPay(merchant, 'flutterwave', 'trip-1')
    return Number(merchant.control.effectsOf('trip-1').charges[0]?.id)
  }

  it('[FG9] one is completed at once, and found with its note', async () => {
    const merchant = await startMerchant()
    const id = await paid(merchant)
    const refund = `${API}/transactions/${id}/refund`
    const first = await merchant.post(refund, { amount: 100.25, comments: 'r-1' })
    expect(first.body).toMatchObject({
      status: 'success',
      message: 'Transaction refund initiated',
      data: { tx_id: id, amount_refunded: 100.25, status: 'completed', destination: 'payment_source' },
    })
    expect((await merchant.post(refund, { amount: 200.26 })).status).toBe(400)
    expect((await merchant.post(refund, {})).body).toMatchObject({ data: { amount_refunded: 200.25 } })

    const listed = await merchant.get(`${API}/refunds?from=2020-01-01&to=2100-01-01`)
    expect(at(listed.body, 'data.1')).toMatchObject({ tx_id: id, comments: 'r-1', amount_refunded: 100.25 })
    const found = await merchant.get(`${API}/refunds/${String(at(first.body, 'data.id'))}`)
    expect(at(found.body, 'data.status')).toBe('completed')
    expect((await merchant.get(`${API}/refunds/7`)).status).toBe(404)
  })

  it.each([
    ['refund-slow', SLOW_REFUND_SECONDS + SETTLE_SECONDS, 'completed'],
    ['refund-failed', 2 * SETTLE_SECONDS, 'failed'],
  ] as const)('[FG9] %s is pending first', async (script, seconds, status) => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script, reference: 'trip-1' })
    const { body } = await merchant.post(`${API}/transactions/${await paid(merchant)}/refund`, {})
    const find = () => merchant.get(`${API}/refunds/${String(at(body, 'data.id'))}`)
    expect(at(body, 'data.status')).toBe('pending')
    await merchant.control.advance(seconds - 1)
    expect(at((await find()).body, 'data.status')).toBe('pending')
    await merchant.control.advance(1)
    expect(at((await find()).body, 'data.status')).toBe(status)
  })

  it('[FG9] a hook is sent again', async () => {
    const merchant = await startMerchant()
    const id = await paid(merchant)
    expect((await merchant.post(`${API}/transactions/${id}/resend-hook`, {})).body).toEqual({
      status: 'success',
      message: 'hook sent successfully',
      data: 'hook sent',
    })
    await merchant.control.settled()
    const [one, other] = merchant.heard.map(({ body }) => body)
    expect(other).toBe(one)
  })
})
