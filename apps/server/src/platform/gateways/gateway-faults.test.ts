import type { GatewayName } from '@toota/contract'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { nobodyThere, serveFar, type FarRequest } from '../../../test/far-server.ts'
import { playSamples, sampleOf } from '../../../test/gateways/samples/play-samples.ts'
import { flutterwaveGateway } from './flutterwave.ts'
import { wordsOf, type ClientOptions } from './gateway-http.ts'
import type { Gateway, Outcome, PaymentOrder, RefundOrder, TransferOrder } from './gateway.ts'
import { paystackGateway } from './paystack.ts'
import { yocoGateway } from './yoco.ts'

const KEY = 'sk_live_the-secret-key'
const CREATED = new Date('2026-08-22T10:00:00Z')
const ORDER: PaymentOrder = {
  reference: 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10',
  amount: { amountMinor: 30_050, currency: 'ZAR' },
  method: 'card',
  email: 'ada@example.com',
  returnUrl: 'https://toota.example/',
  tripId: 'trip-1',
}
const REFUND: RefundOrder = {
  refundId: '5b9c2a3e-1111-4222-8333-944455566677',
  reference: ORDER.reference,
  chargeGatewayId: '288200108',
  pageGatewayId: 'ch_9LVKD8GnAj7f39DFbn4F16bE',
  amount: { amountMinor: 10_283, currency: 'ZAR' },
  createdAt: CREATED,
}
const TRANSFER: TransferOrder = {
  reference: 'toota-po-9f0c1d5e-77aa-4c1e',
  amount: { amountMinor: 12_345, currency: 'ZAR' },
  account: { kind: 'bank', name: 'Ada', accountNumber: '1234567890', bankCode: '632005' },
  reason: 'Toota payout',
}

type Entry = Record<string, unknown>
const logged: Entry[] = []
const log = { warn: (entry: unknown) => void logged.push(entry as Entry) } as ClientOptions['log']

const MAKERS: Readonly<Record<GatewayName, (options: ClientOptions) => Gateway>> = {
  paystack: paystackGateway,
  flutterwave: (options) => flutterwaveGateway({ ...options, webhookSecrets: [], signature: 'base64' }),
  yoco: (options) => yocoGateway({ ...options, webhookSecrets: [] }),
}
const NAMES = ['paystack', 'flutterwave', 'yoco'] as const
const make = (name: GatewayName, baseUrl: string, options: Partial<ClientOptions> = {}) =>
  MAKERS[name]({ baseUrl, secretKey: KEY, log, clock: { now: () => CREATED }, ...options })

/** Every call that a gateway has. */
function callsOf(gateway: Gateway): Record<string, () => Promise<Outcome<unknown>>> {
  const { transfers } = gateway
  return {
    startPayment: () => gateway.startPayment(ORDER),
    verifyPayment: () =>
      gateway.verifyPayment({ reference: ORDER.reference, gatewayId: REFUND.pageGatewayId }),
    refund: () => gateway.refund(REFUND),
    findRefund: () => gateway.findRefund(REFUND),
    ...('listCharges' in gateway && {
      listCharges: async () => (await gateway.listCharges?.(CREATED, CREATED))!,
    }),
    ...(transfers && {
      send: () => transfers.send(TRANSFER),
      check: () => transfers.check({ reference: TRANSFER.reference, gatewayId: null, createdAt: CREATED }),
    }),
  }
}

const status =
  (code: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(code, headers).end(body)
  }
const FALSE_IN_200 = {
  paystack: '{"status":false,"message":"No"}',
  flutterwave: '{"status":"error","message":"No","data":null}',
  yoco: '{"errorCode":"no","description":"No"}',
}

type Answer = (response: ServerResponse, request: FarRequest) => void
const FAULTS: [name: string, reason: string, answer: Answer][] = [
  ['an HTML page', 'not-json', status(200, '<!doctype html><html><body>Sign in</body></html>')],
  ['an empty body', 'not-json', status(200, '')],
  ['a body cut short', 'not-json', status(200, '{"status":true,"message":"ok","data":{"refer')],
  ['NaN', 'not-json', status(200, '{"status":true,"message":"ok","data":{"amount":NaN}}')],
  ['JSON of another kind', 'unreadable', status(200, '["ok"]')],
  ['no data', 'unreadable', status(200, '{"status":"success","message":null,"data":7}')],
  [
    'too many requests',
    'bad-status 429',
    status(429, '{"status":false,"message":"Slow down"}', { 'retry-after': '1' }),
  ],
  ['a server error with words', 'bad-status 500', status(500, '{"status":false,"message":"No"}')],
  ['a bad gateway', 'bad-status 502', status(502, '<html>')],
  ['giving up after 28 seconds', 'bad-status 503', status(503, '{"status":"error","message":"Late"}')],
  ['a refusal by somebody else', 'bad-status 403', status(403, '<html>Forbidden</html>')],
  ['a conflict', 'bad-status 409', status(409, '{"message":"in progress","status":false}')],
  ['a connection that is reset', 'unreachable', (response) => response.destroy()],
  [
    'a reset in the middle of the answer',
    'unreachable',
    (response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"status":true,')
      setImmediate(() => response.destroy())
    },
  ],
]

describe.each(NAMES)('%s in trouble', (name) => {
  it.each(FAULTS)('[GW6] %s: unknown, because of %s, and asked once', async (_, reason, answer) => {
    for (const call of Object.keys(callsOf(make(name, 'http://far')))) {
      const far = await serveFar(answer)
      const outcome = await callsOf(make(name, far.baseUrl))[call]?.()
      expect(outcome, call).toEqual({ outcome: 'unknown', reason })
      expect(far.requests, call).toHaveLength(1)
    }
  })

  it('[GW6] an error within a 200 is unknown', async () => {
    const far = await serveFar(status(200, FALSE_IN_200[name]))
    for (const [call, ask] of Object.entries(callsOf(make(name, far.baseUrl))))
      expect(await ask(), call).toEqual({
        outcome: 'unknown',
        reason: expect.stringMatching(/^error in 200: no$/i) as string,
      })
  })

  it('[GW6] nobody at the address is unknown', async () => {
    const gateway = make(name, await nobodyThere())
    expect(await gateway.refund(REFUND)).toEqual({ outcome: 'unknown', reason: 'unreachable' })
  })

  it('[GW7] one that says nothing, or never comes to an end, is left when its time is over', async () => {
    for (const answer of [
      () => undefined,
      (response: ServerResponse) => {
        response.writeHead(200).write('{"status":')
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
    ]) {
      const far = await serveFar(answer)
      const gateway = make(name, far.baseUrl, { timeoutMs: 400 })
      const startedAt = performance.now()
      expect(await gateway.startPayment(ORDER)).toEqual({ outcome: 'unknown', reason: 'timeout' })
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      expect(far.requests.length).toBeLessThanOrEqual(1)
    }
  })

  it('[GW7] its time is 10 seconds, Flutterwave’s 30', async () => {
    const timeouts = vi.spyOn(AbortSignal, 'timeout')
    onTestFinished(() => timeouts.mockRestore())
    await make(name, await nobodyThere()).startPayment(ORDER)
    expect(timeouts.mock.calls).toEqual([[name === 'flutterwave' ? 30_000 : 10_000]])
  })

  it('[GW7] of 50 MB hardly more than one is read', async () => {
    let sent = 0
    const far = await serveFar((response) => {
      const chunk = Buffer.alloc(64 * 1024, ' ')
      const send = (): void => {
        while (sent < 50_000_000 && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', send)
        }
        response.end()
      }
      send()
    })
    expect(await make(name, far.baseUrl).startPayment(ORDER)).toEqual({
      outcome: 'unknown',
      reason: 'too-large',
    })
    expect(sent).toBeLessThan(20_000_000)
  })

  it('[GW7] a redirect is not followed, and the key stays here', async () => {
    const elsewhere = await serveFar(status(200, '{}'))
    const far = await serveFar(status(302, '', { location: `${elsewhere.baseUrl}/there` }))
    expect(await make(name, far.baseUrl).startPayment(ORDER)).toEqual({
      outcome: 'unknown',
      reason: 'bad-status 302',
    })
    expect(await make(name, far.baseUrl).refund(REFUND)).toEqual({
      outcome: 'unknown',
      reason: 'bad-status 302',
    })
    expect(elsewhere.requests).toEqual([])
  })

  it('[GW8] after 3 outages it is left alone for 30 seconds, then asked once', async () => {
    let now = 0
    let isUp = false
    const far = await serveFar((response) =>
      isUp ? status(400, FALSE_IN_200[name])(response) : status(502, '')(response),
    )
    const gateway = make(name, far.baseUrl, { now: () => now })
    for (let i = 0; i < 3; i += 1) await gateway.refund(REFUND)
    expect(far.requests).toHaveLength(3)

    const calls = callsOf(gateway)
    for (const [call, ask] of Object.entries(calls))
      expect(await ask(), call).toEqual({
        // The customer learns at once that this way is closed; whatever else is asked, is asked again.
        outcome: call === 'startPayment' ? 'refused' : 'unknown',
        reason: 'resting',
      })
    expect(far.requests).toHaveLength(3)

    now = 30_000
    isUp = true
    const [probe, other] = await Promise.all([gateway.refund(REFUND), gateway.refund(REFUND)])
    expect([probe.outcome, other]).toEqual(['refused', { outcome: 'unknown', reason: 'resting' }])
    expect(await gateway.refund(REFUND)).toMatchObject({ outcome: 'refused' })
    expect(far.requests).toHaveLength(5)
  })

  it('[GW8] what a working gateway says is no outage: refusals, too many requests, nonsense', async () => {
    const answers = [
      status(400, FALSE_IN_200[name]),
      status(429, ''),
      status(200, '["ok"]'),
      status(403, '<html>'),
    ]
    const far = await serveFar((response) => answers[far.requests.length % 4]?.(response))
    const gateway = make(name, far.baseUrl)
    for (let i = 0; i < 12; i += 1) await gateway.refund(REFUND)
    expect(far.requests).toHaveLength(12)
  })

  it('[GW10] the log names the call and the reason, and nothing of the order', async () => {
    logged.length = 0
    const far = await serveFar(status(502, `${KEY} ada@example.com`))
    await make(name, far.baseUrl).startPayment(ORDER)
    const denied = await serveFar(
      status(
        401,
        `{"status":${name === 'paystack' ? 'false' : '"error"'},"message":"${KEY} of ada@example.com"}`,
      ),
    )
    const refusal = await make(name, denied.baseUrl).startPayment(ORDER)
    expect(refusal).toEqual({ outcome: 'refused', reason: '… of …' })
    expect(logged).toEqual([
      { gateway: name, call: 'startPayment', reason: 'bad-status 502' },
      { gateway: name, call: 'startPayment', reason: '… of …' },
    ])
  })
})

describe('what a gateway is quoted with', () => {
  it.each([
    ['Invalid key', 'Invalid key'],
    ["Your key 'sk_live_abc' or FLWSECK_TEST-abc-X is wrong", "Your key '…' or … is wrong"],
    ['Account 0690000040 of ada@example.com', 'Account … of …'],
    ['Card 5531 8866 5214 2950 was declined', 'Card … was declined'],
    ['See https://paystack.com/x?y=1', 'See …'],
    ['line\r\n"one"\u0000 <b>two</b>', 'line one b two /b'],
    ['We skipped task 12', 'We skipped task 12'],
    ['', 'no reason given'],
    ['x'.repeat(5_000), 'x'.repeat(200)],
  ])('[GW10] %j', (text, words) => {
    expect(wordsOf(text, KEY)).toBe(words)
  })
})

describe('a currency', () => {
  it('[GW3] is told in upper case, right or not', async () => {
    const spelled = async (currency: string) => {
      const sample = sampleOf('paystack', 'verify-success')
      const data = { ...(sample.body['data'] as object), currency }
      const far = await playSamples('paystack', { ...sample, body: { ...sample.body, data } })
      return make('paystack', far.baseUrl).verifyPayment({ reference: ORDER.reference, gatewayId: null })
    }
    for (const [currency, told] of [
      ['zar', 'ZAR'],
      [' ZAR ', 'ZAR'],
      ['Rand', 'RAND'],
      ['ZAr', 'ZAR'],
    ] as const)
      expect(await spelled(currency)).toMatchObject({ value: { charge: { currency: told } } })
    expect(await spelled('R')).toEqual({ outcome: 'unknown', reason: 'unreadable' })
  })
})
