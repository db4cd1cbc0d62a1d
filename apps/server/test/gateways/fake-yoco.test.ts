import { expect, it } from 'vitest'
import { SETTLE_SECONDS } from './scripts.ts'
import { at, order, orderAndPay, pageOf, startMerchant } from './test-merchant.ts'

const CHECKOUTS = '/yoco/api/checkouts'
const ORDER = {
  amount: 30050,
  currency: 'ZAR',
  successUrl: 'https://toota.example/success',
  cancelUrl: 'https://toota.example/cancel',
  metadata: { reference: 'trip-1' },
}

it('[FG11] a key makes one checkout', async () => {
  const merchant = await startMerchant()
  const post = (body: unknown) => merchant.post(CHECKOUTS, body, { 'idempotency-key': 'key-1' })
  const first = await post(ORDER)
  expect(first).toMatchObject({
    status: 201,
    body: {
      id: expect.stringMatching(/^ch_[a-z0-9]{15}$/) as unknown,
      redirectUrl: expect.stringContaining(`${merchant.url}/pay/yoco/`) as unknown,
      status: 'created',
      amount: 30050,
      currency: 'ZAR',
      paymentId: null,
      processingMode: 'test',
      metadata: { reference: 'trip-1' },
      failureUrl: 'https://toota.example/cancel',
    },
  })
  merchant.control.pay({ gateway: 'yoco', reference: 'trip-1', action: 'pay' })
  expect(await post(ORDER)).toEqual({ ...first, status: 200 })
  expect((await post({ ...ORDER, amount: 30051 })).status).toBe(422)
  expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(1)

  await merchant.control.advance(24 * 3600)
  const later = await post(ORDER)
  expect(later.status).toBe(201)
  expect(later.body['id']).not.toBe(first.body['id'])
  merchant.control.pay({ gateway: 'yoco', reference: 'trip-1', action: 'pay' })
  expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(2)
})

it('[FG11] a key makes one refund, and its repeat is told the first answer', async () => {
  const merchant = await startMerchant()
  merchant.control.setScript({ script: 'refund-slow', reference: 'trip-1' })
  const { body } = await orderAndPay(merchant, 'yoco', 'trip-1')
  const refund = (key: string, amount: number) =>
    merchant.post(`${CHECKOUTS}/${String(body['id'])}/refund`, { amount }, { 'idempotency-key': key })

  const first = await refund('r-1', 10000)
  expect(first).toMatchObject({ status: 202, body: { id: body['id'], status: 'successful' } })
  expect(await refund('r-1', 10000)).toEqual(first)
  expect((await refund('r-1', 10001)).status).toBe(422)
  expect((await refund('r-2', 20051)).status).toBe(400)
  await merchant.control.advance(80 * 3600)
  expect(merchant.events('refund.succeeded')).toHaveLength(1)
  expect(merchant.control.effectsOf('trip-1').refunds).toMatchObject([
    { id: first.body['refundId'], amountMinor: 10000, status: 'processed' },
  ])
})

it.each([{ amount: 199 }, { amount: '300.50' }, { currency: 'NGN' }])(
  '[FG11] %j is refused',
  async (change) => {
    const merchant = await startMerchant()
    expect((await merchant.post(CHECKOUTS, { ...ORDER, ...change })).status).toBe(400)
  },
)

it('[FG12] a checkout follows the customer', async () => {
  const merchant = await startMerchant()
  const ordered = await order(merchant, 'yoco', 'trip-1')
  const path = `${CHECKOUTS}/${String(ordered.body['id'])}`
  expect((await merchant.get(path)).body['status']).toBe('created')
  await fetch(pageOf(ordered))
  expect((await merchant.get(path)).body['status']).toBe('processing')
  merchant.control.pay({ gateway: 'yoco', reference: 'trip-1', action: 'decline' })
  merchant.control.pay({ gateway: 'yoco', reference: 'trip-1', action: 'pay' })
  const paid = await merchant.get(path)
  expect(paid.body).toMatchObject({ status: 'completed', amount: 30050 })
  expect(paid.body['paymentId']).toMatch(/^p_[a-z0-9]{24}$/)
  expect((await merchant.get(`${CHECKOUTS}/ch_nowhere`)).status).toBe(404)

  await merchant.control.settled()
  expect(merchant.events('payment.failed')).toHaveLength(1)
  const event = merchant.events('payment.succeeded')[0]
  expect(event).toMatchObject({
    id: expect.stringMatching(/^evt_/) as unknown,
    type: 'payment.succeeded',
    createdDate: expect.stringMatching(/Z$/) as unknown,
    payload: {
      id: paid.body['paymentId'],
      type: 'payment',
      amount: 30050,
      currency: 'ZAR',
      status: 'succeeded',
      mode: 'test',
      metadata: { reference: 'trip-1', checkoutId: ordered.body['id'] },
      paymentMethodDetails: { type: 'card', card: { scheme: 'visa' } },
    },
  })
})

it('[FG12] a paid checkout is refunded up to what was paid', async () => {
  const merchant = await startMerchant()
  const { body } = await order(merchant, 'yoco', 'trip-1')
  const path = `${CHECKOUTS}/${String(body['id'])}/refund`
  expect((await merchant.post(path, {})).status).toBe(400)
  merchant.control.pay({ gateway: 'yoco', reference: 'trip-1', action: 'pay' })
  expect(await merchant.post(path, { amount: 50 })).toMatchObject({
    status: 200,
    body: { id: body['id'], refundId: expect.stringMatching(/^rfd_/) as unknown, status: 'successful' },
  })
  expect((await merchant.post(path, {})).status).toBe(200)
  expect((await merchant.post(path, { amount: 1 })).status).toBe(400)

  await merchant.control.settled()
  const told = merchant
    .events('refund.succeeded')
    .map((event) => [
      at(event, 'payload.amount'),
      at(event, 'payload.refundableAmount'),
      at(event, 'payload.metadata.checkoutId'),
    ])
  expect(told).toContainEqual([50, 30000, body['id']])
  expect(told).toContainEqual([30000, 0, body['id']])
})

it('[FG12] a refund that fails is told, and counts no more', async () => {
  const merchant = await startMerchant()
  merchant.control.setScript({ script: 'refund-failed', reference: 'trip-1' })
  const { body } = await orderAndPay(merchant, 'yoco', 'trip-1')
  await merchant.post(`${CHECKOUTS}/${String(body['id'])}/refund`, {})
  await merchant.control.advance(2 * SETTLE_SECONDS)
  expect(merchant.events('refund.failed')).toMatchObject([
    { payload: { status: 'failed', refundableAmount: 30050, failureReason: 'The refund was declined' } },
  ])
  expect(merchant.control.effectsOf('trip-1').refunds).toEqual([])
})
