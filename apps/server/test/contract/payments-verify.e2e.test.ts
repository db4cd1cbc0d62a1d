import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, refused, whole, type Answer } from './kit/http.ts'
import {
  choose,
  CITIES,
  goTo,
  newBill,
  NOT_PAID,
  openTill,
  order,
  PAID,
  press,
  standing,
  type Bill,
  type Method,
  type Page,
  type Till,
} from './kit/gateways.ts'
import { joinDriver, NOBODY, type Person, type Point } from './kit/people.ts'
import type { Server } from './kit/server.ts'

let till: Till
let server: Server
let absent: Person
beforeAll(async () => {
  till = await openTill()
  server = till.server
  absent = await joinDriver(server)
})
afterAll(() => till.stop())

const VERIFY = ['/payment/verify/', '/payment/verify', '/api/payment/verify/', '/api/payment/verify']
const NOT_SUCCESSFUL = { status: 'failed', message: 'Payment not successful' }
const html = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }

type Ordered = { readonly bill: Bill; readonly page: Page }
async function ordered(method: Method = 'card', at?: Point): Promise<Ordered> {
  const bill = await newBill(server, at)
  return { bill, page: await order(server, bill, method) }
}

async function paid(method: Method = 'card', at?: Point): Promise<Ordered> {
  const both = await ordered(method, at)
  await press(both.page)
  return both
}

const byReference = (reference: string, rest = ''): Promise<Answer> =>
  server.get(`/payment/verify/?trxref=${reference}&reference=${reference}${rest}`)
const byId = (transaction_id: unknown, path = '/payment/verify/'): Promise<Answer> =>
  server.post(path, { transaction_id })

const SUCCESS = 'Payment successful'
const details = ({ bill, page }: Ordered, message: string, payment_method: Method, currency = 'ZAR') => ({
  status: 'success',
  message,
  transaction_reference: page.id,
  payment_method,
  amount: bill.fare,
  currency,
  trip_id: bill.tripId,
})

describe.concurrent('§2.3 GET /payment/verify/', () => {
  it('[CT4] §2.3 verify: every key of a success, by tx_ref, trxref and reference, at both addresses, without a token', async () => {
    const both = await paid('mobile_money')
    const { reference } = both.page
    for (const path of VERIFY)
      for (const name of ['tx_ref', 'trxref', 'reference'])
        expect(whole(await server.get(`${path}?${name}=${reference}`)), `${path} ${name}`).toEqual({
          status: 200,
          body: { ...details(both, `${SUCCESS}.`, 'mobile_money'), payment_reference: reference },
        })
    expect(await standing(both.bill, absent)).toEqual(PAID)
  })

  it('[CT4] §2.3 verify: the browser that comes back from the gateway brings the success, in Nigeria too', async () => {
    for (const [at, currency] of [
      [CITIES.ZA, 'ZAR'],
      [CITIES.NG, 'NGN'],
    ] as const) {
      const both = await ordered('bank_transfer', at)
      expect(whole(await goTo(server, await press(both.page)))).toEqual({
        status: 200,
        body: {
          ...details(both, `${SUCCESS}.`, 'bank_transfer', currency),
          payment_reference: both.page.reference,
        },
      })
    }
  })

  it('[CT4] §2.3 verify: missing and invalid references', async () => {
    for (const query of ['', '?status=cancelled', '?tx_ref=', '?trxref=&reference=', '?transaction_id=7'])
      expect(refusal(await server.get(`/payment/verify/${query}`)), query).toEqual(
        refused(400, { error: 'Missing transaction reference' }),
      )
    for (const word of ['nonsense', NOBODY, `toota-${NOBODY}`, '7', "'%20or%201=1"])
      expect(refusal(await server.get(`/payment/verify/?tx_ref=${word}`)), word).toEqual(
        refused(400, { error: 'Invalid transaction reference' }),
      )
  })

  it('[CT4] §2.3 verify: not paid yet, declined and cancelled are "Payment not successful"', async () => {
    const open = await ordered()
    expect(whole(await byReference(open.page.reference))).toEqual({ status: 400, body: NOT_SUCCESSFUL })
    for (const action of ['decline', 'cancel'] as const)
      for (const at of [CITIES.ZA, CITIES.NG]) {
        const { bill, page } = await ordered('card', at)
        const back = await press(page, action)
        expect(whole(await goTo(server, back)), back.search).toEqual({ status: 400, body: NOT_SUCCESSFUL })
        expect(await standing(bill, absent)).toEqual(NOT_PAID)
      }
  })

  it('[CT4] §2.3 verify: a browser gets a page, programs JSON', async () => {
    const open = await ordered()
    const pageAt = (query: string) => server.call('GET', `/payment/verify/?${query}`, html)
    const expectPage = (answer: Answer, status: number, words: RegExp): void => {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(answer.text).toMatch(words)
    }
    expectPage(await pageAt(`trxref=${open.page.reference}`), 200, /not heard of your payment yet/)
    await press(open.page)
    expectPage(await pageAt(`trxref=${open.page.reference}`), 200, /Paid[^]*pick a driver/)
    expectPage(await pageAt('tx_ref=%3Cscript%3E'), 400, /^(?![^]*<script>)[^]*did not work/)
    expectPage(await pageAt(''), 400, /did not work/)
    const json = await server.call('GET', `/payment/verify/?trxref=${open.page.reference}`, {
      headers: { accept: 'application/json' },
    })
    expect(json.body).toMatchObject({ status: 'success' })
  })
})

describe.concurrent('§2.3 POST /payment/verify/', () => {
  it('[CT4] §2.3 verify: every key of a success, and the next time that it was one already', async () => {
    for (const [path, at, currency] of [
      ['/payment/verify/', CITIES.ZA, 'ZAR'],
      ['/api/payment/verify', CITIES.NG, 'NGN'],
    ] as const) {
      const both = await paid('card', at)
      const { charges } = till.gateways.control.effectsOf(both.page.reference)
      expect(whole(await byId(both.page.id, path))).toEqual({
        status: 200,
        body: {
          ...details(both, SUCCESS, 'card', currency),
          payment_reference: String(charges[0]?.id),
        },
      })
      expect(whole(await byId(both.page.id, path))).toEqual({
        status: 200,
        body: { message: 'Payment already verified as successful' },
      })
      expect(await standing(both.bill, absent)).toEqual(PAID)
    }
  })

  it('[CT4] §2.3 verify: a missing and an invalid transaction_id', async () => {
    for (const body of [undefined, {}, { transaction_id: '' }, { transaction_id: null }])
      expect(refusal(await server.post('/payment/verify/', body)), JSON.stringify(body)).toEqual(
        refused(400, { error: 'transaction_id is required' }),
      )
    for (const transaction_id of ['nonsense', NOBODY, 7])
      expect(refusal(await byId(transaction_id))).toEqual(refused(400, { error: 'Invalid transaction_id' }))
  })

  it('[CT4] §2.3 verify: "Payment not successful" with the status, and a form is read too', async () => {
    const { page } = await ordered()
    const form = { form: { transaction_id: page.id } }
    expect(whole(await server.call('POST', '/payment/verify/', form))).toEqual({
      status: 400,
      body: { message: 'Payment not successful', status: 'pending' },
    })
    await press(page, 'decline')
    expect(whole(await byId(page.id))).toEqual({
      status: 400,
      body: { message: 'Payment not successful', status: 'failed' },
    })
  })
})

describe.concurrent('§4.3 the words of the gateways', () => {
  it('[CT7] §4.3 gateways: abandoned, ongoing, success, failed and successful become pending, success and failed', async () => {
    const statusOf = async (id: unknown): Promise<unknown> => (await byId(id)).body['status']
    for (const at of [CITIES.ZA, CITIES.NG]) {
      const bill = await newBill(server, at)
      const { body } = await choose(server, bill, 'card')
      // Nobody has opened the page yet.
      expect(await statusOf(body['transaction_id'])).toBe('pending')
      const page = await order(server, bill)
      expect(page.id).toBe(body['transaction_id'])
      expect(await statusOf(page.id)).toBe('pending')
      await press(page, 'cancel')
      expect(await statusOf(page.id)).toBe('pending')
      await press(page, 'decline')
      expect(await statusOf(page.id)).toBe('failed')
      // A page that is still open somewhere takes the money all the same, and then it counts.
      await press(page)
      expect(await statusOf(page.id)).toBe('success')
    }
  })
})

describe.concurrent('what verifying does not believe', () => {
  it('[CT10] payments/views.py:216,282 status=cancelled of anybody never undoes a success', async () => {
    for (const at of [CITIES.ZA, CITIES.NG]) {
      const { bill, page } = await paid('card', at)
      for (const rest of ['', '&status=cancelled', '&status=failed', '&status=cancelled&transaction_id=1'])
        for (const name of ['tx_ref', 'trxref']) {
          const answer = await server.get(`/payment/verify/?${name}=${page.reference}${rest}`)
          expect([answer.status, answer.body['status']], rest).toEqual([200, 'success'])
        }
      expect(await standing(bill, absent)).toEqual(PAID)
    }
  })

  it('[CT10] payments/views.py:216,282 nor does it end a payment that is still to come', async () => {
    const { bill, page } = await ordered('card', CITIES.NG)
    expect((await server.get(`/payment/verify/?tx_ref=${page.reference}&status=cancelled`)).status).toBe(400)
    await press(page)
    expect((await server.get(`/payment/verify/?tx_ref=${page.reference}`)).status).toBe(200)
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT10] payments/views.py:216,282 status=successful of anybody pays nothing', async () => {
    const { bill, page } = await ordered('card', CITIES.NG)
    const rest = `?status=successful&tx_ref=${page.reference}&transaction_id=123456`
    expect(whole(await server.get(`/payment/verify/${rest}`))).toEqual({ status: 400, body: NOT_SUCCESSFUL })
    expect(await standing(bill, absent)).toEqual(NOT_PAID)
  })

  it("[CT10] payments/views.py:294 Flutterwave's numeric id counts for its own payment only", async () => {
    const [theirs, mine] = [await paid('card', CITIES.NG), await ordered('card', CITIES.NG)]
    const id = String(till.gateways.control.effectsOf(theirs.page.reference).charges[0]?.id)
    const ask = ({ page }: Ordered) =>
      server.get(`/payment/verify/?status=successful&tx_ref=${page.reference}&transaction_id=${id}`)
    expect((await ask(mine)).status).toBe(400)
    expect(await standing(mine.bill, absent)).toEqual(NOT_PAID)
    expect((await ask(theirs)).status).toBe(200)
    expect(await standing(theirs.bill, absent)).toEqual(PAID)
  })

  it('[CT9] B-19 another amount, currency or reference never pays, by whichever way it is verified', async () => {
    for (const script of ['underpay', 'other-currency', 'other-reference'] as const)
      for (const at of [CITIES.ZA, CITIES.NG]) {
        const { bill, page } = await ordered('card', at)
        till.gateways.control.setScript({ reference: page.reference, script })
        const back = await press(page)
        expect(whole(await goTo(server, back)), script).toEqual({ status: 400, body: NOT_SUCCESSFUL })
        const answer = await byId(page.id)
        expect([answer.status, answer.body['message']]).toEqual([400, 'Payment not successful'])
        expect(await standing(bill, absent), script).toEqual(NOT_PAID)
      }
  })

  it('[CT9] B-19 more than the fare pays it', async () => {
    const { bill, page } = await ordered('card', CITIES.NG)
    till.gateways.control.setScript({ reference: page.reference, script: 'overpay' })
    expect((await goTo(server, await press(page))).status).toBe(200)
    expect(await standing(bill, absent)).toEqual(PAID)
  })
})
