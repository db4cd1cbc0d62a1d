import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, ask, meet, reports, watches, type Pair, type Trip } from './kit/desk.ts'
import {
  choose,
  goTo,
  METHODS,
  newBill,
  NOT_PAID,
  openTill,
  order,
  press,
  type Bill,
  type Method,
  type Page,
  type Till,
} from './kit/gateways.ts'
import type { Person } from './kit/people.ts'
import type { Json, Server, TestSocket } from './kit/server.ts'

let till: Till
let server: Server
beforeAll(async () => {
  till = await openTill({ OFFER_TIMEOUT_SECONDS: '20' })
  server = till.server
})
afterAll(() => till.stop())

type Booked = Pair & { readonly bill: Bill; readonly page: Page; readonly response: TestSocket }

/** The driver listens, the customer has the page to pay on. */
async function booked(method: Method = 'card'): Promise<Booked> {
  const pair = await addPair(server)
  const { response } = await meet(server, pair)
  const bill = await newBill(server, pair.at, pair.user)
  return { ...pair, bill, page: await order(server, bill, method), response }
}

const confirm = ({ bill, driver }: Pick<Booked, 'bill' | 'driver'>): Promise<Json> => {
  bill.request.send({ action: 'confirm_driver', trip_id: bill.tripId, driver_id: driver.id })
  return bill.request.next()
}

async function offered(trip: Booked): Promise<Json> {
  await goTo(server, await press(trip.page))
  expect(await confirm(trip)).toMatchObject({ message: 'Awaiting driver response' })
  return trip.response.find({ type: 'new_trip_request' })
}

async function accepted(trip: Booked): Promise<Trip> {
  await offered(trip)
  trip.response.send({ trip_id: trip.bill.tripId, driver_response_status: 'accepted' })
  await trip.response.find({ type: 'trip_accepted_confirmation' })
  return { ...trip, tripId: trip.bill.tripId } as unknown as Trip
}

const paidBy = (payment_method: Method, { fare }: Bill) => ({
  payment_method,
  payment_status: 'success',
  amount: fare,
  currency: 'ZAR',
})

async function balanceOf({ access }: Person): Promise<Json> {
  const { body } = await server.get('/v1/me/balances', access)
  return (body['balances'] as Json[]).find(({ currency }) => currency === 'ZAR') ?? {}
}

const cents = (amount: number): number => Math.round(amount * 100)

describe.concurrent('§3.5 and §3.6 a driver is asked once it is paid', () => {
  it('[CT6] §3.5 confirm_driver: not before it is paid, by card, mobile_money and bank_transfer alike (C-24)', async () => {
    for (const method of METHODS) {
      const trip = await booked(method)
      expect(await confirm(trip), method).toEqual(NOT_PAID)
      await goTo(server, await press(trip.page, 'cancel'))
      expect(await confirm(trip), method).toEqual(NOT_PAID)
      await goTo(server, await press(trip.page))
      expect(await confirm(trip), method).toEqual({
        message: 'Awaiting driver response',
        trip_id: trip.bill.tripId,
        status: 'pending',
        driver_info: {
          id: trip.driver.id,
          name: 'Sipho Dlamini',
          phone: trip.driver.phone,
          vehicle_type: 'Bakkie',
          rating: 0,
        },
        payment_info: paidBy(method, trip.bill),
      })
    }
  })

  it('[CT6] §3.5 confirm_driver: "Payment not found." before anything was chosen, and a failed one is not paid', async () => {
    const trip = await booked()
    const other = await newBill(server, trip.at, trip.user)
    expect(await confirm({ ...trip, bill: other })).toEqual({
      error: 'Payment not found. Please complete payment before requesting a driver.',
    })
    await goTo(server, await press(trip.page, 'decline'))
    expect(await confirm(trip)).toEqual(NOT_PAID)
  })

  it('[CT6] §3.1 the request socket says nothing unasked when the trip is paid', async () => {
    const trip = await booked()
    await goTo(server, await press(trip.page))
    const other = await server.socket('/ws/trips/user/request/', trip.user.access)
    expect([await trip.bill.request.drained(), await other.drained()]).toEqual([[], []])
  })

  it('[CT6] §3.6 new_trip_request and the accepted message say that it is paid', async () => {
    const trip = await booked('mobile_money')
    const info = paidBy('mobile_money', trip.bill)
    expect(await offered(trip)).toMatchObject({ trip_details: { payment_info: info } })
    trip.response.send({ trip_id: trip.bill.tripId, driver_response_status: 'accepted' })
    expect(await trip.bill.request.next()).toMatchObject({ status: 'accepted', payment_info: info })
  })

  it('[CT6] §3.6 "Card payment not completed. Cannot accept trip." when the bank took the money back meanwhile', async () => {
    const { control } = till.gateways
    const trip = await booked()
    const { reference } = trip.page
    control.setScript({ reference, script: 'dispute' })
    await offered(trip)
    await control.advance(25 * 3600)
    for (const { id } of control.pendingWebhooks(reference)) await control.deliverWebhook({ id })
    const isPaid = () => server.post('/payment/verify/', { transaction_id: trip.page.id })
    await expect.poll(async () => (await isPaid()).body['status'], { timeout: 5_000 }).toBe('reversed')
    trip.response.send({ trip_id: trip.bill.tripId, driver_response_status: 'accepted' })
    expect(await trip.response.next()).toEqual({ error: 'Card payment not completed. Cannot accept trip.' })
    trip.response.send({ trip_id: trip.bill.tripId, driver_response_status: 'rejected' })
    expect(await trip.response.next()).toMatchObject({ message: `Trip ${trip.bill.tripId} rejected` })
  })

  it('[CT4] §2.3 payment: while a driver decides, what he was told about the money stays', async () => {
    const trip = await ask(server, await addPair(server))
    const bill = { ...trip, fare: 0 }
    const answer = await choose(server, bill, 'card')
    expect([answer.status, answer.body['error']]).toEqual([400, 'Invalid input data'])
  })
})

describe.concurrent('§3.7 money during the trip', () => {
  it('[CT6] §3.7 arrived at pickup with a paid card is a status like others, and cash is nothing to it', async () => {
    const trip = await accepted(await booked())
    const [driver, user] = await Promise.all([reports(server, trip), watches(server, trip)])
    driver.send({ payment_status: 'received' })
    expect(await driver.next()).toMatchObject({ payment_status: 'received' })
    driver.send({ trip_status: 'arrived at pickup' })
    const word = { trip_id: trip.tripId, trip_status: 'arrived at pickup' }
    expect([await driver.next(), await user.next()]).toEqual([word, word])
    expect((await balanceOf(trip.driver))['owedMinor'] ?? 0).toBe(0)
  })

  it('[CT6] Decided: cash is received, with the amount or without, and both are told', async () => {
    for (const hasAmount of [true, false]) {
      const trip = await accept(server, await addPair(server))
      const [driver, user] = await Promise.all([reports(server, trip), watches(server, trip)])
      const amount = Number(trip.created['estimated_fare'])
      driver.send({ payment_status: 'received', ...(hasAmount && { amount }) })
      const received = { payment_status: 'received', trip_id: trip.tripId, message: 'Payment received' }
      expect([await driver.next(), await user.next()]).toEqual([received, received])
      driver.send({ payment_status: 'received', ...(hasAmount && { amount }) })
      expect(await driver.next()).toEqual(received)
      expect(await user.drained()).toEqual([])
      const balance = await balanceOf(trip.user)
      expect([balance['creditMinor'] ?? 0, balance['owedMinor'] ?? 0]).toEqual([0, 0])
    }
  })

  it('[CT9] B-18 another amount is booked as it was: too much is credit, too little is owed', async () => {
    for (const difference of [20.5, -20.5]) {
      const trip = await accept(server, await addPair(server))
      const driver = await reports(server, trip)
      const fare = Number(trip.created['estimated_fare'])
      driver.send({ payment_status: 'received', amount: fare + difference })
      expect(await driver.next()).toMatchObject({ payment_status: 'received' })
      const balance = await balanceOf(trip.user)
      expect([balance['creditMinor'], balance['owedMinor']]).toEqual(difference > 0 ? [2050, 0] : [0, 2050])
      driver.send({ payment_status: 'received', amount: fare })
      expect(Object.keys(await driver.next())).toEqual(['error'])
    }
  })

  it('[CT4] §2.3 payment: where credit pays all, the link says that it is paid', async () => {
    const pair = await addPair(server)
    const trip = await accept(server, pair)
    const driver = await reports(server, trip)
    driver.send({ payment_status: 'received', amount: Number(trip.created['estimated_fare']) * 3 })
    await driver.next()
    const bill = await newBill(server, pair.at, pair.user)
    const { status, body } = await choose(server, bill, 'card')
    expect([status, body['message']]).toEqual([200, 'Payment initialized successfully'])
    const answer = await goTo(server, new URL(String(body['payment_link'])), 'text/html')
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('Paid')])
    driver.send({ trip_status: 'cancelled' })
    await driver.find({ trip_status: 'cancelled' })
    expect(await confirm({ bill, driver: pair.driver })).toMatchObject({
      message: 'Awaiting driver response',
    })
  })

  it('[CT9] B-18 what is no amount is an error, and nothing is received', async () => {
    const trip = await accept(server, await addPair(server))
    const [driver, user] = await Promise.all([reports(server, trip), watches(server, trip)])
    for (const amount of [-1, 1e9, 1e300, 'much', '', {}, [50], true]) {
      driver.send({ payment_status: 'received', amount })
      expect(await driver.next(), JSON.stringify(amount)).toEqual({ error: 'Invalid amount' })
    }
    expect(await user.drained()).toEqual([])
    driver.send({ payment_status: 'received', amount: null })
    expect(await driver.next()).toMatchObject({ payment_status: 'received' })
  })

  it('[CT9] B-33 a completed trip is what its driver has earned, and he is free for the next', async () => {
    const trip = await booked('bank_transfer')
    const { bill, driver, user } = trip
    const status = await reports(server, await accepted(trip))
    expect((await balanceOf(user))['heldMinor']).toBe(cents(bill.fare))
    for (const trip_status of ['arrived at pickup', 'picked up', 'completed']) {
      status.send({ trip_status })
      await status.find({ trip_status })
    }
    expect((await balanceOf(user))['heldMinor']).toBe(0)
    const earned = Number((await balanceOf(driver))['earnedMinor'])
    // The operator keeps 20 %, to the cent.
    expect(Math.abs(earned - cents(bill.fare) * 0.8)).toBeLessThanOrEqual(1)
    expect((await server.get('/v1/me/earnings', driver.access)).body).toMatchObject({
      totals: [{ currency: 'ZAR', trips: 1, fareMinor: cents(bill.fare), earningMinor: earned }],
      settlements: [{ tripId: bill.tripId, method: 'bank_transfer', earningMinor: earned }],
    })
    const next = await newBill(server, trip.at, user)
    expect((await choose(server, next, 'cash')).status).toBe(200)
    expect(await confirm({ ...trip, bill: next })).toMatchObject({ message: 'Awaiting driver response' })
  })

  it('[CT9] B-33 of a cash trip he owes the commission', async () => {
    const trip = await accept(server, await addPair(server))
    const status = await reports(server, trip)
    status.send({ payment_status: 'received' })
    for (const trip_status of ['arrived at pickup', 'picked up', 'completed']) {
      status.send({ trip_status })
      await status.find({ trip_status })
    }
    const owed = Number((await balanceOf(trip.driver))['owedMinor'])
    expect(Math.abs(owed - cents(Number(trip.created['estimated_fare'])) * 0.2)).toBeLessThanOrEqual(1)
  })
})
