import { describe, expect, it } from 'vitest'
import { nobodyThere, serveFar } from '../../test/far-server.ts'
import type { GatewaySettings } from '../platform/gateways/gateway-settings.ts'
import { checkGateways } from './check-gateways.ts'

const NONE: GatewaySettings = {
  ...{ paystack: undefined, flutterwave: undefined, yoco: undefined },
  ...{ zaGateway: 'paystack', usesTestGateway: false },
}
const check = (gateways: Partial<GatewaySettings>, isDebug = false) =>
  checkGateways({ gateways: { ...NONE, ...gateways }, settings: { isDebug } as never })
const KEY = 'sk_live_the-secret'
const paystackAt = (baseUrl: string, secretKey = KEY) => ({
  paystack: { baseUrl, secretKey, previousSecretKey: undefined },
})
const flutterwaveAt = (baseUrl: string, secretKey: string, webhookSecrets: string[]) => ({
  flutterwave: { baseUrl, secretKey, webhookSecrets, signature: 'base64' as const },
})
const yocoAt = (baseUrl: string, webhookSecrets = ['whsec_eA==']) => ({
  yoco: { baseUrl, secretKey: KEY, webhookSecrets },
})
const says = (words: RegExp): string => expect.stringMatching(words) as string

describe('the payments', () => {
  it('[GW19] cash alone, or the test gateway, are fine', async () => {
    expect(await check({})).toEqual([
      { check: 'payments', state: 'ok', says: 'cash only; no gateway is set' },
    ])
    expect(await check({ usesTestGateway: true }, true)).toEqual([
      { check: 'payments', state: 'ok', says: 'test gateway: payments are played, no money moves' },
    ])
  })

  it('[GW19] each gateway that takes its key is fine, by one request that changes nothing', async () => {
    const paystack = await serveFar((response) =>
      response.end('{"status":true,"message":"Transactions retrieved","data":[]}'),
    )
    const flutterwave = await serveFar((response) =>
      response.end('{"status":"success","message":"Transactions fetched","data":[]}'),
    )
    const yoco = await serveFar((response) => response.writeHead(404).end('{"message":"Checkout not found"}'))
    const found = await check({
      ...paystackAt(paystack.baseUrl),
      ...flutterwaveAt(flutterwave.baseUrl, 'FLWSECK-1-X', ['x']),
      ...yocoAt(yoco.baseUrl),
    })
    expect(found).toEqual(
      ['Paystack', 'Flutterwave', 'Yoco'].map((name) => ({
        check: 'payments',
        state: 'ok',
        says: says(new RegExp(`^${name}: live key accepted; answered in \\d+ ms$`)),
      })),
    )
    const requests = [paystack, flutterwave, yoco].flatMap((far) => far.requests)
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /transaction?perPage=1&page=1',
      'GET /transactions?page=1',
      'GET /api/checkouts/ch_toota_doctor',
    ])
  })

  it('[GW19] a refused key and a gateway that is away fail, each with what to mend and without the key', async () => {
    const refusing = await serveFar((response) =>
      response.writeHead(401).end(`{"status":false,"message":"Invalid key ${KEY}"}`),
    )
    const denying = await serveFar((response) =>
      response.writeHead(403).end('{"message":"A key is required"}'),
    )
    const found = await check({
      ...paystackAt(refusing.baseUrl),
      ...flutterwaveAt(await nobodyThere(), KEY, ['x']),
      ...yocoAt(denying.baseUrl),
    })
    expect(found).toMatchObject([
      {
        state: 'fail',
        says: 'Paystack: the key is refused (401 Invalid key …)',
        mend: says(/PAYSTACK_SECRET/),
      },
      {
        state: 'fail',
        says: says(/no answer of its own \(unreachable\)/),
        mend: says(/FLUTTERWAVE_BASE_URL/),
      },
      { state: 'fail', says: 'Yoco: the key is refused (403 A key is required)', mend: says(/YOCO_SECRET/) },
    ])
    expect(JSON.stringify(found)).not.toContain(KEY)
  })

  it('[GW19] another program at the address is no gateway', async () => {
    const far = await serveFar((response) => response.end('<html>'))
    expect(await check(paystackAt(far.baseUrl))).toMatchObject([
      { state: 'fail', says: 'Paystack: no answer of its own (not-json)' },
    ])
  })

  it('[GW19] webhooks without a secret, and play money outside DEBUG, are worth a look', async () => {
    const far = await serveFar((response) => response.end('{"status":"success","message":"x","data":[]}'))
    const settings = flutterwaveAt(far.baseUrl, 'FLWSECK_TEST-1-X', [])
    expect(await check(settings)).toMatchObject([
      {
        state: 'warn',
        says: says(
          /^Flutterwave: test key accepted; .*; trips are driven for play money; its webhooks are refused$/,
        ),
        mend: 'set the live FLUTTERWAVE_SECRET_KEY, and set FLUTTERWAVE_WEBHOOK_SECRET',
      },
    ])
    expect(await check(settings, true)).toMatchObject([
      { state: 'warn', mend: 'set FLUTTERWAVE_WEBHOOK_SECRET' },
    ])
    expect(await check(flutterwaveAt(far.baseUrl, 'FLWSECK_TEST-1-X', ['x']), true)).toMatchObject([
      { state: 'ok', says: says(/test key accepted/) },
    ])
  })
})
