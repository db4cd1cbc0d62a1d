import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, refused, whole } from './kit/http.ts'
import {
  amountOf,
  choose,
  CITIES,
  goTo,
  METHODS,
  newBill,
  NOT_PAID,
  openPage,
  openTill,
  order,
  PAID,
  press,
  standing,
  type Till,
} from './kit/gateways.ts'
import { joinDriver, joinUser, UUID, type Person } from './kit/people.ts'
import type { Server } from './kit/server.ts'

let till: Till
let server: Server
/** Approved, and nowhere: asked for only to hear whether the trip is paid. */
let absent: Person
beforeAll(async () => {
  till = await openTill()
  server = till.server
  absent = await joinDriver(server)
})
afterAll(() => till.stop())

const ADDRESSES = [
  '/payment/',
  '/payment',
  '/payment/initiate/',
  '/api/payment/',
  '/api/payment/initiate/',
  '/api/payment/initiate',
  '/trips/payment/',
  '/trip/payment/',
]
const CLAIMS = [
  { currency: 'NGN', location: 'NG' },
  { currency: 'ZAR', location: 'ZAR' },
  { currency: 'USD', location: undefined },
]
const MARKETS = [
  ['ZA', 'Paystack', 'ZAR'],
  ['NG', 'Flutterwave', 'NGN'],
  ['KE', 'Paystack', 'KES'],
  ['GH', 'Paystack', 'GHS'],
] as const

describe.concurrent('§2.3 POST /payment/ by a gateway', () => {
  it('[CT4] §2.3 payment: card, mobile_money and bank_transfer answer a link and an id at every address (C-2)', async () => {
    const bill = await newBill(server)
    for (const path of ADDRESSES)
      for (const payment_method of METHODS) {
        const answer = await server.post(
          path,
          { trip_id: bill.tripId, payment_method, currency: 'ZAR', location: 'ZA' },
          bill.user.access,
        )
        expect(whole(answer), `${path} ${payment_method}`).toEqual({
          status: 200,
          body: {
            message: 'Payment initialized successfully',
            payment_link: expect.stringContaining(till.gateways.url) as string,
            transaction_id: expect.stringMatching(UUID) as string,
          },
        })
      }
  })

  it('[CT4] §2.3 payment: Flutterwave in Nigeria, Paystack elsewhere (C-12), whatever the client names (C-11, C-23)', async () => {
    for (const [market, gateway, currency] of MARKETS) {
      const bill = await newBill(server, CITIES[market])
      for (const [index, claim] of CLAIMS.entries()) {
        const page = await order(server, bill, METHODS[index], claim)
        expect([page.gateway, page.amount], `${market} ${claim.currency}`).toEqual([
          gateway,
          amountOf(currency, bill),
        ])
      }
    }
  })

  it("[CT10] payments/views.py:109 a stranger's currency, country and amount do not make the trip cheaper", async () => {
    const bill = await newBill(server)
    const claim = { currency: 'NGN', location: 'NG', amount: 1 }
    const page = await order(server, bill, 'card', claim)
    expect([page.gateway, page.amount]).toEqual(['Paystack', amountOf('ZAR', bill)])
  })

  it('[CT9] B-14 the gateway is told the fare to the cent, the currency and who pays', async () => {
    for (const [market, , currency] of MARKETS) {
      const bill = await newBill(server, CITIES[market])
      const page = await order(server, bill)
      expect([page.amount, page.email]).toEqual([amountOf(currency, bill), bill.user.email])
    }
  })

  it('[CT10] payments/views.py:170 cents are charged', async () => {
    const bill = await newBill(server)
    const page = await order(server, bill)
    await press(page)
    const { charges } = till.gateways.control.effectsOf(page.reference)
    expect(charges).toMatchObject([{ amountMinor: Math.round(bill.fare * 100), currency: 'ZAR' }])
    expect(bill.fare % 1).not.toBe(0)
  })

  it('[CT10] payments/views.py:187-190 a trip in Nigeria can be paid', async () => {
    const bill = await newBill(server, CITIES.NG)
    const page = await order(server, bill)
    expect(page.gateway).toBe('Flutterwave')
    await goTo(server, await press(page))
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT4] §2.3 payment: the page leads back to /payment/verify/ of the address that the client called', async () => {
    for (const at of [CITIES.ZA, CITIES.NG]) {
      const page = await order(server, await newBill(server, at))
      const back = await press(page)
      expect(back.origin + back.pathname).toBe(`${server.base}/payment/verify/`)
      const { searchParams } = back
      expect(searchParams.get('tx_ref') ?? searchParams.get('trxref')).toBe(page.reference)
    }
  })

  it('[CT9] B-15 the same method again goes on with the same payment, also many at once', async () => {
    const bill = await newBill(server)
    const first = await order(server, bill)
    const answers = await Promise.all([1, 2, 3, 4].map(() => choose(server, bill, 'card')))
    for (const answer of answers) expect(await openPage(answer)).toEqual(first)
    await goTo(server, await press(first))
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT9] B-15 another method replaces the payment, and the trip is neither blocked nor paid by it', async () => {
    const bill = await newBill(server)
    const pages = []
    for (const method of METHODS) pages.push(await order(server, bill, method))
    expect(new Set(pages.flatMap(({ id, reference }) => [id, reference])).size).toBe(6)
    expect(await standing(bill, absent)).toEqual(NOT_PAID)
    expect((await choose(server, bill, 'cash')).body['message']).toBe(
      'Cash payment selected. Driver will confirm receipt.',
    )
    expect(await standing(bill, absent)).toEqual(PAID)
  })

  it('[CT9] B-15 after a declined card the next attempt is a new one, and pays', async () => {
    const bill = await newBill(server)
    const declined = await order(server, bill)
    await goTo(server, await press(declined, 'decline'))
    expect(await standing(bill, absent)).toEqual(NOT_PAID)
    const second = await order(server, bill)
    expect(second.reference).not.toBe(declined.reference)
    await goTo(server, await press(second))
    expect(await standing(bill, absent)).toEqual(PAID)
    expect(refusal(await choose(server, bill, 'card'))).toEqual(
      refused(400, {
        error: 'Invalid input data',
        details: { trip_id: ['This trip has already been paid for.'] },
      }),
    )
  })

  it("[CT9] B-16 nobody pays somebody else's trip by a gateway either", async () => {
    const bill = await newBill(server)
    const stranger = await joinUser(server)
    for (const method of METHODS)
      expect(refusal(await choose(server, { ...bill, user: stranger }, method))).toEqual(
        refused(400, {
          error: 'Invalid input data',
          details: { trip_id: ['Invalid trip ID. Trip does not exist.'] },
        }),
      )
  })

  it("[CT9] B-17 a driver's token is 403, and nothing breaks", async () => {
    const bill = await newBill(server)
    for (const method of ['cash', ...METHODS])
      expect(refusal(await choose(server, { ...bill, user: absent }, method))).toEqual(
        refused(403, { detail: 'You do not have permission to perform this action.' }),
      )
  })
})
