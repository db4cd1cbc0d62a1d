import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, refused, whole } from './kit/http.ts'
import {
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
  tell,
  type Bill,
  type GatewayName,
  type Page,
  type Till,
} from './kit/gateways.ts'
import { joinDriver, type Person } from './kit/people.ts'
import type { Json } from './kit/server.ts'
import { settled } from './kit/wait.ts'

let till: Till
let absent: Person
beforeAll(async () => {
  till = await openTill({ ZA_GATEWAY: 'yoco' })
  absent = await joinDriver(till.server)
})
afterAll(() => till.stop())

/** With Yoco in South Africa each gateway has a market of its own. */
const PLACES = { paystack: CITIES.KE, flutterwave: CITIES.NG, yoco: CITIES.ZA } as const
const GATEWAYS = ['paystack', 'flutterwave', 'yoco'] as const
const PROCESSED = { status: 200, body: { status: 'success', message: 'Webhook processed' } }
const RECEIVED = { status: 200, body: { status: 'success', message: 'Webhook received' } }
const UNAUTHORIZED = refused(401, { error: 'Unauthorized request' })
const FORGED = {
  paystack: refused(401, { error: 'Invalid signature' }),
  flutterwave: UNAUTHORIZED,
  yoco: refused(401, { error: 'Invalid signature' }),
}
const PATIENCE_MS = 5_000

type Ordered = { readonly bill: Bill; readonly page: Page }
async function ordered(name: GatewayName): Promise<Ordered> {
  const bill = await newBill(till.server, PLACES[name])
  return { bill, page: await order(till.server, bill) }
}

/** What the gateway has to say of it, not sent yet; the last first. */
const bodiesOf = ({ reference }: Page): string[] =>
  till.gateways.control
    .webhooksOf(reference)
    .map(({ body }) => body)
    .reverse()

async function paid(name: GatewayName): Promise<Ordered & { body: string }> {
  const both = await ordered(name)
  await press(both.page)
  return { ...both, body: bodiesOf(both.page)[0]! }
}

const send = (name: GatewayName, body: string) => hook(till, name, body, signatureOf(till, name, body))
/** Webhooks are worked off after they were answered. */
const isPaid = ({ bill }: Ordered) =>
  settled(async () => String((await standing(bill, absent))['error']), PAID.error, PATIENCE_MS)

/** Once this is paid by its webhook, all that came before it has been worked off. */
async function worksOff(): Promise<void> {
  const fence = await paid('flutterwave')
  await send('flutterwave', fence.body)
  expect(await isPaid(fence)).toBe(PAID.error)
}

async function balanceOf({ user }: Bill): Promise<Json> {
  const { body } = await till.server.get('/v1/me/balances', user.access)
  const [balance] = body['balances'] as Json[]
  return { held: balance?.['heldMinor'], credit: balance?.['creditMinor'] }
}
const once = ({ bill }: Ordered) => ({ held: Math.round(bill.fare * 100), credit: 0 })

/** A success as each gateway tells it, of a payment that is named. */
const successOf = (name: GatewayName, reference: string): Json =>
  name === 'paystack'
    ? { event: 'charge.success', data: { id: 7, reference, status: 'success' } }
    : name === 'flutterwave'
      ? { event: 'charge.completed', data: { id: 7, tx_ref: reference, status: 'successful' } }
      : { type: 'payment.succeeded', payload: { metadata: { reference, checkoutId: 'ch_7' } } }

describe.concurrent('§2.3 webhooks', () => {
  it('[CT4] §2.3 webhooks: a success is processed and the trip paid, slash or not', async () => {
    for (const name of GATEWAYS) {
      const both = await paid(name)
      const path = `/payment/${name}/webhook`
      const headers = { 'content-type': 'application/json', ...signatureOf(till, name, both.body) }
      const answer = await till.server.call('POST', path, { raw: both.body, headers })
      expect(whole(answer), name).toEqual(PROCESSED)
      expect(await isPaid(both), name).toBe(PAID.error)
    }
  })

  it("[CT9] B-13 and B-20 Flutterwave's webhook is answered 200 and marks the trip paid", async () => {
    const both = await paid('flutterwave')
    expect(await standing(both.bill, absent)).toEqual(NOT_PAID)
    expect(whole(await send('flutterwave', both.body))).toEqual(PROCESSED)
    expect(await isPaid(both)).toBe(PAID.error)
  })

  it('[CT10] payments/views.py:540 the gateway sends nothing again after one delivery', async () => {
    const { control } = till.gateways
    for (const name of GATEWAYS) {
      const { page } = await paid(name)
      const [webhook] = control.pendingWebhooks(page.reference)
      expect(await control.deliverWebhook({ id: webhook!.id })).toEqual({ statuses: [200] })
      expect(control.pendingWebhooks(page.reference)).toEqual([])
    }
  })

  it('[CT4] §2.3 webhooks: without a signature 401, whatever the body', async () => {
    for (const name of GATEWAYS)
      for (const body of [JSON.stringify(successOf(name, 'toota-1')), 'no JSON', ''])
        expect(refusal(await hook(till, name, body)), name).toEqual(UNAUTHORIZED)
  })

  it('[CT4] §2.3 webhooks: a wrong signature 401, each in its own words, and nothing is paid', async () => {
    const all = await Promise.all(GATEWAYS.map(async (name) => ({ name, ...(await paid(name)) })))
    for (const { name, body } of all) {
      const right = signatureOf(till, name, body)
      const other = signatureOf(till, name, `${body} `)
      const header = Object.keys(right).at(-1)!
      const signature = right[header]!
      const wrongs = [
        '',
        'x',
        signature.slice(0, -1),
        `${signature}0`,
        signature.toUpperCase(),
        signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ].map((wrong) => ({ ...right, [header]: wrong }))
      for (const headers of name === 'flutterwave' ? wrongs : [...wrongs, other])
        expect(refusal(await hook(till, name, body, headers)), `${name} ${headers[header]}`).toEqual(
          FORGED[name],
        )
    }
    await worksOff()
    for (const { name, bill } of all) expect(await standing(bill, absent), name).toEqual(NOT_PAID)
  })

  it("[CT4] §2.3 webhooks: where Flutterwave's newer signature is there, it must be right", async () => {
    const both = await paid('flutterwave')
    const headers = { ...signatureOf(till, 'flutterwave', both.body), 'flutterwave-signature': 'bm8=' }
    expect(refusal(await hook(till, 'flutterwave', both.body, headers))).toEqual(UNAUTHORIZED)
  })

  it('[CT4] §2.3 webhooks: signed, but no JSON of that kind: 400 "Invalid JSON"', async () => {
    for (const name of GATEWAYS)
      for (const body of ['', '{', 'no JSON', '[]', 'null', '7', '"charge.success"', '{}'])
        expect(refusal(await send(name, body)), `${name} ${body}`).toEqual(
          refused(400, { error: 'Invalid JSON' }),
        )
  })

  it('[CT4] §2.3 webhooks: of a payment that nobody knows: 404 "Payment not found"', async () => {
    for (const name of GATEWAYS)
      expect(refusal(await tell(till, name, successOf(name, 'toota-unknown'))), name).toEqual(
        refused(404, { error: 'Payment not found' }),
      )
  })

  it('[CT4] §2.3 webhooks: other events are received', async () => {
    for (const [name, event] of [
      ['paystack', { event: 'subscription.create', data: { status: 'active', amount: 50000 } }],
      ['paystack', { event: 'customeridentification.success', data: { email: 'x@example.org' } }],
      ['flutterwave', { event: 'subscription.cancelled', data: { id: 1, status: 'deactivated' } }],
      ['yoco', { type: 'checkout.viewed', payload: { metadata: null } }],
      // Made by hand in the gateway's dashboard.
      ['paystack', { event: 'transfer.success', data: { reference: 'by-hand', transfer_code: 'TRF_1' } }],
      ['paystack', { event: 'refund.processed', data: { transaction_reference: 'by-hand', id: 4 } }],
      ['flutterwave', { event: 'transfer.completed', data: { id: 5, reference: 'by-hand' } }],
      ['yoco', { type: 'refund.succeeded', payload: { metadata: { checkoutId: 'ch_0' } } }],
    ] as const)
      expect(whole(await tell(till, name, event)), JSON.stringify(event)).toEqual(RECEIVED)
  })

  it('[CT4] §2.3 webhooks: a failure is processed and the payment failed; a later try pays', async () => {
    const both = await ordered('flutterwave')
    await press(both.page, 'decline')
    expect(whole(await send('flutterwave', bodiesOf(both.page)[0]!))).toEqual(PROCESSED)
    await worksOff()
    const page = await order(till.server, both.bill)
    expect(page.reference).not.toBe(both.page.reference)
    await press(page)
    expect(whole(await send('flutterwave', bodiesOf(page)[0]!))).toEqual(PROCESSED)
    expect(await isPaid(both)).toBe(PAID.error)
  })
})

describe.concurrent('what webhooks cannot do', () => {
  it('[CT10] payments/views.py verify and webhooks: a failure that comes after the success changes nothing', async () => {
    const both = await ordered('flutterwave')
    await press(both.page, 'decline')
    await press(both.page)
    const [success, failure] = bodiesOf(both.page) as [string, string]
    await send('flutterwave', success)
    expect(await isPaid(both)).toBe(PAID.error)
    const data = { id: 8, tx_ref: both.page.reference }
    const forged = { event: 'charge.completed', data: { ...data, status: 'failed' } }
    expect(whole(await send('flutterwave', failure))).toEqual(PROCESSED)
    expect(whole(await tell(till, 'flutterwave', forged))).toEqual(PROCESSED)
    await worksOff()
    expect(await standing(both.bill, absent)).toEqual(PAID)
    expect(await balanceOf(both.bill)).toEqual(once(both))
  })

  it('[CT10] payments/views.py verify and webhooks: their order does not matter', async () => {
    const both = await ordered('flutterwave')
    await press(both.page, 'decline')
    await press(both.page)
    const [success, failure] = bodiesOf(both.page) as [string, string]
    await send('flutterwave', failure)
    await worksOff()
    await send('flutterwave', success)
    expect(await isPaid(both)).toBe(PAID.error)
    expect(await balanceOf(both.bill)).toEqual(once(both))
  })

  it('[CT10] payments/views.py verify and webhooks: repeats and all ways at once count once', async () => {
    for (const name of GATEWAYS) {
      const both = await paid(name)
      const { page, body } = both
      const get = name === 'yoco' ? `payment=${page.id}` : `tx_ref=${page.reference}`
      const answers = await Promise.all([
        ...[1, 2, 3, 4, 5].map(() => send(name, body)),
        ...[1, 2].map(() => till.server.get(`/payment/verify/?${get}`)),
        ...[1, 2].map(() => till.server.post('/payment/verify/', { transaction_id: page.id })),
      ])
      expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200))
      expect(await isPaid(both)).toBe(PAID.error)
      expect(whole(await send(name, body))).toEqual(PROCESSED)
      await worksOff()
      expect(await balanceOf(both.bill), name).toEqual(once(both))
    }
  })

  it('[CT9] B-19 a signed success that the gateway itself does not know of pays nothing', async () => {
    const all = await Promise.all(GATEWAYS.map(async (name) => ({ name, ...(await ordered(name)) })))
    for (const { name, page } of all)
      expect(whole(await tell(till, name, successOf(name, page.reference)))).toEqual(PROCESSED)
    await worksOff()
    for (const { name, bill } of all) expect(await standing(bill, absent), name).toEqual(NOT_PAID)
  })

  it('[CT9] B-19 amount and currency are compared with what the gateway has, whatever its webhook says', async () => {
    for (const script of ['underpay', 'other-currency'] as const) {
      const all = await Promise.all(GATEWAYS.map(async (name) => ({ name, ...(await ordered(name)) })))
      for (const { name, bill, page } of all) {
        till.gateways.control.setScript({ reference: page.reference, script })
        await press(page)
        const due = name === 'flutterwave' ? bill.fare : Math.round(bill.fare * 100)
        const body = bodiesOf(page)[0]!
          .replaceAll('USD', 'ZAR')
          .replace(/"amount":[\d.]+/, `"amount":${due}`)
        expect(whole(await send(name, body))).toEqual(PROCESSED)
      }
      await worksOff()
      for (const { name, bill } of all)
        expect(await standing(bill, absent), `${name} ${script}`).toEqual(NOT_PAID)
    }
  })

  it('[CT10] payments/views.py:497,570 the signature is over the raw body: the same JSON written otherwise is refused', async () => {
    for (const name of ['paystack', 'yoco'] as const) {
      const both = await paid(name)
      const pretty = JSON.stringify(JSON.parse(both.body), null, 2)
      const headers = signatureOf(till, name, both.body)
      expect(refusal(await hook(till, name, pretty, headers)), name).toEqual(FORGED[name])
      expect(whole(await send(name, pretty)), name).toEqual(PROCESSED)
      expect(await isPaid(both), name).toBe(PAID.error)
    }
  })

  it('[CT10] payments/views.py:497,570 an old webhook of Yoco is not played again', async () => {
    const { page } = await paid('yoco')
    const [webhook] = till.gateways.control.pendingWebhooks(page.reference)
    const order = { id: webhook!.id, fault: 'old-timestamp' } as const
    expect(await till.gateways.control.deliverWebhook(order)).toEqual({ statuses: [401] })
  })
})
