import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, createTrip, payCash, reports } from './kit/desk.ts'
import { multipart, refusal, refused, whole } from './kit/http.ts'
import { joinDriver, joinUser, newPlace, NOBODY, type Person } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'

let server: Server
let user: Person
let tripId: string
beforeAll(async () => {
  server = await startServer()
  user = await joinUser(server)
  tripId = await newTrip()
})
afterAll(() => server.stop())

async function newTrip(): Promise<string> {
  const request = await server.socket('/ws/trips/user/request/', user.access)
  return String((await createTrip(request, newPlace()))['trip_id'])
}

const CASH = { status: 200, body: { message: 'Cash payment selected. Driver will confirm receipt.' } }
const invalid = (details: Record<string, string[]>) => refused(400, { error: 'Invalid input data', details })
const cash = (changes: object = {}) => ({
  trip_id: tripId,
  payment_method: 'cash',
  currency: 'ZAR',
  location: 'ZA',
  ...changes,
})

describe.concurrent('§2.3 POST /payment/', () => {
  it('[CT4] §2.3 payment: cash answers the exact text at every address (C-2), slash or not', async () => {
    for (const path of [
      '/payment/',
      '/payment',
      '/payment/initiate/',
      '/api/payment/',
      '/api/payment/initiate/',
      '/trips/payment/',
      '/trips/payment',
    ])
      expect(whole(await server.post(path, cash(), user.access)), path).toEqual(CASH)
  })

  it('[CT4] §2.3 payment: urlencoded and multipart', async () => {
    for (const request of [{ form: cash() as Record<string, string> }, { multipart: multipart(cash()) }])
      expect(whole(await server.call('POST', '/payment/', { token: user.access, ...request }))).toEqual(CASH)
  })

  it('[CT4] §2.3 payment: location is optional, ZAR is ZA (C-11), both are upper-cased', async () => {
    for (const changes of [
      { location: undefined },
      { location: 'ZAR' },
      { location: 'za' },
      { location: 'KE' },
      { location: 'GH' },
      { location: 'NG' },
      { currency: 'zar' },
      { currency: 'USD' },
      { currency: 'NGN' },
      { currency: 'KES' },
      { currency: 'GHS' },
    ])
      expect(whole(await server.post('/payment/', cash(changes), user.access))).toEqual(CASH)
  })

  it("[CT4] §2.3 payment: amount and card_details are ignored, the fare stays the trip's", async () => {
    const pair = await addPair(server)
    const { tripId: id, created, offered } = await accept(server, pair)
    const extras = { amount: 1, card_details: { card_number: '4111111111111111' } }
    await server.post('/payment/', cash({ trip_id: id, ...extras }), pair.user.access)
    const details = offered['trip_details'] as Record<string, Record<string, unknown>>
    expect(details['payment_info']).toEqual({
      payment_method: 'cash',
      payment_status: 'pending',
      amount: created['estimated_fare'],
      currency: 'ZAR',
    })
  })

  it("[CT4] §2.3 payment: every field error in the original's words", async () => {
    for (const [changes, details] of [
      [{ trip_id: undefined }, { trip_id: ['This field is required.'] }],
      [{ trip_id: '1' }, { trip_id: ['Must be a valid UUID.'] }],
      [{ trip_id: NOBODY }, { trip_id: ['Invalid trip ID. Trip does not exist.'] }],
      [{ payment_method: undefined }, { payment_method: ['This field is required.'] }],
      [{ payment_method: 'gold' }, { payment_method: ['"gold" is not a valid choice.'] }],
      [{ currency: undefined }, { currency: ['This field is required.'] }],
      [
        { currency: 'EUR' },
        { currency: ["Unsupported currency: EUR. Use one of ['USD', 'NGN', 'KES', 'ZAR', 'GHS']"] },
      ],
    ] as const)
      expect(refusal(await server.post('/payment/', cash(changes), user.access))).toEqual(
        invalid(details as unknown as Record<string, string[]>),
      )
    const { status, body } = await server.post('/payment/', cash({ location: 'Mars' }), user.access)
    expect(status).toBe(400)
    expect(Object.keys(body['details'] as object)).toEqual(['location'])
  })

  it('[CT4] §2.3 payment: "This trip has already been paid for."', async () => {
    const pair = await addPair(server)
    const trip = await accept(server, pair)
    const status = await reports(server, trip)
    status.send({ payment_status: 'received' })
    await status.find({ payment_status: 'received' })
    expect(refusal(await payCash(server, pair.user, trip.tripId))).toEqual(
      invalid({ trip_id: ['This trip has already been paid for.'] }),
    )
  })

  it('[CT4] Decided: a method that is not configured is 503, details say which, and the trip stays unpaid', async () => {
    const id = await newTrip()
    for (const payment_method of ['card', 'mobile_money', 'bank_transfer']) {
      const answer = await server.post('/payment/', cash({ trip_id: id, payment_method }), user.access)
      expect(refusal(answer)).toEqual(
        refused(503, {
          error: 'Payment service unavailable',
          details: expect.stringContaining(payment_method) as string,
        }),
      )
    }
    const request = await server.socket('/ws/trips/user/request/', user.access)
    request.send({ action: 'confirm_driver', trip_id: id, driver_id: (await joinDriver(server)).id })
    expect(await request.next()).toEqual({
      error: 'Payment not found. Please complete payment before requesting a driver.',
    })
    expect(whole(await server.post('/payment/', cash({ trip_id: id }), user.access))).toEqual(CASH)
  })

  it("[CT4] §2.3 payment: somebody else's trip does not exist; 401 for nobody, 403 for drivers", async () => {
    const [stranger, driver] = await Promise.all([joinUser(server), joinDriver(server)])
    expect(refusal(await server.post('/payment/', cash(), stranger.access))).toEqual(
      invalid({ trip_id: ['Invalid trip ID. Trip does not exist.'] }),
    )
    expect(refusal(await server.post('/payment/', cash()))).toEqual(
      refused(401, { detail: 'Authentication credentials were not provided.' }),
    )
    expect((await server.post('/payment/', cash(), driver.access)).status).toBe(403)
  })
})
