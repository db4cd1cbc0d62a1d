import { describe, expect, it } from 'vitest'
import { playSamples, sampleOf, type Sample } from '../../../test/gateways/samples/play-samples.ts'
import { flutterwaveGateway } from './flutterwave.ts'
import type { PaymentOrder, RefundOrder, TransferOrder } from './gateway.ts'

const REFERENCE = 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10'
const ORDER: PaymentOrder = {
  reference: REFERENCE,
  amount: { amountMinor: 12_345, currency: 'NGN' },
  method: 'card',
  email: 'ada@example.com',
  returnUrl: 'https://toota.example/payment/verify/',
  tripId: 'trip-1',
}
const REFUND: RefundOrder = {
  refundId: '5b9c2a3e-1111-4222-8333-944455566677',
  reference: REFERENCE,
  chargeGatewayId: '288200108',
  pageGatewayId: null,
  amount: { amountMinor: 10_283, currency: 'NGN' },
  createdAt: new Date('2026-08-22T10:00:00Z'),
}
const TRANSFER: TransferOrder = {
  reference: 'toota-po-9f0c1d5e-77aa-4c1e',
  amount: { amountMinor: 12_345, currency: 'NGN' },
  account: { kind: 'bank', name: 'Alexis Sanchez', accountNumber: '0690000040', bankCode: '044' },
  reason: 'Toota payout',
}

async function play(...samples: (string | Sample)[]) {
  const far = await playSamples('flutterwave', ...samples)
  const gateway = flutterwaveGateway({
    ...{ baseUrl: far.baseUrl, secretKey: 'FLWSECK-1-X', webhookSecrets: [], signature: 'base64' },
    log: { warn: () => undefined },
  })
  return { gateway, requests: far.requests }
}
const bodyOf = ({ body }: { body: string }) => JSON.parse(body) as unknown
const verified = async (gatewayId: string | null, ...samples: (string | Sample)[]) =>
  (await play(...samples)).gateway.verifyPayment({ reference: REFERENCE, gatewayId })
const withData = (name: string, data: object): Sample => {
  const sample = sampleOf('flutterwave', name)
  return { ...sample, body: { ...sample.body, data: { ...(sample.body['data'] as object), ...data } } }
}
const of = (value: unknown) => ({ outcome: 'done', value })
const MISSING = of({ state: 'missing' })

describe('a payment page at Flutterwave', () => {
  it('[GW1] [GW2] is asked for in major units, and says its currency', async () => {
    const { gateway, requests } = await play('payments')
    expect(await gateway.startPayment(ORDER)).toEqual(
      of({ link: 'https://checkout.flutterwave.com/v3/hosted/pay/f524c1196ffda5556341', gatewayId: null }),
    )
    expect(bodyOf(requests[0]!)).toEqual(sampleOf('flutterwave', 'payments').request.body)
    expect(requests[0]?.body).toContain('"amount":123.45')
    expect(requests[0]?.headers.authorization).toBe('Bearer FLWSECK-1-X')
  })

  it.each([
    ['mobile_money', 'KES', { payment_options: 'mpesa' }],
    ['mobile_money', 'GHS', { payment_options: 'mobilemoneyghana' }],
    ['bank_transfer', 'NGN', { payment_options: 'banktransfer,account' }],
  ] as const)('[GW2] %s in %s offers %o', async (method, currency, options) => {
    const { gateway, requests } = await play('payments')
    await gateway.startPayment({ ...ORDER, method, amount: { amountMinor: 1, currency } })
    expect(bodyOf(requests[0]!)).toMatchObject({ ...options, currency, amount: 0.01 })
  })

  it('[GW2] what its page has no name for is left to the page', async () => {
    const { gateway, requests } = await play('payments')
    await gateway.startPayment({ ...ORDER, method: 'mobile_money' })
    expect(bodyOf(requests[0]!)).not.toHaveProperty('payment_options')
  })

  it('[GW6] its own no is refused; giving up after 28 seconds is unknown', async () => {
    const outcome = async (name: string) => (await play(name)).gateway.startPayment(ORDER)
    expect(await outcome('payments-duplicate')).toEqual({ outcome: 'refused', reason: 'duplicate-reference' })
    expect(await outcome('invalid-key')).toEqual({ outcome: 'refused', reason: 'Invalid authorization key' })
    expect(await outcome('payments-late')).toEqual({ outcome: 'unknown', reason: 'bad-status 503' })
  })
})

describe('what Flutterwave says of a payment', () => {
  const charge = {
    reference: REFERENCE,
    gatewayId: '288200108',
    amountMinor: 12_345,
    currency: 'NGN',
    requestedMinor: null,
    feeMinor: 173,
    isLive: true,
  }

  it('[GW1] [GW3] paid, by the id of the transaction or by our reference', async () => {
    expect(await verified('288200108', 'verify-by-id')).toEqual(of({ state: 'paid', charge }))
    expect(await verified(null, 'verify-by-reference')).toEqual(
      of({
        state: 'paid',
        // Where app_fee is absent: charged 125.40 less settled 120.00.
        charge: { ...charge, gatewayId: '288200109', amountMinor: 12_340, feeMinor: 540 },
      }),
    )
    expect(await verified(null, 'verify-fee-three-decimals')).toMatchObject({
      value: { charge: { feeMinor: 2_688 } },
    })
  })

  it('[GW3] an id that leads elsewhere or nowhere is forgotten, and our reference asked for', async () => {
    const paid = { value: { state: 'paid', charge: { gatewayId: '288200109' } } }
    const byReference = 'verify-by-reference'
    expect(await verified('288200108', 'verify-by-id-elsewhere', byReference)).toMatchObject(paid)
    expect(await verified('288200108', 'verify-by-id-missing', byReference)).toMatchObject(paid)
    const another = withData('verify-failed', { tx_ref: 'another' })
    expect(await verified(null, another)).toEqual({ outcome: 'unknown', reason: 'other-reference' })
  })

  it('[GW3] an id that is no number goes into no address', async () => {
    for (const id of ['chg_RDWwbNBWEz', '../transfers', '1/refund', '']) {
      const { gateway, requests } = await play('verify-by-reference')
      await gateway.verifyPayment({ reference: REFERENCE, gatewayId: id })
      expect(requests.map(({ url }) => url)).toEqual([
        `/transactions/verify_by_reference?tx_ref=${REFERENCE}`,
      ])
    }
  })

  it('[GW3] failed, open, and missing as long as nobody has tried to pay', async () => {
    expect(await verified(null, 'verify-failed')).toEqual(of({ state: 'failed', reason: 'failed' }))
    expect(await verified(null, 'verify-pending')).toEqual(of({ state: 'open' }))
    expect(await verified(null, 'verify-missing')).toEqual(MISSING)
  })

  it.each([
    { amount: 123.456 },
    { amount: 'NaN' },
    { amount: -123.45 },
    { amount: 0 },
    { amount: null },
    { amount: '1,234.50' },
    { id: 2 ** 53 },
    { id: null },
    { currency: 7 },
    { charged_amount: -1 },
    { amount_settled: 'none' },
  ])('[GW3] nonsense is unknown: %o', async (data) => {
    expect(await verified(null, withData('verify-by-reference', data))).toEqual({
      outcome: 'unknown',
      reason: 'unreadable',
    })
  })

  it('[GW3] a word that nobody knows concludes nothing', async () => {
    expect(await verified(null, withData('verify-by-reference', { status: 'on-hold' }))).toEqual({
      outcome: 'unknown',
      reason: 'status on-hold',
    })
  })
})

describe('a refund at Flutterwave', () => {
  it('[GW1] [GW4] is ordered of one transaction, with our id as its comment', async () => {
    const { gateway, requests } = await play('refund')
    expect(await gateway.refund(REFUND)).toEqual(of({ state: 'done', gatewayId: '8612' }))
    expect(bodyOf(requests[0]!)).toEqual(sampleOf('flutterwave', 'refund').request.body)
    expect(await (await play('refund-refused')).gateway.refund(REFUND)).toMatchObject({ outcome: 'refused' })
  })

  it('[GW4] without a numeric id nothing is sent', async () => {
    const { gateway, requests } = await play('refund')
    expect(await gateway.refund({ ...REFUND, chargeGatewayId: '1/../2' })).toEqual({
      outcome: 'refused',
      reason: 'transaction-id-not-numeric',
    })
    expect(requests).toEqual([])
  })

  it('[GW4] is found by its comment on a later page; of two without one, nobody knows', async () => {
    const found = async (...names: string[]) => (await play(...names)).gateway.findRefund(REFUND)
    expect(await found('refunds-1', 'refunds-2')).toEqual(of({ state: 'done', gatewayId: '8612' }))
    expect(await found('refunds-ambiguous')).toEqual({ outcome: 'unknown', reason: 'ambiguous' })
  })

  it('[GW4] is not made again before the list was read to its end', async () => {
    const { gateway } = await play('refunds-1')
    expect(await gateway.findRefund(REFUND)).toEqual({ outcome: 'unknown', reason: 'bad-status 501' })
  })
})

describe('a transfer at Flutterwave', () => {
  const transfers = async (...samples: (string | Sample)[]) => (await play(...samples)).gateway.transfers!
  const query = (gatewayId: string | null) => ({
    ...{ reference: TRANSFER.reference, gatewayId },
    createdAt: REFUND.createdAt,
  })

  it('[GW1] [GW5] is sent in major units under our reference', async () => {
    const { gateway, requests } = await play('transfer')
    expect(await gateway.transfers?.send(TRANSFER)).toEqual(of({ state: 'sent', gatewayId: '396432' }))
    expect(bodyOf(requests[0]!)).toEqual(sampleOf('flutterwave', 'transfer').request.body)
  })

  it('[GW5] one that exists already is looked at', async () => {
    expect(await (await transfers('transfer-duplicate')).send(TRANSFER)).toEqual({
      outcome: 'unknown',
      reason: 'duplicate-reference',
    })
  })

  it('[GW5] is found by its id, else by its reference, and missing only where it is not listed', async () => {
    expect(await (await transfers('transfer-by-id')).check(query('396432'))).toEqual(
      of({
        state: 'failed',
        gatewayId: '396432',
        // The words without the account number.
        reason: 'DISBURSE FAILED: Insufficient wallet balance of …',
      }),
    )
    const listed = of({ state: 'done', gatewayId: '396432' })
    expect(await (await transfers('transfers')).check(query(null))).toEqual(listed)
    const another = withData('transfer-by-id', { reference: 'another' })
    expect(await (await transfers(another, 'transfers')).check(query('396432'))).toEqual(listed)
    expect(await (await transfers('transfers-none')).check(query(null))).toEqual(MISSING)
    expect(await (await transfers()).check(query('396432'))).toEqual({
      outcome: 'unknown',
      reason: 'bad-status 501',
    })
  })
})

describe("Flutterwave's list of charges", () => {
  it('[GW1] [GW16] has those of the time asked for, with the ids of its other answers', async () => {
    const { gateway, requests } = await play('transactions')
    const from = new Date('2026-08-22T00:00:00Z')
    expect(await gateway.listCharges!(from, new Date('2026-08-23T00:00:00Z'))).toMatchObject(
      of([
        { reference: REFERENCE, gatewayId: '288200108' },
        { reference: '', gatewayId: '288200106', feeMinor: 0 },
      ]),
    )
    expect(requests[0]?.url).toBe('/transactions?from=2026-08-21&to=2026-08-24&page=1&status=successful')
  })
})
