import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPair, meet } from './kit/desk.ts'
import {
  amountOf,
  CITIES,
  goTo,
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
import { joinDriver, UUID } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'
import { settled } from './kit/wait.ts'

describe('the scripts and pages of the original, by card', () => {
  let till: Till
  let server: Server
  beforeAll(async () => {
    till = await openTill()
    server = till.server
  })
  afterAll(() => till.stop())

  it('[CT8] T:payment.html: by card it opens payment_link and stores transaction_id; T:passenger_request_after_payment.py goes on', async () => {
    const pair = await addPair(server)
    const { response } = await meet(server, pair)
    const bill = await newBill(server, pair.at, pair.user)
    const answer = await fetch(`${server.base}/payment/`, {
      method: 'POST',
      headers: {
        origin: 'null',
        'content-type': 'application/json',
        authorization: `Bearer ${pair.user.access}`,
      },
      body: JSON.stringify({
        trip_id: bill.tripId,
        payment_method: 'card',
        currency: 'ZAR',
        location: 'ZAR',
      }),
    })
    expect([answer.ok, answer.headers.get('access-control-allow-origin')]).toEqual([true, 'null'])
    const body = (await answer.json()) as Json
    expect(body['message']).not.toBe('Cash payment selected. Driver will confirm receipt.')
    expect(body['error']).toBeUndefined()
    expect(body['transaction_id']).toMatch(UUID)
    const back = await press({ link: String(body['payment_link']) })
    const shown = await goTo(server, back, 'text/html,application/xhtml+xml')
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])

    const script = await server.socket('/ws/trips/user/request/', pair.user.access)
    script.send({ action: 'confirm_driver', trip_id: bill.tripId, driver_id: pair.driver.id })
    expect(await script.next()).toMatchObject({
      message: 'Awaiting driver response',
      payment_info: { payment_method: 'card', payment_status: 'success' },
    })
    await response.find({ type: 'new_trip_request' })
    response.send({ trip_id: bill.tripId, driver_response_status: 'accepted' })
    expect(await script.next()).toMatchObject({ type: 'trip_status_update', status: 'accepted' })
  })

  it('[CT8] T:make_payment.py: amount, NGN, card_details and no location; the page asks for the fare', async () => {
    const bill = await newBill(server)
    const answer = await server.post(
      '/trips/payment/',
      {
        trip_id: bill.tripId,
        amount: 5000,
        currency: 'NGN',
        payment_method: 'card',
        card_details: { card_number: '4187427415564246', cvv: '828', expiry_month: '09', expiry_year: '32' },
      },
      bill.user.access,
    )
    expect(answer.body['message']).toBe('Payment initialized successfully')
    const page = await openPage(answer)
    expect([page.gateway, page.amount]).toEqual(['Paystack', amountOf('ZAR', bill)])
  })

  it('[CT8] P: the addresses and the example of payments/README.md', async () => {
    const bill = await newBill(server)
    const example = { trip_id: bill.tripId, payment_method: 'card', currency: 'ZAR', location: 'ZAR' }
    const page = await openPage(await server.post('/api/payment/initiate/', example, bill.user.access))
    await press(page)
    const verified = await server.post('/api/payment/verify/', { transaction_id: page.id })
    expect(verified.body).toMatchObject({ status: 'success', amount: bill.fare, trip_id: bill.tripId })
  })
})

describe('in DEBUG, before any gateway has a key', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ TEST_GATEWAY: '' })
  })
  afterAll(() => server.stop())

  it('[CT4] §2.3 payment: a gateway that comes along says that no money moves, and its webhook makes the trip paid', async () => {
    const absent = await joinDriver(server)
    for (const [at, gateway, currency] of [
      [CITIES.ZA, 'Paystack', 'ZAR'],
      [CITIES.NG, 'Flutterwave', 'NGN'],
    ] as const) {
      const bill = await newBill(server, at)
      const page = await order(server, bill)
      expect([page.gateway, page.amount, page.email]).toEqual([
        gateway,
        amountOf(currency, bill),
        bill.user.email,
      ])
      const html = await (await fetch(page.link)).text()
      expect(html).toMatch(/no real money/i)
      expect(html).toMatch(/<form method="post">[^]*<button name="action" value="pay"/)
      expect(await standing(bill, absent)).toEqual(NOT_PAID)
      // The browser never comes back.
      const back = await press(page)
      expect(back.origin + back.pathname).toBe(`${server.base}/payment/verify/`)
      const isPaid = async () => String((await standing(bill, absent))['error'])
      expect(await settled(isPaid, PAID.error, 5_000)).toBe(PAID.error)
    }
    expect(await server.output()).toMatch(/test gateway/i)
  })
})
