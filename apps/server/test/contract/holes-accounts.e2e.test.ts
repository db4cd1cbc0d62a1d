import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart, refusal, refused } from './kit/http.ts'
import {
  application,
  goOnline,
  join,
  joinDriver,
  joinUser,
  newEmail,
  newPlace,
  PASSWORD,
} from './kit/people.ts'
import { file, JPEG, noisyPng, TRACEABLE_JPEG } from './kit/pictures.ts'
import { SECRET_KEY, startServer, type Server, type TestSocket } from './kit/server.ts'
import { altered } from './kit/tokens.ts'
import { settled } from './kit/wait.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const NEW_PASSWORD = 'a different bakkie'
const notThis = (code: string, step: number): string =>
  String((Number(code) + step) % 10 ** code.length).padStart(code.length, '0')

/** What a session that has ended gets: nothing, within five seconds, on its open socket too. */
async function hasEnded(access: string, refresh: string, socket: TestSocket): Promise<void> {
  await socket.closed()
  const status = async () => (await server.get('/auth/profile/user/', access)).status
  expect(await settled(status, 401, 5_000)).toBe(401)
  expect((await server.post('/auth/token/refresh/', { refresh })).status).toBe(401)
  expect(await server.handshake('/ws/trips/user/request/', access)).toBe(403)
}

describe.concurrent('holes of the original: codes and sessions', () => {
  it('[CT10] authentication/utils.py:19 a code takes five guesses, however many come at once', async () => {
    const email = newEmail()
    await server.post('/auth/signup/user/', { email, password: PASSWORD })
    const otp = await server.mail.takeCode(email)
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.post('/auth/verify-email/', { email, otp: notThis(otp, index + 1) }),
      ),
    )
    for (const { status } of guesses) expect([400, 429]).toContain(status)
    expect((await server.post('/auth/verify-email/', { email, otp })).status).toBe(400)
  })

  it('[CT10] authentication/utils.py:19 a reset code takes five guesses too, and is another code', async () => {
    const { email } = await join(server, 'user')
    await server.post('/auth/forgot-password/user/', { email })
    const otp = await server.mail.takeCode(email)
    expect(otp).toMatch(/^\d{6}$/)
    const reset = (code: string) =>
      server.post('/auth/reset-password/user/', { email, otp: code, new_password: NEW_PASSWORD })
    for (let guess = 1; guess <= 5; guess++) expect((await reset(notThis(otp, guess))).status).toBe(400)
    expect((await reset(otp)).status).toBe(400)
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(200)
  })

  it('[CT10] authentication/views.py:118 log-in tells nobody which addresses have an account', async () => {
    const { email } = await join(server, 'user')
    const known = await server.post('/auth/login/user/', { email, password: 'wrong password' })
    const unknown = await server.post('/auth/login/user/', { email: newEmail(), password: 'wrong password' })
    expect(known.text).toBe(unknown.text)
    expect(known.status).toBe(unknown.status)
  })

  it('[CT10] authentication/views.py:144 a reset checks the password and ends all sessions, sockets included', async () => {
    const { email, access, refresh } = await join(server, 'user')
    const socket = await server.socket('/ws/trips/user/request/', access)
    await server.post('/auth/forgot-password/user/', { email })
    const otp = await server.mail.takeCode(email)
    const reset = (new_password: string) =>
      server.post('/auth/reset-password/user/', { email, otp, new_password })
    expect((await reset('1')).status).toBe(400)
    expect((await reset(NEW_PASSWORD)).status).toBe(200)
    await hasEnded(access, refresh, socket)
  })

  it('[CT10] authentication/views.py:419 a change checks the password and ends all other sessions, sockets included', async () => {
    const own = await join(server, 'user')
    const { body } = await server.post('/auth/login/user/', { email: own.email, password: PASSWORD })
    const other = body as { access: string; refresh: string }
    const socket = await server.socket('/ws/trips/user/request/', other.access)
    const kept = await server.socket('/ws/trips/user/request/', own.access)
    const change = (new_password: string) =>
      server.post('/auth/change-password/', { old_password: PASSWORD, new_password }, own.access)
    expect((await change('1')).status).toBe(400)
    expect((await change(NEW_PASSWORD)).status).toBe(200)
    await hasEnded(other.access, other.refresh, socket)
    expect((await server.get('/auth/profile/user/', own.access)).status).toBe(200)
    expect(kept.isOpen()).toBe(true)
  })

  it('[CT10] authentication/views.py:384 logout kills the refresh token and the sockets of that session', async () => {
    const { email, access, refresh } = await join(server, 'user')
    const { body } = await server.post('/auth/login/user/', { email, password: PASSWORD })
    const socket = await server.socket('/ws/trips/user/request/', access)
    expect((await server.post('/auth/logout/', { refresh_token: refresh }, access)).status).toBe(200)
    await hasEnded(access, refresh, socket)
    expect((await server.get('/auth/profile/user/', String(body['access']))).status).toBe(200)
  })

  it('[CT10] authentication/views.py:535 drivers get a new code', async () => {
    const email = newEmail()
    await server.post('/auth/signup/driver/', { email, password: PASSWORD })
    await server.mail.takeCode(email)
    expect((await server.post('/auth/resend-code/', { email })).status).toBe(200)
    expect(await server.mail.takeCode(email)).toMatch(/^\d{4}$/)
  })

  it('[CT10] serializers.py:167 unverified drivers cannot log in; without KYC nobody is shown', async () => {
    const email = newEmail()
    await server.post('/auth/signup/driver/', { email, password: PASSWORD })
    expect(refusal(await server.post('/auth/login/driver/', { email, password: PASSWORD }))).toEqual(
      refused(400, { non_field_errors: ['Account not verified.'] }),
    )
    const [applicant, user] = await Promise.all([join(server, 'driver'), joinUser(server)])
    const at = newPlace()
    await goOnline(server, applicant, at)
    const search = { pickup_lat: at.latitude, pickup_lon: at.longitude }
    expect((await server.post('/trip/find-driver/', search, user.access)).body).toEqual({
      message: 'No available drivers nearby',
    })
  })

  it('[CT10] serializers.py:167 a banned account acts nowhere, on REST and on sockets', async () => {
    const { email, access, refresh } = await join(server, 'user')
    const socket = await server.socket('/ws/trips/user/request/', access)
    await server.operate('account', 'ban', email)
    await hasEnded(access, refresh, socket)
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(400)
  })

  it('[CT10] middleware.py:16 vs auth.py:29 one id is one account everywhere, whatever else has its e-mail', async () => {
    const email = newEmail()
    const user = await join(server, 'user', email)
    const driver = await join(server, 'driver', email)
    expect(user.id).not.toBe(driver.id)
    expect(await server.handshake('/ws/driver/location/', user.access)).toBe(403)
    expect(await server.handshake('/ws/trips/user/request/', driver.access)).toBe(403)
    expect((await server.get('/auth/kyc-update/driver/', user.access)).status).toBe(404)
    // A session of one account does not carry the id of the other.
    const forged = altered(user.access, { user_id: driver.id })
    expect((await server.get('/auth/kyc-update/driver/', forged)).status).toBe(401)
    expect(await server.handshake('/ws/driver/location/', forged)).toBe(403)
  })
})

describe.concurrent('holes of the original: pictures', () => {
  const CORRUPT = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'

  const KIND = 'Profile picture must be in JPEG or PNG format.'

  it('[CT10] serializers.py:148 what only is called a picture is refused', async () => {
    const user = await join(server, 'user')
    for (const content of [
      '<html><script>alert(1)</script></html>',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'PK\u0003\u0004 a zip',
      '%PDF-1.7',
      '',
    ]) {
      const answer = await server.call('PATCH', '/auth/kyc-update/user/', {
        token: user.access,
        multipart: multipart({ profile_pic: file(content, 'me.png', 'image/png') }),
      })
      expect(answer.status, content).toBe(400)
      if (content !== '') expect([[CORRUPT], [KIND]], content).toContainEqual(answer.body['profile_pic'])
    }
    expect((await server.get('/auth/profile/user/', user.access)).body['profile_pic']).toBeNull()
  })

  it('[CT10] serializers.py:148 what is served is re-encoded: no position, no owner, nothing behind the picture', async () => {
    const user = await join(server, 'user')
    const polyglot = Buffer.concat([TRACEABLE_JPEG, Buffer.from('<script>alert("behind")</script>')])
    expect(polyglot.includes('Thandi of Commissioner Street')).toBe(true)
    const answer = await server.call('PATCH', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: multipart({ profile_pic: file(polyglot, '../../me.jpg', 'image/jpeg') }),
    })
    expect(answer.status, answer.text).toBe(200)
    const url = new URL(String(answer.body['profile_pic']), server.base)
    expect(url.pathname).not.toContain('me.jpg')
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toMatch(/./)
    const served = Buffer.from(await response.arrayBuffer())
    for (const trace of ['Thandi', 'GPS', 'Exif', '<script>'])
      expect(served.includes(trace), trace).toBe(false)
  })

  it('[CT10] serializers.py:148 a licence is shown to nobody by its address alone', async () => {
    const driver = await joinDriver(server)
    const { body } = await server.get('/auth/kyc-update/driver/', driver.access)
    expect(JSON.stringify(body)).not.toMatch(/licen[cs]e/i)
    for (const path of ['/pictures/', '/media/', '/uploads/', '/files/'])
      expect((await server.get(path)).status, path).toBe(404)
  })

  it('[CT10] serializers.py:148 five pictures that are too much together leave nothing behind', async () => {
    const driver = await join(server, 'driver')
    const big = file(await noisyPng(1.9))
    const answer = await server.call('PUT', '/auth/kyc-update/driver/', {
      token: driver.access,
      multipart: multipart({ ...application(), car_images: [big, file(JPEG), big] }),
    })
    expect(answer.status).toBe(400)
    expect((await server.get('/auth/kyc-update/driver/', driver.access)).body).toMatchObject({
      profile_pic: null,
      car_images: [],
      vehicle_registration: null,
    })
  })
})

describe.concurrent('holes of the original: what the wire lets slip', () => {
  it('[CT10] payments/views.py:507 no secret, code, token or body reaches the log', async () => {
    const { email, access } = await join(server, 'user')
    await server.post('/auth/forgot-password/user/', { email })
    const otp = await server.mail.takeCode(email)
    await server.post('/payment/', { card_details: { card_number: '4111111111111111' } }, access)
    const log = await server.output()
    for (const secret of [email, access, otp, PASSWORD, '4111111111111111', SECRET_KEY])
      expect(log.includes(secret), secret).toBe(false)
  })
})
