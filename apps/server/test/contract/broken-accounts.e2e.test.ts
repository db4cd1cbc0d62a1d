import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPair, meet, quote } from './kit/desk.ts'
import { fieldTexts, multipart, refusal, refused } from './kit/http.ts'
import {
  application,
  goOnline,
  join,
  joinDriver,
  joinUser,
  newEmail,
  newPlace,
  NOBODY,
  PASSWORD,
} from './kit/people.ts'
import { file, noisyPng } from './kit/pictures.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const signUp = (email: string, role = 'user') =>
  server.post(`/auth/signup/${role}/`, { email, password: PASSWORD })
const verify = (email: string, otp: unknown) => server.post('/auth/verify-email/', { email, otp })
/** A code of as many digits that is not this one. */
const notThis = (code: string, step = 1): string =>
  String((Number(code) + step) % 10 ** code.length).padStart(code.length, '0')

describe.concurrent('§7 what was broken in the original: accounts', () => {
  it('[CT9] B-1 nonsense is no e-mail address', async () => {
    for (const role of ['user', 'driver'])
      for (const email of ['nonsense', 'a@', '@b.org', 'a b@c.org'])
        expect(refusal(await signUp(email, role)), email).toEqual(
          refused(400, { email: ['Enter a valid email address.'] }),
        )
  })

  it('[CT9] B-2 a mail that fails costs nobody the account: resend-code brings the code', async () => {
    const email = newEmail()
    const accept = server.mail.refuse(email)
    expect((await signUp(email)).status).toBe(201)
    await new Promise((done) => setTimeout(done, 1500))
    expect(server.mail.count(email)).toBe(0)
    accept()
    expect((await server.post('/auth/resend-code/', { email })).status).toBe(200)
    expect((await verify(email, await server.mail.takeCode(email))).status).toBe(200)
  })

  it('[CT9] B-3 resend-code works for drivers', async () => {
    const email = newEmail()
    await signUp(email, 'driver')
    await server.mail.takeCode(email)
    expect((await server.post('/auth/resend-code/', { email })).status).toBe(200)
    expect((await verify(email, await server.mail.takeCode(email))).status).toBe(200)
  })

  it("[CT9] B-4 a driver with a user's e-mail can verify", async () => {
    const email = newEmail()
    await signUp(email)
    const userCode = await server.mail.takeCode(email)
    await signUp(email, 'driver')
    const driverCode = await server.mail.takeCode(email)
    expect((await verify(email, driverCode)).status).toBe(200)
    expect((await server.post('/auth/login/driver/', { email, password: PASSWORD })).status).toBe(200)
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(400)
    expect((await verify(email, userCode)).status).toBe(200)
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(200)
  })

  it('[CT9] B-5 unverified drivers cannot log in', async () => {
    const email = newEmail()
    await signUp(email, 'driver')
    expect(refusal(await server.post('/auth/login/driver/', { email, password: PASSWORD }))).toEqual(
      refused(400, { non_field_errors: ['Account not verified.'] }),
    )
  })

  it('[CT9] B-6 the case of an e-mail does not matter', async () => {
    const { email } = await join(server, 'user', newEmail('MiXed'))
    for (const written of [email, email.toLowerCase(), email.toUpperCase()])
      expect((await server.post('/auth/login/user/', { email: written, password: PASSWORD })).status).toBe(
        200,
      )
    expect(refusal(await signUp(email.toUpperCase())).body).toEqual({
      email: ['This email is already in use.'],
    })
  })

  it('[CT9] B-7 verification and reset codes do not stand in for each other', async () => {
    const email = newEmail()
    await signUp(email)
    const verification = await server.mail.takeCode(email)
    const reset = (otp: string) =>
      server.post('/auth/reset-password/user/', { email, otp, new_password: 'a different bakkie' })
    expect((await reset(verification)).status).toBe(400)
    expect((await verify(email, verification)).status).toBe(200)
    await server.post('/auth/forgot-password/user/', { email })
    const resetting = await server.mail.takeCode(email)
    expect((await verify(email, resetting)).status).toBe(400)
    expect((await reset(resetting)).status).toBe(200)
  })

  it('[CT9] B-8 reset and change take no empty and no trivial password', async () => {
    const { email, access } = await join(server, 'user')
    await server.post('/auth/forgot-password/user/', { email })
    const otp = await server.mail.takeCode(email)
    for (const new_password of [undefined, '', '1', 'password1', '6049273158']) {
      for (const answer of [
        await server.post('/auth/reset-password/user/', { email, otp, new_password }),
        await server.post('/auth/change-password/', { old_password: PASSWORD, new_password }, access),
      ])
        expect(fieldTexts(answer, 'new_password'), String(new_password)).not.toHaveLength(0)
    }
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(200)
  })

  it('[CT9] B-9 names with spaces, hyphens, apostrophes and letters of any script', async () => {
    const [user, driver] = await Promise.all([join(server, 'user'), join(server, 'driver')])
    for (const last_name of [
      'van der Merwe',
      "O'Neil",
      'O’Neil',
      'Anne-Marie',
      'Ọláńrewájú',
      'ንጉሤ',
      'Müller',
    ]) {
      const form = multipart({ last_name })
      const answer = await server.call('PATCH', '/auth/kyc-update/user/', {
        token: user.access,
        multipart: form,
      })
      expect(answer.status, `${last_name} ${answer.text}`).toBe(200)
      expect(answer.body['last_name']).toBe(last_name)
      const kyc = await server.call('PUT', '/auth/kyc-update/driver/', {
        token: driver.access,
        multipart: multipart(application({ last_name })),
      })
      expect(kyc.status, `${last_name} ${kyc.text}`).toBe(200)
    }
  })

  it('[CT9] B-10 a phone picture over 2 MB gets a clear text', async () => {
    const user = await join(server, 'user')
    const answer = await server.call('PATCH', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: multipart({ profile_pic: file(await noisyPng(3), 'IMG_0001.png') }),
    })
    expect(fieldTexts(answer, 'profile_pic')).toEqual(['Profile picture size must not exceed 2 MB.'])
    expect(answer.body['message']).toContain('Profile picture size must not exceed 2 MB.')
  })

  it('[CT9] B-11 logout works, and the refresh token is dead', async () => {
    const { access, refresh } = await join(server, 'driver')
    expect((await server.post('/auth/logout/', { refresh_token: refresh }, access)).status).toBe(200)
    expect((await server.post('/auth/token/refresh/', { refresh })).status).toBe(401)
  })

  it('[CT9] B-12 driver lists show whitelisted fields only', async () => {
    const pair = await addPair(server)
    const { created } = await quote(server, await meet(server, pair))
    const search = { pickup_lat: pair.at.latitude, pickup_lon: pair.at.longitude }
    const found = (await server.post('/trip/find-driver/', search, pair.user.access)).body['drivers']
    for (const [driver] of [created['available_drivers'], found] as Json[][]) {
      expect(Object.keys(driver!).sort()).toEqual(
        'car_image distance email first_name id is_available last_name latitude longitude name phone profile_pic rating vehicle_type'.split(
          ' ',
        ),
      )
      expect([driver!['email'], driver!['phone']]).toEqual([null, null])
    }
  })

  it('[CT9] B-23 nobody is called "None None": the local part of the e-mail, and null', async () => {
    const [driver, user] = await Promise.all([join(server, 'driver'), join(server, 'user')])
    const location = await server.socket('/ws/driver/location/', driver.access)
    location.send(newPlace())
    const told = await location.next()
    expect(told['driver_details']).toMatchObject({ name: driver.email.split('@')[0], phone: null })
    expect(JSON.stringify(told)).not.toContain('None')
    const request = await server.socket('/ws/trips/user/request/', user.access)
    const at = newPlace()
    request.send({
      action: 'create_trip',
      vehicle_type: 'Bakkie',
      pickup: 'here',
      destination: 'there',
      pickup_lat: at.latitude,
      pickup_lon: at.longitude,
      dest_lat: at.latitude + 0.1,
      dest_lon: at.longitude,
    })
    expect((await request.next())['user_info']).toEqual({
      id: user.id,
      name: user.email.split('@')[0],
      phone: null,
    })
  })

  it('[CT9] B-27 a session outlives its access token by the refresh endpoint', async () => {
    const { refresh } = await join(server, 'user')
    const { status, body } = await server.post('/auth/token/refresh/', { refresh })
    expect(status).toBe(200)
    expect((await server.get('/auth/profile/user/', String(body['access']))).status).toBe(200)
  })

  it('[CT9] B-30 every kind of error carries a message for people', async () => {
    const user = await joinUser(server)
    for (const answer of [
      await server.post('/auth/signup/user/', {}),
      await server.post('/auth/login/user/', []),
      await server.call('POST', '/auth/login/user/', {
        raw: '{',
        headers: { 'content-type': 'application/json' },
      }),
      await server.post('/auth/verify-email/', {}),
      await server.post('/auth/resend-code/', { email: newEmail() }),
      await server.get('/auth/profile/user/'),
      await server.get('/auth/profile/user/', 'nonsense'),
      await server.get('/auth/login/user/'),
      await server.get('/nowhere/'),
      await server.get(`/trips/${NOBODY}/status/`, user.access),
      await server.post('/payment/', {}, user.access),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body['message'], answer.text).toEqual(expect.stringMatching(/\S/))
    }
  })

  it('[CT9] B-36 a code is guessed five times at most', async () => {
    const email = newEmail()
    await signUp(email)
    const otp = await server.mail.takeCode(email)
    for (let guess = 1; guess <= 5; guess++)
      expect((await verify(email, notThis(otp, guess))).status).toBe(400)
    expect((await verify(email, otp)).status).toBe(400)
    await server.post('/auth/resend-code/', { email })
    expect((await verify(email, await server.mail.takeCode(email))).status).toBe(200)
  })

  it('[CT9] B-38 a driver sets his vehicle himself, and is found by it', async () => {
    const [driver, user] = await Promise.all([
      joinDriver(server, { vehicle_type: '8 ton Truck', vehicle_load_capacity: '8' }),
      joinUser(server),
    ])
    const at = newPlace()
    await goOnline(server, driver, at)
    const search = { pickup_lat: at.latitude, pickup_lon: at.longitude, vehicle_type: ['8 ton Truck'] }
    expect((await server.post('/trip/find-driver/', search, user.access)).body).toMatchObject({
      drivers: [{ id: driver.id, vehicle_type: '8 ton Truck' }],
    })
  })

  it('[CT9] B-42 errors are JSON, whatever happens', async () => {
    for (const path of ['/nowhere', '/trips/1/status/', '/auth/nothing/', '/%ff', '/trips/%2e%2e/status/']) {
      const answer = await server.get(path)
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
      expect(answer.status, path).toBeLessThan(500)
      expect(answer.headers.get('content-type'), path).toMatch(/^application\/json\b/)
    }
  })
})
