import { describe, expect, it, onTestFinished } from 'vitest'
import { startFakeGateways } from '../../../test/gateways/fake-gateways.ts'
import { createGateways } from './create-gateways.ts'
import type { Gateway, RefundOrder } from './gateway.ts'
import { TEST_GATEWAY_KEYS as KEYS } from './test-gateway.ts'

const NONE = {
  ...{ paystack: undefined, flutterwave: undefined, yoco: undefined },
  ...{ zaGateway: 'paystack' as const, usesTestGateway: true },
}

/** The clients, and the whole test gateway at the far end. */
async function start() {
  const fake = await startFakeGateways({
    clock: 'virtual',
    secrets: {
      paystack: { secretKey: KEYS.paystackSecretKey },
      flutterwave: {
        ...{ secretKey: KEYS.flutterwaveSecretKey, webhookSecret: KEYS.flutterwaveWebhookSecret },
      },
      yoco: { secretKey: KEYS.yocoSecretKey, webhookSecret: KEYS.yocoWebhookSecret },
    },
  })
  onTestFinished(() => fake.close())
  const gateways = createGateways(NONE, { warn: () => undefined }, { testUrl: fake.url })
  return { control: fake.control, gateways }
}

const AMOUNT = { paystack: 'ZAR', flutterwave: 'NGN', yoco: 'ZAR' } as const
const done = (value: unknown) => ({ outcome: 'done', value })

async function startPayment(gateway: Gateway, reference: string) {
  const outcome = await gateway.startPayment({
    reference,
    amount: { amountMinor: 123_45, currency: AMOUNT[gateway.name] },
    ...{ method: 'card', email: 'ada@example.com', tripId: 'trip-1' },
    returnUrl: 'https://toota.example/',
  })
  if (outcome.outcome !== 'done') throw new Error(outcome.reason)
  return outcome.value
}

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('%s, played from end to end', (name) => {
  const reference = 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10'

  it('[GW3] [GW4] a payment is started, paid, found, given back in part and once', async () => {
    const { control, gateways } = await start()
    const gateway = gateways.named(name)!
    const before = await gateway.verifyPayment({ reference, gatewayId: null })
    expect(before).toEqual(done({ state: 'missing' }))

    const { gatewayId } = await startPayment(gateway, reference)
    const verify = () => gateway.verifyPayment({ reference, gatewayId })
    expect(await verify()).toEqual(done({ state: name === 'flutterwave' ? 'missing' : 'open' }))
    control.pay({ gateway: name, reference, action: 'pay' })
    const paid = await verify()
    expect(paid).toMatchObject(
      done({
        state: 'paid',
        charge: { reference, amountMinor: 123_45, currency: AMOUNT[name], isLive: false },
      }),
    )
    if (paid.outcome !== 'done' || paid.value.state !== 'paid') throw new Error('not paid')

    const order: RefundOrder = {
      ...{ refundId: '5b9c2a3e-1111-4222-8333-944455566677', reference, createdAt: new Date() },
      ...{ chargeGatewayId: paid.value.charge.gatewayId, pageGatewayId: gatewayId },
      amount: { amountMinor: 23_45, currency: AMOUNT[name] },
    }
    if (name !== 'yoco') expect(await gateway.findRefund(order)).toEqual(done({ state: 'missing' }))
    const refunded = await gateway.refund(order)
    expect(refunded).toMatchObject({ outcome: 'done' })
    expect(await gateway.findRefund(order)).toMatchObject({ outcome: 'done' })
    await control.advance(3600)
    expect(control.effectsOf(reference)).toMatchObject({
      charges: [{ amountMinor: 123_45 }],
      refunds: [{ amountMinor: 23_45 }],
    })
    if (name !== 'yoco') expect(await gateway.findRefund(order)).toMatchObject(done({ state: 'done' }))
  })

  it('[GW6] a page whose answer was lost is not another page', async () => {
    const { control, gateways } = await start()
    const gateway = gateways.named(name)!
    control.faultCalls({ call: `${name}.initialize`, fault: 'reset-after' })
    await expect(startPayment(gateway, reference)).rejects.toThrow('unreachable')
    const again = await startPayment(gateway, reference).catch((error: unknown) => (error as Error).message)
    if (name === 'paystack') expect(again).toBe('duplicate-reference')
    else expect(again).toMatchObject({ link: expect.stringMatching(/^http/) as string })
  })
})

describe.each([
  ['paystack', 'ZAR'],
  ['flutterwave', 'NGN'],
] as const)('payouts by %s, played from end to end', (name, currency) => {
  it('[GW5] one is sent, found again when its answer was lost, and done once', async () => {
    const { control, gateways } = await start()
    const transfers = gateways.named(name)!.transfers!
    const reference = 'toota-po-9f0c1d5e-77aa-4c1e'
    const check = () => transfers.check({ reference, gatewayId: null, createdAt: new Date() })
    const send = () =>
      transfers.send({
        reference,
        amount: { amountMinor: 123_45, currency },
        account: { kind: 'bank', name: 'Ada', accountNumber: '1234567890', bankCode: '632005' },
        reason: 'Toota payout',
      })
    expect(await check()).toEqual(done({ state: 'missing' }))
    control.faultCalls({ call: `${name}.transfer`, fault: 'reset-after' })
    expect(await send()).toEqual({ outcome: 'unknown', reason: 'unreachable' })
    expect(await check()).toMatchObject(done({ state: 'sent' }))
    await send()
    await control.advance(3600)
    expect(await check()).toMatchObject(done({ state: 'done' }))
    expect(control.effectsOf(reference).transfers).toHaveLength(1)
  })
})
