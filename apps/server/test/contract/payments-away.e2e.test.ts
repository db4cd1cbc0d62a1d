import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, refused, whole, type Answer } from './kit/http.ts'
import {
  choose,
  CITIES,
  hook,
  newBill,
  NOT_PAID,
  openTill,
  order,
  PAID,
  press,
  signatureOf,
  standing,
  type Bill,
  type Till,
} from './kit/gateways.ts'
import { joinDriver, joinUser, PASSWORD, type Person } from './kit/people.ts'
import { SECRET_KEY, type Json, type Server } from './kit/server.ts'
import { settled } from './kit/wait.ts'

/** Gateways that are away, slow or refuse us; one test after the other, since their faults are for whoever asks next. */
const WRONG_KEY = 'FLWSECK_TEST-not-the-key-0000-X'
const CARD_NUMBER = '4111111111111111'
const CANARY = 'canary.payer@example.org'

let till: Till
let server: Server
let absent: Person
beforeAll(async () => {
  till = await openTill({ FLUTTERWAVE_SECRET_KEY: WRONG_KEY, LOG_LEVEL: 'trace' })
  server = till.server
  absent = await joinDriver(server)
})
afterAll(() => till.stop())

type Fault = Parameters<Till['gateways']['control']['faultCalls']>[0]['fault']
const fault = (call: string, kind: Fault, times = 1): void =>
  till.gateways.control.faultCalls({ call, fault: kind, times })
const isPaid = (bill: Bill, patienceMs: number) =>
  settled(async () => String((await standing(bill, absent))['error']), PAID.error, patienceMs)

/** In words for people, and nothing of the inside. */
const TEXT = expect.stringMatching(/^(?!.*(?:http|ECONN|127\.0\.0\.1|fetch|\bat ))[a-z ;,]+$/i) as string
const UNAVAILABLE = refused(503, { error: 'Payment service unavailable', details: TEXT })
const expectRetry = ({ headers }: Answer): void =>
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)

describe('a gateway that is away', () => {
  it.each(['reset-before', '500', 'html', '429', 'status-false', 'truncated', 'reset-after'] as const)(
    '[CT4] §2.3 payment: 503 "Payment service unavailable" after %s, and the next try goes on',
    async (kind) => {
      const bill = await newBill(server)
      fault('paystack.initialize', kind)
      const answer = await choose(server, bill, 'card')
      expect(refusal(answer)).toEqual(UNAVAILABLE)
      expectRetry(answer)
      expect(await standing(bill, absent)).toEqual(NOT_PAID)
      const page = await order(server, bill)
      await press(page)
      expect((await server.get(`/payment/verify/?trxref=${page.reference}`)).status).toBe(200)
      expect(await standing(bill, absent)).toEqual(PAID)
    },
  )

  it('[CT4] §2.3 payment: cash works while the gateway is away', async () => {
    const bill = await newBill(server)
    fault('paystack.initialize', 'reset-before')
    expect(refusal(await choose(server, bill, 'bank_transfer'))).toEqual(UNAVAILABLE)
    expect((await choose(server, bill, 'cash')).status).toBe(200)
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT4] §2.3 payment: what the gateway refuses is "Failed to initialize payment" with the gateway\'s words', async () => {
    const bill = await newBill(server, CITIES.NG)
    const answer = await choose(server, bill, 'card')
    expect(refusal(answer)).toEqual(
      refused(400, { error: 'Failed to initialize payment', details: expect.anything() as unknown }),
    )
    expect(JSON.stringify(answer.body['details'])).toContain('Invalid authorization key')
    expect(await standing(bill, absent)).toEqual(NOT_PAID)
    expect((await choose(server, bill, 'cash')).status).toBe(200)
  })

  it('[CT4] §2.3 verify: 503 in the words of GET and of POST, a browser gets a page, and it is not failed', async () => {
    const bill = await newBill(server)
    const page = await order(server, bill)
    await press(page)
    const path = `/payment/verify/?trxref=${page.reference}`
    fault('paystack.verify', 'reset-before')
    const get = await server.get(path)
    expectRetry(get)
    expect(whole(get)).toEqual({
      status: 503,
      body: { status: 'failed', message: 'Payment verification service unavailable', details: TEXT },
    })
    fault('paystack.verify', '429')
    const post = await server.post('/payment/verify/', { transaction_id: page.id })
    expectRetry(post)
    expect(refusal(post)).toEqual(
      refused(503, { error: 'Payment verification service unavailable', details: TEXT }),
    )
    fault('paystack.verify', 'status-false')
    const html = await server.call('GET', path, { headers: { accept: 'text/html' } })
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(html.text).toContain('nothing is lost')
    expect(await standing(bill, absent)).toEqual(NOT_PAID)
    expect((await server.get(path)).body).toMatchObject({ status: 'success' })
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT4] §2.3 webhooks: one that is there before the gateway has answered us is not lost', async () => {
    const bill = await newBill(server)
    fault('paystack.initialize', 'before-init-response')
    expect((await choose(server, bill, 'card')).status).toBe(200)
    expect(await isPaid(bill, 5_000)).toBe(PAID.error)
  })

  it('[CT4] §2.3 webhooks: one that comes while the gateway does not answer questions counts afterwards', async () => {
    const bill = await newBill(server)
    const page = await order(server, bill)
    await press(page)
    const asked = till.gateways.control.effects().paystack.calls['verify'] ?? 0
    fault('paystack.verify', 'reset-before', 2)
    const [webhook] = till.gateways.control.pendingWebhooks(page.reference)
    expect(await till.gateways.control.deliverWebhook({ id: webhook!.id })).toEqual({ statuses: [200] })
    expect(await isPaid(bill, 15_000)).toBe(PAID.error)
    expect(till.gateways.control.effects().paystack.calls['verify']).toBeGreaterThan(asked + 2)
  })

  it('[CT4] §2.3 payment: 503 also while a gateway that failed again and again is left alone', async () => {
    fault('paystack.initialize', 'reset-before', 5)
    for (let attempt = 0; attempt < 5; attempt++) {
      const bill = await newBill(server)
      expect(refusal(await choose(server, bill, 'card')), String(attempt)).toEqual(UNAVAILABLE)
      expect(await standing(bill, absent)).toEqual(NOT_PAID)
    }
  })
})

describe('what is written down of it', () => {
  it('[CT10] payments/views.py:507,582 neither webhooks, nor keys, nor card numbers, nor addresses reach the log', async () => {
    const user = await joinUser(server)
    const bill = await newBill(server, CITIES.KE, user)
    const card = { card_number: CARD_NUMBER, cvv: '923' }
    await choose(server, bill, 'card', { card_details: card })
    const event: Json = {
      event: 'charge.success',
      data: { id: 9, reference: 'toota-9', customer: { email: CANARY }, authorization: card },
    }
    const body = JSON.stringify(event)
    const right = signatureOf(till, 'paystack', body)
    const wrong = signatureOf(till, 'paystack', `${body} `)
    for (const headers of [right, wrong, {}]) await hook(till, 'paystack', body, headers)
    const half = body.slice(0, -1)
    await hook(till, 'paystack', half, signatureOf(till, 'paystack', half))
    await hook(till, 'flutterwave', body, signatureOf(till, 'flutterwave', body))
    await server.get(`/payment/verify/?tx_ref=toota-9&status=successful&email=${CANARY}`)
    await server.post('/payment/verify/', { transaction_id: CARD_NUMBER })

    const { paystack, flutterwave, yoco } = till.gateways.secrets
    const log = await server.output()
    expect(log).toContain('webhook refused')
    for (const secret of [
      ...[CARD_NUMBER, CANARY, user.email, user.access, PASSWORD, SECRET_KEY],
      ...[paystack.secretKey, WRONG_KEY, flutterwave.webhookSecret, yoco.secretKey, yoco.webhookSecret],
      ...[right['x-paystack-signature']!, wrong['x-paystack-signature']!, 'authorization_url', '"cvv"'],
    ])
      expect(log.includes(secret), secret).toBe(false)
  })
})
