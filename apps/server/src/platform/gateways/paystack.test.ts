import { describe, expect, it } from 'vitest'
import { serveFar } from '../../../test/far-server.ts'
import { playSamples, sampleOf, type Sample } from '../../../test/gateways/samples/play-samples.ts'
import { pageLink } from './answer-parts.ts'
import type { PaymentOrder, RefundOrder } from './gateway.ts'
import { paystackGateway } from './paystack.ts'

const REFERENCE = 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10'
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
  chargeGatewayId: '4099260516',
  pageGatewayId: null,
  amount: { amountMinor: 10_283, currency: 'ZAR' },
  createdAt: new Date('2026-08-22T10:00:00Z'),
}
const at = (baseUrl: string) =>
  paystackGateway({ baseUrl, secretKey: 'sk_live_1', log: { warn: () => undefined } })

async function play(...samples: (string | Sample)[]) {
  const far = await playSamples('paystack', ...samples)
  return { gateway: at(far.baseUrl), requests: far.requests }
}
const bodiesOf = (requests: readonly { body: string }[]) =>
  requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
const verified = async (sample: string | Sample) =>
  (await play(sample)).gateway.verifyPayment({ reference: REFERENCE, gatewayId: null })
const withData = (name: string, data: object): Sample => {
  const sample = sampleOf('paystack', name)
  return { ...sample, body: { ...sample.body, data: { ...(sample.body['data'] as object), ...data } } }
}
const UNREADABLE = { outcome: 'unknown', reason: 'unreadable' }

describe('a payment page at Paystack', () => {
  it('[GW1] [GW2] is asked for in cents of the currency, with the key in a header alone', async () => {
    const { gateway, requests } = await play('initialize')
    expect(await gateway.startPayment(ORDER)).toEqual({
      outcome: 'done',
      value: { link: 'https://checkout.paystack.com/3ni8kdavz62431k', gatewayId: null },
    })
    expect(bodiesOf(requests)).toEqual([sampleOf('paystack', 'initialize').request.body])
    expect(requests[0]?.headers.authorization).toBe('Bearer sk_live_1')
    expect(requests[0]?.url).not.toContain('sk_live')
  })

  it.each([
    ['mobile_money', 'KES', ['mobile_money']],
    ['bank_transfer', 'NGN', ['bank_transfer', 'bank']],
    ['bank_transfer', 'ZAR', ['eft', 'bank_transfer']],
    ['bank_transfer', 'GHS', ['bank_transfer']],
  ] as const)('[GW2] %s in %s offers %o', async (method, currency, channels) => {
    const { gateway, requests } = await play('initialize')
    await gateway.startPayment({ ...ORDER, method, amount: { amountMinor: 1, currency } })
    expect(bodiesOf(requests)[0]).toMatchObject({ channels, currency, amount: 1 })
  })

  it('[GW6] its own no is refused: a wrong key, and a reference that has arrived before', async () => {
    const refusal = async (name: string) => (await play(name)).gateway.startPayment(ORDER)
    expect(await refusal('initialize-duplicate')).toEqual({
      outcome: 'refused',
      reason: 'duplicate-reference',
    })
    expect(await refusal('invalid-key')).toEqual({ outcome: 'refused', reason: 'Invalid key' })
  })

  it('[GW2] is passed on only if it is a page, and in the clear only where the gateway itself is', async () => {
    for (const authorization_url of ['javascript:alert(1)', 'file:///etc/passwd', '/checkout', '', null])
      expect(
        await (await play(withData('initialize', { authorization_url }))).gateway.startPayment(ORDER),
      ).toEqual(UNREADABLE)
    const isPage = (baseUrl: string, link: string) => pageLink(baseUrl).safeParse(link).success
    expect(isPage('https://api.paystack.co', 'http://checkout.paystack.com/x')).toBe(false)
    expect(isPage('https://api.paystack.co', 'https://checkout.paystack.com/x')).toBe(true)
    expect(isPage('http://127.0.0.1:1', 'http://127.0.0.1:1/pay/x')).toBe(true)
  })

  it('[GW6] an answer about another reference is unknown', async () => {
    const { gateway } = await play(withData('initialize', { reference: 'another' }))
    expect(await gateway.startPayment(ORDER)).toEqual({ outcome: 'unknown', reason: 'other-reference' })
  })
})

describe('what Paystack says of a payment', () => {
  const charge = {
    reference: REFERENCE,
    gatewayId: '4099260516',
    amountMinor: 40_333,
    currency: 'ZAR',
    requestedMinor: 30_050,
    feeMinor: 10_283,
    isLive: true,
  }
  const of = (value: unknown) => ({ outcome: 'done', value })

  it('[GW1] [GW3] paid: with what was asked for, what came and what is kept', async () => {
    expect(await verified('verify-success')).toEqual(of({ state: 'paid', charge }))
    expect(await verified('verify-success-plain')).toEqual(
      of({ state: 'paid', charge: { ...charge, amountMinor: 30_050, requestedMinor: null, feeMinor: 0 } }),
    )
    expect(await verified('verify-test-domain')).toEqual(
      of({ state: 'paid', charge: { ...charge, isLive: false } }),
    )
    expect(await verified('verify-reversed')).toEqual(of({ state: 'reversed', charge }))
  })

  it('[GW3] what may still be paid is open, what never was is missing', async () => {
    for (const status of ['abandoned', 'ongoing', 'pending', 'processing', 'queued'])
      expect(await verified(withData('verify-abandoned', { status, amount: null }))).toEqual(
        of({ state: 'open' }),
      )
    expect(await verified('verify-failed')).toEqual(of({ state: 'failed', reason: 'failed' }))
    expect(await verified('verify-missing')).toEqual(of({ state: 'missing' }))
    expect(await verified('verify-missing-older')).toEqual(of({ state: 'missing' }))
  })

  it.each([
    { amount: 'NaN' },
    { amount: null },
    { amount: -1 },
    { amount: 0 },
    { amount: 400.5 },
    { amount: '400.50' },
    { amount: 1e300 },
    { amount: {} },
    { id: 2 ** 53 },
    { id: '' },
    { fees: -1 },
    { fees: 'all of it' },
    { requested_amount: 1.5 },
    { currency: '' },
    { currency: 'Rand!' },
    { domain: null },
  ])('[GW3] nonsense is unknown: %o', async (data) => {
    expect(await verified(withData('verify-success', data))).toEqual(UNREADABLE)
  })

  it('[GW3] a word that nobody knows concludes nothing, nor does another reference', async () => {
    expect(await verified(withData('verify-success', { status: 'Tentative' }))).toEqual({
      outcome: 'unknown',
      reason: 'status tentative',
    })
    expect(await verified(withData('verify-failed', { reference: 'another' }))).toEqual({
      outcome: 'unknown',
      reason: 'other-reference',
    })
    // Money is told with the reference it came under, for the caller to compare.
    expect(await verified(withData('verify-success', { reference: 'another' }))).toEqual(
      of({ state: 'paid', charge: { ...charge, reference: 'another' } }),
    )
  })

  it('[GW3] a fee is never more than the amount', async () => {
    expect(await verified(withData('verify-success', { fees: 50_000 }))).toMatchObject({
      value: { charge: { feeMinor: 40_333 } },
    })
  })
})

describe('a refund at Paystack', () => {
  it('[GW1] [GW4] is ordered by our reference, with our id as its note', async () => {
    const { gateway, requests } = await play('refund')
    expect(await gateway.refund(REFUND)).toEqual({
      outcome: 'done',
      value: { state: 'sent', gatewayId: '3018284' },
    })
    expect(bodiesOf(requests)).toEqual([sampleOf('paystack', 'refund').request.body])
  })

  it('[GW4] one that may have been made before is unknown, not refused', async () => {
    expect(await (await play('refund-reversed')).gateway.refund(REFUND)).toEqual({
      outcome: 'unknown',
      reason: 'already-reversed',
    })
  })

  it('[GW4] is found by its note on a later page, whichever shape its transaction has', async () => {
    const { gateway, requests } = await play('refunds-1', 'refunds-2')
    expect(await gateway.findRefund(REFUND)).toEqual({
      outcome: 'done',
      value: { state: 'attention', gatewayId: '3018284' },
    })
    const query = new URL(requests[0]!.url, 'http://far').searchParams
    expect(Date.parse(query.get('from')!)).toBeLessThan(REFUND.createdAt.getTime())
    expect(requests).toHaveLength(2)
  })

  it('[GW4] without any note it is the one of its transaction and amount; of two, nobody knows', async () => {
    const found = async (first: string | Sample) =>
      (await play(first, 'refunds-end')).gateway.findRefund(REFUND)
    expect(await found('refunds-without-notes')).toEqual({
      outcome: 'done',
      value: { state: 'done', gatewayId: '21' },
    })
    const { body } = sampleOf('paystack', 'refunds-without-notes')
    const [one] = body['data'] as object[]
    const listing = (data: object[]): Sample => ({
      ...sampleOf('paystack', 'refunds-without-notes'),
      body: { ...body, data },
    })
    expect(await found(listing([one!, { ...one, id: 23 }]))).toEqual({
      outcome: 'unknown',
      reason: 'ambiguous',
    })
    const missing = { outcome: 'done', value: { state: 'missing' } }
    expect(await found(listing([{ ...one, merchant_note: 'another of ours' }]))).toEqual(missing)
    expect(await found(listing([{ ...one, transaction: 77 }]))).toEqual(missing)
    expect(await found(listing([]))).toEqual(missing)
  })

  it.each([
    ['pending', 'sent'],
    ['processing', 'sent'],
    ['processed', 'done'],
    ['failed', 'failed'],
    ['needs-attention', 'attention'],
    ['needs_attention', 'attention'],
  ])('[GW4] %s is %s', async (status, state) => {
    const { gateway } = await play(withData('refund', { status }))
    expect(await gateway.refund(REFUND)).toMatchObject({ value: { state } })
  })

  it('[GW4] a list without an end is given up', async () => {
    let asked = 0
    const far = await serveFar((response) => {
      asked += 1
      const entry = { id: 1, status: 'processed', amount: 1, transaction: 1 }
      response.end(JSON.stringify({ status: true, message: '', data: [entry] }))
    })
    expect(await at(far.baseUrl).findRefund(REFUND)).toEqual({ outcome: 'unknown', reason: 'list-too-long' })
    expect(asked).toBe(200)
  })
})

describe("Paystack's list of charges", () => {
  it('[GW1] [GW16] has what was taken, also what is none of ours', async () => {
    const { gateway, requests } = await play('transactions')
    const listed = await gateway.listCharges!(new Date('2026-08-22'), new Date('2026-08-23'))
    expect(listed).toMatchObject({
      outcome: 'done',
      value: [
        { reference: REFERENCE, amountMinor: 40_333, feeMinor: 10_283 },
        { reference: '', gatewayId: '4099260517', feeMinor: 0 },
      ],
    })
    expect(requests[0]?.url).toBe(
      '/transaction?from=2026-08-22T00%3A00%3A00.000Z&to=2026-08-23T00%3A00%3A00.000Z&perPage=100&page=1&status=success',
    )
  })
})
