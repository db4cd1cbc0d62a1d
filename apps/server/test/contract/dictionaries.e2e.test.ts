import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, createTrip, report, reports, watches } from './kit/desk.ts'
import { BASE_FARES, fareRange, peakFactor } from './kit/fares.ts'
import { fieldTexts, multipart } from './kit/http.ts'
import { goOnline, join, joinDriver, joinUser, newEmail, newPhone, newPlace, PASSWORD } from './kit/people.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const SPELLINGS: readonly [word: keyof typeof BASE_FARES, others: readonly string[]][] = [
  ['Motorbike', ['MotorBike', 'motorbike', 'MOTORBIKE']],
  ['Bakkie', ['bakkie']],
  ['1 ton Truck', ['1_ton_truck', 'truck_1', '1 TON TRUCK']],
  ['1.5 ton Truck', ['1.5_ton_truck', 'truck_1.5']],
  ['2 ton Truck', ['2_ton_truck', 'truck_2']],
  ['4 ton Truck', ['4_ton_truck', 'truck_4']],
  ['8 ton Truck', ['8_ton_truck', 'truck_8']],
]

describe.concurrent('§4.1 vehicle types', () => {
  it('[CT7] §4.1 every word and every older spelling asks for the same class, answered in the canonical word', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    for (const [word, others] of SPELLINGS) {
      const { estimated_fare } = await createTrip(request, at, { vehicle_type: word })
      for (const other of others)
        expect(await createTrip(request, at, { vehicle_type: other }), other).toMatchObject({
          vehicle_type: word,
          estimated_fare,
        })
    }
  })

  it('[CT7] §4.1 a driver who registered a MotorBike sees Motorbike trips (C-30)', async () => {
    const [user, driver] = await Promise.all([
      joinUser(server),
      joinDriver(server, { vehicle_type: 'MotorBike' }),
    ])
    const at = newPlace()
    await goOnline(server, driver, at)
    const request = await server.socket('/ws/trips/user/request/', user.access)
    expect(await createTrip(request, at, { vehicle_type: 'Motorbike' })).toMatchObject({
      available_drivers: [{ id: driver.id, vehicle_type: 'Motorbike' }],
    })
  })
})

describe.concurrent('§4.2 trip statuses', () => {
  it('[CT7] §4.2 words in any case; "in progress" and "in_progress" are one, sent as in_progress', async () => {
    const trip = await accept(server, await addPair(server))
    const [driver, user] = await Promise.all([reports(server, trip), watches(server, trip)])
    driver.send({ trip_status: 'On The Way' })
    expect(await driver.find({ trip_status: 'on the way' })).toBeDefined()
    await report(driver, 'arrived at pickup')
    for (const [said, word] of [
      ['PICKED UP', 'picked up'],
      ['In Progress', 'in_progress'],
      ['in_progress', 'in_progress'],
      ['arrived at destination', 'arrived at destination'],
    ]) {
      driver.send({ trip_status: said })
      expect(await driver.find({ trip_id: trip.tripId, trip_status: word })).toBeDefined()
    }
    await user.find({ trip_status: 'arrived at destination' })
    expect((await server.get(`/trips/${trip.tripId}/status/`, trip.user.access)).body).toEqual({
      trip_status: 'arrived at destination',
    })
  })
})

describe.concurrent('§4.4 fare', () => {
  it('[CT7] §4.4 base, 10 a kilometre and 2 a minute, times 1.5 at peak, for every class', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    for (const [vehicle] of SPELLINGS) {
      const quote = await createTrip(request, at, { vehicle_type: vehicle })
      const { min, max } = fareRange(vehicle, quote)
      expect(quote['estimated_fare'], vehicle).toBeGreaterThanOrEqual(min)
      expect(quote['estimated_fare'], vehicle).toBeLessThanOrEqual(max)
    }
  })

  it('[CT7] §4.4 classes of one speed differ by their base alone', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const at = newPlace()
    const fares: number[] = []
    for (const vehicle_type of ['Bakkie', '1 ton Truck', '1.5 ton Truck', '2 ton Truck'])
      fares.push(Number((await createTrip(request, at, { vehicle_type }))['estimated_fare']))
    const factor = peakFactor()
    for (const [index, base] of [80, 100, 120, 150].entries())
      expect(fares[index]! - fares[0]!).toBeCloseTo((base - 80) * factor, 6)
  })

  it('[CT7] §4.4 money and kilometres have two decimals at most, and are numbers', async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    const quote = await createTrip(request, newPlace(), { dest_lat: -23.4567891 })
    for (const name of ['estimated_fare', 'distance_km']) {
      expect(typeof quote[name]).toBe('number')
      expect(Math.round(Number(quote[name]) * 100) / 100).toBe(quote[name])
    }
  })

  it("[CT7] §4.3 the currency is that of the pickup's market", async () => {
    const request = await server.socket('/ws/trips/user/request/', (await joinUser(server)).access)
    for (const [currency, latitude, longitude] of [
      ['ZAR', -26.2, 28.05],
      ['NGN', 6.52, 3.37],
      ['KES', -1.29, 36.82],
      ['GHS', 5.6, -0.19],
      // Nobody's market: the default one.
      ['ZAR', 48.85, 2.35],
    ] as const)
      expect(await createTrip(request, { latitude, longitude })).toMatchObject({ currency })
  })
})

describe.concurrent('§4.5 codes and mails', () => {
  it('[CT7] §4.5 the verification mail, word for word; the sender is EMAIL_HOST_USER', async () => {
    const email = newEmail()
    await server.post('/auth/signup/user/', { email, password: PASSWORD })
    const { from, subject, text } = await server.mail.take(email)
    expect(from).toBe('toota@example.org')
    expect(subject).toBe('Your Email Verification OTP')
    expect(text).toMatch(/Your OTP for email verification is: \d{4}\b/)
    expect(text).toContain('This OTP is valid for 60 minutes.')
  })

  it('[CT7] §4.5 the reset mail: six digits, ten minutes (C-38)', async () => {
    const { email } = await join(server, 'user')
    await server.post('/auth/forgot-password/user/', { email })
    const { subject, text } = await server.mail.take(email)
    expect(subject).toBe('Your Password Reset OTP')
    expect(text).toMatch(/Your OTP for password reset is: \d{6}\b/)
    expect(text).toMatch(/\b10 minutes\b/)
  })
})

describe.concurrent('§4.6 limits', () => {
  it('[CT7] §4.6 names of 50, a load of 0.5 and of 10 tons', async () => {
    const [user, driver] = await Promise.all([join(server, 'user'), joinDriver(server)])
    const rename = (first_name: string) =>
      server.call('PATCH', '/auth/kyc-update/user/', {
        token: user.access,
        multipart: multipart({ first_name }),
      })
    expect((await rename('x'.repeat(50))).status).toBe(200)
    expect(fieldTexts(await rename('x'.repeat(51)), 'first_name')).toEqual([
      'Ensure this field has no more than 50 characters.',
    ])
    expect((await server.get('/auth/kyc-update/driver/', driver.access)).body).toMatchObject({
      vehicle_load_capacity: 1.5,
    })
    for (const vehicle_load_capacity of ['0.5', '10'])
      await joinDriver(server, { vehicle_load_capacity, phone_number: newPhone() })
  })

  it('[CT7] §4.6 twenty results, the nearest', async () => {
    const at = newPlace()
    const [user, ...drivers] = await Promise.all([
      joinUser(server),
      ...Array.from({ length: 21 }, () => joinDriver(server)),
    ])
    for (const [index, driver] of drivers.entries())
      (await goOnline(server, driver, { ...at, latitude: at.latitude + index * 0.001 })).close()
    const search = { pickup_lat: at.latitude, pickup_lon: at.longitude }
    const { body } = await server.post('/trip/find-driver/', search, user.access)
    expect((body['drivers'] as Json[]).map(({ id }) => id)).toEqual(drivers.slice(0, 20).map(({ id }) => id))
  })
})
