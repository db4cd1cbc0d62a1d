import { describe, expect, it } from 'vitest'
import { playSamples, sampleOf, type Sample } from '../../../test/gateways/samples/play-samples.ts'
import type { PaymentOrder, RefundOrder } from './gateway.ts'
import { yocoGateway } from './yoco.ts'

const REFERENCE = 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10'
const CHECKOUT = 'ch_9LVKD8GnAj7f39DFbn4F16bE'
const ORDER: PaymentOrder = {
  reference: REFERENCE,
  amount: { amountMinor: 30_050, currency: 'ZAR' },
  method: 'card',
  email: 'ada@example.com',
  returnUrl: 'https://toota.example/payment/verify/',
  tripId: 'trip-1',
}
const REFUND: RefundOrder = {
  refundId: '5b9c2a3e-1111-4222-8333-944455566677',
  reference: REFERENCE,
  chargeGatewayId: 'p_bx4bY9JA6r4UwAKFyAjHY2bE',
  pageGatewayId: CHECKOUT,
  amount: { amountMinor: 10_283, currency: 'ZAR' },
  createdAt: new Date('2026-08-22T10:00:00Z'),
}
const REFUND_ID = 'rfd_r72Lbce7jZ46y7HgycNJ5Fvrb'

async function play(...samples: (string | Sample)[]) {
  const far = await playSamples('yoco', ...samples)
  let now = new Date('2026-08-22T10:05:00Z')
  const gateway = yocoGateway({
    ...{ baseUrl: far.baseUrl, secretKey: 'sk_live_1', webhookSecrets: [] },
    log: { warn: () => undefined },
    clock: { now: () => now },
  })
  return { gateway, requests: far.requests, passTo: (at: string) => void (now = new Date(at)) }
}
const bodyOf = ({ body }: { body: string }) => JSON.parse(body) as unknown
const verified = async (sample: string | Sample) =>
  (await play(sample)).gateway.verifyPayment({ reference: REFERENCE, gatewayId: CHECKOUT })
const withBody = (name: string, body: object): Sample => {
  const sample = sampleOf('yoco', name)
  return { ...sample, body: { ...sample.body, ...body } }
}
const of = (value: unknown) => ({ outcome: 'done', value })

describe('a payment page at Yoco', () => {
  it('[GW1] [GW2] is asked for in cents, under our reference as its key', async () => {
    const { gateway, requests } = await play('checkout')
    expect(await gateway.startPayment(ORDER)).toEqual(
      of({ link: `https://c.yoco.com/checkout/${CHECKOUT}`, gatewayId: CHECKOUT }),
    )
    expect(bodyOf(requests[0]!)).toEqual(sampleOf('yoco', 'checkout').request.body)
    expect(requests[0]?.headers['idempotency-key']).toBe(REFERENCE)
    expect(requests[0]?.headers.authorization).toBe('Bearer sk_live_1')
  })

  it('[GW2] what it does not take is refused here', async () => {
    const { gateway, requests } = await play('checkout')
    expect(await gateway.startPayment({ ...ORDER, method: 'mobile_money' })).toEqual({
      outcome: 'refused',
      reason: 'method-not-supported',
    })
    expect(
      await gateway.startPayment({ ...ORDER, amount: { amountMinor: 30_050, currency: 'NGN' } }),
    ).toEqual({ outcome: 'refused', reason: 'currency-not-supported' })
    expect(requests).toEqual([])
  })

  it('[GW6] its own no is refused: a wrong key, and a reference with another order', async () => {
    const outcome = async (name: string) => (await play(name)).gateway.startPayment(ORDER)
    expect(await outcome('checkout-other-body')).toEqual({
      outcome: 'refused',
      reason: 'duplicate-reference',
    })
    expect(await outcome('bad-key')).toEqual({
      outcome: 'refused',
      reason: 'A key is required, but has not been specified.',
    })
  })
})

describe('what Yoco says of a payment', () => {
  const charge = {
    reference: REFERENCE,
    gatewayId: 'p_bx4bY9JA6r4UwAKFyAjHY2bE',
    amountMinor: 30_050,
    currency: 'ZAR',
    requestedMinor: null,
    feeMinor: 0,
    isLive: true,
  }

  it('[GW1] [GW3] completed is paid, live or not', async () => {
    expect(await verified('verify-completed')).toEqual(of({ state: 'paid', charge }))
    expect(await verified('verify-completed-test')).toEqual(
      of({ state: 'paid', charge: { ...charge, gatewayId: CHECKOUT, isLive: false } }),
    )
  })

  it('[GW3] what may still be paid is open, what never was is missing', async () => {
    expect(await verified('verify-created')).toEqual(of({ state: 'open' }))
    expect(await verified('verify-processing')).toEqual(of({ state: 'open' }))
    expect(await verified(withBody('verify-created', { status: 'failed' }))).toEqual(
      of({ state: 'failed', reason: 'failed' }),
    )
    expect(await verified('verify-missing')).toEqual(of({ state: 'missing' }))
  })

  it('[GW3] without the id of a checkout nobody can be asked', async () => {
    for (const gatewayId of [null, '', '..', 'ch/../x', 'ch?x=1']) {
      const { gateway, requests } = await play()
      expect(await gateway.verifyPayment({ reference: REFERENCE, gatewayId })).toEqual(
        of({ state: 'missing' }),
      )
      expect(requests).toEqual([])
    }
  })

  it.each([
    [{ amount: '300.50' }, 'unreadable'],
    [{ amount: -1 }, 'unreadable'],
    [{ amount: 0 }, 'unreadable'],
    [{ amount: null }, 'unreadable'],
    [{ currency: null }, 'unreadable'],
    [{ id: 'ch_another' }, 'other-checkout'],
    [{ status: 'whatever' }, 'status whatever'],
    [{ status: 'created', metadata: { reference: 'another' } }, 'other-reference'],
  ])('[GW3] nonsense is unknown: %o', async (body, reason) => {
    expect(await verified(withBody('verify-completed', body))).toEqual({ outcome: 'unknown', reason })
  })

  it('[GW3] money is told with the reference that its checkout has', async () => {
    expect(
      await verified(withBody('verify-completed', { metadata: { reference: 'another' } })),
    ).toMatchObject({ value: { charge: { reference: 'another' } } })
  })
})

describe('a refund at Yoco', () => {
  it('[GW1] [GW4] is ordered under its id as the key, and asked for by the same order again', async () => {
    const { gateway, requests } = await play('refund-accepted')
    const sent = of({ state: 'sent', gatewayId: REFUND_ID })
    expect(await gateway.refund(REFUND)).toEqual(sent)
    expect(await gateway.findRefund(REFUND)).toEqual(sent)
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual([
      REFUND.refundId,
      REFUND.refundId,
    ])
    expect(requests[0]?.body).toBe(requests[1]?.body)
    expect(bodyOf(requests[0]!)).toEqual(sampleOf('yoco', 'refund-accepted').request.body)
  })

  it('[GW4] done, under way, failed', async () => {
    const refunded = async (name: string) => (await play(name)).gateway.refund(REFUND)
    expect(await refunded('refund-done')).toEqual(of({ state: 'done', gatewayId: REFUND_ID }))
    expect(await refunded('refund-pending')).toEqual(of({ state: 'sent', gatewayId: null }))
    expect(await refunded('refund-failed')).toEqual(of({ state: 'failed', gatewayId: REFUND_ID }))
    expect(await refunded('refund-refused')).toMatchObject({ outcome: 'refused' })
  })

  it('[GW4] in progress, or a key with another order, is unknown', async () => {
    const refunded = async (name: string) => (await play(name)).gateway.refund(REFUND)
    expect(await refunded('refund-conflict')).toEqual({ outcome: 'unknown', reason: 'bad-status 409' })
    expect(await refunded('refund-other-body')).toEqual({ outcome: 'unknown', reason: 'key-reused' })
  })

  it('[GW4] nothing is sent once the key may be forgotten: it would be a second refund', async () => {
    const { gateway, requests, passTo } = await play('refund-accepted')
    passTo('2026-08-23T09:00:00.001Z')
    const unknown = { outcome: 'unknown', reason: 'key-expired' }
    expect(await gateway.findRefund(REFUND)).toEqual(unknown)
    expect(await gateway.refund(REFUND)).toEqual(unknown)
    expect(requests).toEqual([])
  })

  it('[GW4] without the id of its checkout nothing is sent', async () => {
    for (const pageGatewayId of [null, '..', 'ch/x']) {
      const { gateway, requests } = await play('refund-accepted')
      expect(await gateway.refund({ ...REFUND, pageGatewayId })).toEqual({
        outcome: 'refused',
        reason: 'checkout-id-missing',
      })
      expect(requests).toEqual([])
    }
  })

  it('[GW16] there is no list of charges', async () => {
    expect((await play()).gateway).not.toHaveProperty('listCharges')
  })
})
