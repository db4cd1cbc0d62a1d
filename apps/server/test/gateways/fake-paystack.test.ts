import { describe, expect, it } from 'vitest'
import { SETTLE_SECONDS } from './scripts.ts'
import { at, order, orderAndPay, pageOf, startMerchant, type Merchant } from './test-merchant.ts'

const INITIALIZE = '/paystack/transaction/initialize'
const VERIFY = '/paystack/transaction/verify'
const ORDER = { email: 'thandi@example.com', amount: 30050, currency: 'ZAR' }

const verified = async (merchant: Merchant, reference: string): Promise<unknown> =>
  at((await merchant.get(`${VERIFY}/${reference}`)).body, 'data')

describe('payments', () => {
  it('[FG1] a transaction is initialized once', async () => {
    const merchant = await startMerchant()
    const { status, body } = await merchant.post(INITIALIZE, { ...ORDER, reference: 'trip-1' })
    const code = String(at(body, 'data.access_code'))

    expect(code).toMatch(/^[a-z0-9]{15}$/)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: true,
        message: 'Authorization URL created',
        data: {
          authorization_url: `${merchant.url}/pay/paystack/${code}`,
          access_code: code,
          reference: 'trip-1',
        },
      },
    })
    expect(await merchant.post(INITIALIZE, { ...ORDER, reference: 'trip-1' })).toEqual({
      status: 400,
      body: {
        status: false,
        message: 'Duplicate Transaction Reference',
        meta: { nextStep: 'Try and create the Transaction or Charge with a new reference' },
        type: 'validation_error',
        code: 'duplicate_reference',
        errorCodeMappingNotFound: false,
      },
    })
  })

  it.each([
    [{ amount: 300.5 }, 400, 'Invalid Amount Sent'],
    [{ amount: 0 }, 400, 'Invalid Amount Sent'],
    [{ email: 'nobody' }, 400, 'Invalid Email Address Passed'],
    [{ currency: 'TZS' }, 403, 'Currency not supported by merchant'],
    [{ reference: 'trip_1' }, 400, 'Invalid character in transaction reference'],
  ])('[FG1] %j is refused', async (change, status, message) => {
    const merchant = await startMerchant()
    const refused = await merchant.post(INITIALIZE, { ...ORDER, ...change })
    expect([refused.status, at(refused.body, 'status'), at(refused.body, 'message')]).toEqual([
      status,
      false,
      message,
    ])
  })

  it('[FG1] digits in a string are an amount, and what is not named is naira', async () => {
    const merchant = await startMerchant()
    await merchant.post(INITIALIZE, { email: ORDER.email, amount: '500000', reference: 'trip-1' })
    expect(await verified(merchant, 'trip-1')).toMatchObject({ amount: 500000, currency: 'NGN' })
  })

  it('[FG2] an unknown reference is 404 in its words', async () => {
    const merchant = await startMerchant()
    expect(await merchant.get(`${VERIFY}/nowhere`)).toMatchObject({
      status: 404,
      body: { status: false, message: 'Transaction reference not found.' },
    })
  })

  it('[FG2] the status follows the customer', async () => {
    const merchant = await startMerchant()
    const ordered = await order(merchant, 'paystack', 'trip-1')
    const act = (action: 'pay' | 'decline' | 'cancel') =>
      merchant.control.pay({ gateway: 'paystack', reference: 'trip-1', action })
    const statuses: unknown[] = []
    const look = async (): Promise<void> => {
      const { body } = await merchant.get(`${VERIFY}/trip-1`)
      expect(at(body, 'status')).toBe(true)
      statuses.push(at(body, 'data.status'))
    }

    await look()
    await fetch(pageOf(ordered))
    await look()
    act('cancel')
    await look()
    act('decline')
    await look()
    act('pay')
    await look()
    expect(statuses).toEqual(['abandoned', 'ongoing', 'abandoned', 'failed', 'success'])
    await merchant.control.settled()
    // There is no event of a failure.
    expect(merchant.heard).toHaveLength(1)
  })

  it('[FG2] a paid transaction has the shape of the official sample', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const data = (await verified(merchant, 'trip-1')) as Record<string, unknown>

    expect(Object.keys(data).sort()).toEqual(
      [
        ...[
          'amount',
          'authorization',
          'channel',
          'connect',
          'createdAt',
          'created_at',
          'currency',
          'customer',
        ],
        ...['domain', 'fees', 'fees_breakdown', 'fees_split', 'gateway_response', 'id', 'ip_address', 'log'],
        ...['message', 'metadata', 'order_id', 'paidAt', 'paid_at', 'plan', 'plan_object'],
        ...['pos_transaction_data', 'receipt_number', 'reference', 'requested_amount', 'source', 'split'],
        ...['status', 'subaccount', 'transaction_date'],
      ].sort(),
    )
    expect(data).toMatchObject({
      domain: 'test',
      status: 'success',
      reference: 'trip-1',
      amount: 30050,
      requested_amount: 30050,
      fees: 451,
      currency: 'ZAR',
      gateway_response: 'Successful',
      channel: 'card',
      paid_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
      authorization: { last4: '4081', card_type: 'visa ' },
      customer: { email: 'thandi@example.com', first_name: null },
    })
    expect(data['id']).toBeGreaterThan(2 ** 31)
  })

  it('[FG3] metadata is missing in three ways, or an object', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.control.settled()
    const listed = await merchant.get('/paystack/transaction')
    expect([
      at(await verified(merchant, 'trip-1'), 'metadata'),
      at(merchant.events('charge.success')[0], 'data.metadata'),
      at(listed.body, 'data.0.metadata'),
    ]).toEqual(['', 0, null])

    await merchant.post(INITIALIZE, { ...ORDER, reference: 'trip-2', metadata: { trip_id: 'a' } })
    expect(at(await verified(merchant, 'trip-2'), 'metadata')).toEqual({ trip_id: 'a' })
  })

  it('[FG4] the list has pages, states and a window', async () => {
    const merchant = await startMerchant()
    for (const reference of ['trip-1', 'trip-2', 'trip-3']) await orderAndPay(merchant, 'paystack', reference)
    await order(merchant, 'paystack', 'trip-4')
    const references = async (query: string): Promise<unknown> =>
      ((await merchant.get(`/paystack/transaction?${query}`)).body['data'] as { reference: string }[]).map(
        ({ reference }) => reference,
      )

    expect(await references('status=success&perPage=2&page=1')).toEqual(['trip-3', 'trip-2'])
    expect(await references('status=success&perPage=2&page=2')).toEqual(['trip-1'])
    expect(await references('status=abandoned')).toEqual(['trip-4'])
    expect(await references('from=2100-01-01T00:00:00.000Z')).toEqual([])
    expect(await references('to=2000-01-01T00:00:00.000Z')).toEqual([])
    expect((await merchant.get('/paystack/transaction?status=success&perPage=2')).body['meta']).toEqual({
      total: 3,
      skipped: 0,
      perPage: 2,
      page: 1,
      pageCount: 2,
    })
  })
})

describe('refunds', () => {
  it('[FG5] two calls make two refunds, a third is too many', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const refund = () =>
      merchant.post('/paystack/refund', { transaction: 'trip-1', amount: 15000, merchant_note: 'r-1' })

    const first = await refund()
    expect(first.body).toMatchObject({
      status: true,
      message: 'Refund has been queued for processing',
      data: { status: 'pending', amount: 15000, merchant_note: 'r-1', transaction: { reference: 'trip-1' } },
    })
    const id = await verified(merchant, 'trip-1').then((data) => at(data, 'id'))
    expect((await merchant.post('/paystack/refund', { transaction: id, amount: 15000 })).status).toBe(200)
    expect(await refund()).toMatchObject({ status: 400, body: { status: false } })
    expect(merchant.control.effectsOf('trip-1').refunds).toHaveLength(2)

    const listed = await merchant.get('/paystack/refund?from=2020-01-01T00:00:00.000Z&page=1')
    expect(at(listed.body, 'data.1')).toMatchObject({ transaction: id, merchant_note: 'r-1', amount: 15000 })
    const found = await merchant.get(`/paystack/refund/${String(at(first.body, 'data.id'))}`)
    expect(found.body).toMatchObject({ message: 'Refund retrieved', data: { transaction: id } })
  })

  it('[FG5] its events come one by one, amounts as strings', async () => {
    const merchant = await startMerchant()
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.post('/paystack/refund', { transaction: 'trip-1' })
    await merchant.control.advance(2 * SETTLE_SECONDS)

    expect(merchant.events('refund.pending')).toEqual([
      {
        event: 'refund.pending',
        data: {
          status: 'pending',
          transaction_reference: 'trip-1',
          refund_reference: null,
          amount: '30050',
          currency: 'ZAR',
          processor: 'instant-transfer',
          customer: { first_name: null, last_name: null, email: 'thandi@example.com' },
          integration: 463433,
          domain: 'test',
        },
      },
    ])
    expect(at(merchant.events('refund.processing')[0], 'data.amount')).toBe('30050')
    expect(at(merchant.events('refund.processed')[0], 'data.amount')).toBe('30050')
    expect(at(merchant.events('refund.processed')[0], 'data.refund_reference')).toMatch(/^TRF_/)
    expect(at(await verified(merchant, 'trip-1'), 'status')).toBe('reversed')
  })

  it('[FG5] one that needs attention is retried with the details of the customer', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'refund-needs-attention', reference: 'trip-1' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const ordered = await merchant.post('/paystack/refund', { transaction: 'trip-1' })
    const retry = `/paystack/refund/retry_with_customer_details/${String(at(ordered.body, 'data.id'))}`
    expect((await merchant.post(retry, {})).status).toBe(400)
    await merchant.control.advance(2 * SETTLE_SECONDS)

    const event = at(merchant.events('refund.needs-attention')[0], 'data') as Record<string, unknown>
    expect(event).toMatchObject({ amount: 30050, id: String(at(ordered.body, 'data.id')) })
    expect(event).not.toHaveProperty('processor')

    expect(await merchant.post(retry, {})).toMatchObject({ status: 200, body: { status: true } })
    await merchant.control.advance(SETTLE_SECONDS)
    expect(merchant.events('refund.processed')).toHaveLength(1)
  })

  it('[FG5] the amount of a failed one is a number, and can be refunded again', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'refund-failed', reference: 'trip-1' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.post('/paystack/refund', { transaction: 'trip-1' })
    await merchant.control.advance(2 * SETTLE_SECONDS)

    expect(at(merchant.events('refund.failed')[0], 'data.amount')).toBe(30050)
    expect(merchant.control.effectsOf('trip-1').refunds).toEqual([])
    expect((await merchant.post('/paystack/refund', { transaction: 'trip-1' })).status).toBe(200)
  })

  it('[FG5] what was not paid is not refunded', async () => {
    const merchant = await startMerchant()
    await order(merchant, 'paystack', 'trip-1')
    expect((await merchant.post('/paystack/refund', { transaction: 'trip-1' })).status).toBe(400)
    expect((await merchant.post('/paystack/refund', { transaction: 'trip-2' })).status).toBe(404)
  })
})
