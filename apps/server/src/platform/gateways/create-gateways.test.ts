import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nobodyThere, serveFar } from '../../../test/far-server.ts'
import { webhookOf } from '../../../test/gateways/samples/play-samples.ts'
import { createGateways } from './create-gateways.ts'
import type { GatewaySettings } from './gateway-settings.ts'
import { TEST_GATEWAY_KEYS } from './test-gateway.ts'

const log = { warn: () => undefined }
const NONE: GatewaySettings = {
  ...{ paystack: undefined, flutterwave: undefined, yoco: undefined },
  ...{ zaGateway: 'paystack', usesTestGateway: false },
}
const baseUrl = 'https://gateway.example'
const PAYSTACK = { paystack: { baseUrl, secretKey: 'sk_live_1', previousSecretKey: undefined } }
const FLUTTERWAVE = {
  flutterwave: { baseUrl, secretKey: 'FLWSECK-1-X', webhookSecrets: ['x'], signature: 'base64' as const },
}
const YOCO = { yoco: { baseUrl, secretKey: 'sk_live_2', webhookSecrets: [] } }
const ALL = { ...NONE, ...PAYSTACK, ...FLUTTERWAVE, ...YOCO }
const MARKETS = ['ZA', 'NG', 'KE', 'GH']

describe('the gateways', () => {
  const serving = (settings: GatewaySettings) => {
    const gateways = createGateways(settings, log)
    return {
      payments: MARKETS.map((market) => gateways.forPayments(market)?.name),
      payouts: MARKETS.map((market) => gateways.forPayouts(market)?.name),
    }
  }

  it('[GW17] each market has its own, for payments and for payouts', () => {
    expect(serving(ALL)).toEqual({
      payments: ['paystack', 'flutterwave', 'paystack', 'paystack'],
      payouts: ['paystack', 'flutterwave', 'paystack', 'paystack'],
    })
    expect(serving({ ...ALL, zaGateway: 'yoco' }).payments[0]).toBe('yoco')
    expect(serving({ ...ALL, zaGateway: 'yoco' }).payouts[0]).toBe('paystack')
  })

  it('[GW17] where a market’s own is not set up, another serves that can', () => {
    expect(serving({ ...NONE, ...PAYSTACK })).toEqual({
      payments: Array(4).fill('paystack'),
      payouts: Array(4).fill('paystack'),
    })
    expect(serving({ ...NONE, ...FLUTTERWAVE })).toEqual({
      payments: Array(4).fill('flutterwave'),
      payouts: [undefined, 'flutterwave', undefined, undefined],
    })
    expect(serving({ ...NONE, ...YOCO })).toEqual({
      payments: ['yoco', undefined, undefined, undefined],
      payouts: Array(4).fill(undefined),
    })
    expect(serving(NONE)).toEqual({
      payments: Array(4).fill(undefined),
      payouts: Array(4).fill(undefined),
    })
  })

  it('[GW17] are known by their names, however the markets change', () => {
    const gateways = createGateways({ ...NONE, ...PAYSTACK, ...YOCO }, log)
    expect(gateways.all().map(({ name }) => name)).toEqual(['paystack', 'yoco'])
    expect(gateways.named('yoco')?.name).toBe('yoco')
    expect(gateways.named('flutterwave')).toBeUndefined()
    expect(gateways.all().map(({ transfers }) => transfers !== undefined)).toEqual([true, false])
  })

  it('[GW18] play money is known by the key', () => {
    const isTest = (settings: GatewaySettings) =>
      createGateways(settings, log)
        .all()
        .map((gateway) => gateway.isTest)
    expect(isTest(ALL)).toEqual([false, false, false])
    expect(
      isTest({
        ...NONE,
        paystack: { ...PAYSTACK.paystack, secretKey: 'sk_test_1' },
        flutterwave: { ...FLUTTERWAVE.flutterwave, secretKey: 'FLWSECK_TEST-1-X' },
        yoco: { ...YOCO.yoco, secretKey: 'sk_test_2' },
      }),
    ).toEqual([true, true, true])
  })

  it('[GW8] one of them at rest holds up no other', async () => {
    const away = await nobodyThere()
    const far = await serveFar((response) => response.writeHead(404).end('{"status":false,"message":"x"}'))
    const gateways = createGateways(
      {
        ...NONE,
        paystack: { ...PAYSTACK.paystack, baseUrl: far.baseUrl },
        yoco: { ...YOCO.yoco, baseUrl: away },
      },
      log,
    )
    const verify = (name: 'paystack' | 'yoco') =>
      gateways.named(name)?.verifyPayment({ reference: 'r', gatewayId: 'ch_1' })
    for (let i = 0; i < 3; i += 1) await verify('yoco')
    expect(await verify('yoco')).toEqual({ outcome: 'unknown', reason: 'resting' })
    expect(await verify('paystack')).toEqual({ outcome: 'done', value: { state: 'missing' } })
  })
})

describe('the test gateway', () => {
  it('[GW18] is all three gateways, in place of what is set', async () => {
    const far = await serveFar((response) => response.writeHead(401).end())
    const gateways = createGateways({ ...ALL, usesTestGateway: true }, log, { testUrl: `${far.baseUrl}/` })
    for (const gateway of gateways.all()) {
      expect(gateway.isTest).toBe(true)
      await gateway.verifyPayment({ reference: 'r', gatewayId: 'ch_1' })
    }
    expect(far.requests.map(({ url }) => url)).toEqual([
      '/paystack/transaction/verify/r',
      '/flutterwave/v3/transactions/verify_by_reference?tx_ref=r',
      '/yoco/api/checkouts/ch_1',
    ])
    expect(far.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${TEST_GATEWAY_KEYS.paystackSecretKey}`,
      `Bearer ${TEST_GATEWAY_KEYS.flutterwaveSecretKey}`,
      `Bearer ${TEST_GATEWAY_KEYS.yocoSecretKey}`,
    ])
  })

  it('[GW18] its webhooks are taken, signed with its keys', () => {
    const gateways = createGateways(NONE, log, { testUrl: 'http://127.0.0.1:1' })
    const now = new Date()
    const paystack = webhookOf('paystack', 'charge-success')
    const signature = createHmac('sha512', TEST_GATEWAY_KEYS.paystackSecretKey).update(paystack).digest('hex')
    const yoco = webhookOf('yoco', 'payment-succeeded')
    const timestamp = String(Math.floor(now.getTime() / 1000))
    const key = Buffer.from(TEST_GATEWAY_KEYS.yocoWebhookSecret.slice('whsec_'.length), 'base64')
    const signed = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(yoco).digest('base64')
    const readings = [
      gateways.named('paystack')?.readWebhook({ 'x-paystack-signature': signature }, paystack, now),
      gateways
        .named('flutterwave')
        ?.readWebhook(
          { 'verif-hash': TEST_GATEWAY_KEYS.flutterwaveWebhookSecret },
          webhookOf('flutterwave', 'charge-completed'),
          now,
        ),
      gateways
        .named('yoco')
        ?.readWebhook(
          { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signed}` },
          yoco,
          now,
        ),
    ]
    expect(readings.map((reading) => reading?.reading)).toEqual(['hint', 'hint', 'hint'])
  })

  it('[GW18] where it is wanted and not running, there is cash alone', () => {
    expect(createGateways({ ...ALL, usesTestGateway: true }, log).all()).toEqual([])
  })
})
