import { describe, expect, it } from 'vitest'
import { playSamples, sampleOf, type Sample } from '../../../test/gateways/samples/play-samples.ts'
import type { TransferOrder } from './gateway.ts'
import { paystackGateway } from './paystack.ts'

const TRANSFER: TransferOrder = {
  reference: 'toota-po-9f0c1d5e-77aa-4c1e',
  amount: { amountMinor: 12_345, currency: 'ZAR' },
  account: { kind: 'bank', name: 'Ada Lovelace', accountNumber: '1234567890', bankCode: '632005' },
  reason: 'Toota payout',
}
const TRANSFER_QUERY = {
  reference: TRANSFER.reference,
  gatewayId: null,
  createdAt: new Date('2026-08-22T10:00:00Z'),
}

async function play(...samples: (string | Sample)[]) {
  const { baseUrl, requests } = await playSamples('paystack', ...samples)
  const gateway = paystackGateway({ baseUrl, secretKey: 'sk_live_1', log: { warn: () => undefined } })
  return { transfers: gateway.transfers!, requests }
}
const bodiesOf = (requests: readonly { body: string }[]) =>
  requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
const withData = (name: string, data: object): Sample => {
  const sample = sampleOf('paystack', name)
  return { ...sample, body: { ...sample.body, data: { ...(sample.body['data'] as object), ...data } } }
}

describe('a transfer at Paystack', () => {
  const CODE = 'TRF_v5tip3zx8nna9o78'

  it('[GW1] [GW5] goes to a recipient, under our reference', async () => {
    const { transfers, requests } = await play('recipient', 'transfer')
    expect(await transfers.send(TRANSFER)).toEqual({
      outcome: 'done',
      value: { state: 'sent', gatewayId: CODE },
    })
    expect(bodiesOf(requests)).toEqual(
      ['recipient', 'transfer'].map((name) => sampleOf('paystack', name).request.body),
    )
  })

  it.each([
    ['bank', 'NGN', 'nuban'],
    ['bank', 'GHS', 'ghipss'],
    ['bank', 'KES', 'kepss'],
    ['mobile_money', 'KES', 'mobile_money'],
  ] as const)('[GW5] a %s account in %s is a %s', async (kind, currency, type) => {
    const { transfers, requests } = await play('recipient', 'transfer')
    await transfers.send({
      ...TRANSFER,
      account: { ...TRANSFER.account, kind },
      amount: { amountMinor: 1, currency },
    })
    expect(bodiesOf(requests)[0]).toMatchObject({ type, currency })
  })

  it('[GW5] one that waits for a code waits for a person; one that exists already is looked at', async () => {
    expect(await (await play('recipient', 'transfer-otp')).transfers.send(TRANSFER)).toEqual({
      outcome: 'done',
      value: { state: 'attention', gatewayId: CODE, reason: 'otp' },
    })
    expect(await (await play('recipient', 'transfer-duplicate')).transfers.send(TRANSFER)).toEqual({
      outcome: 'unknown',
      reason: 'duplicate-reference',
    })
  })

  it('[GW5] without a recipient nothing is sent', async () => {
    const { request } = sampleOf('paystack', 'recipient')
    const refusal: Sample = {
      ...{ source: '', request, status: 400 },
      body: { status: false, message: 'Cannot resolve account' },
    }
    const { transfers, requests } = await play(refusal, 'transfer')
    expect(await transfers.send(TRANSFER)).toEqual({ outcome: 'refused', reason: 'Cannot resolve account' })
    expect(requests).toHaveLength(1)
  })

  it('[GW5] is asked for by our reference', async () => {
    const checked = async (sample: string | Sample) => (await play(sample)).transfers.check(TRANSFER_QUERY)
    const value = (state: string, more = {}) => ({
      outcome: 'done',
      value: { state, gatewayId: CODE, ...more },
    })
    expect(await checked('transfer-verify-success')).toEqual(value('done'))
    expect(await checked('transfer-verify-failed')).toEqual(value('failed', { reason: 'failed' }))
    expect(await checked('transfer-verify-reversed')).toEqual(value('reversed', { reason: 'reversed' }))
    expect(await checked('transfer-verify-missing')).toEqual({
      outcome: 'done',
      value: { state: 'missing' },
    })
    expect(await checked(withData('transfer-verify-success', { reference: 'another' }))).toEqual({
      outcome: 'unknown',
      reason: 'other-reference',
    })
  })
})
