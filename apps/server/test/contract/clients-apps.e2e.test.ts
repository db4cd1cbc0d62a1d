import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldTexts, multipart } from './kit/http.ts'
import { join, newEmail, newPhone, PASSWORD } from './kit/people.ts'
import { file, JPEG, noisyPng, PNG } from './kit/pictures.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

/** The requests of the two mobile apps, as they build them; see §5. */
let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' }
const fetchJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(server.base + path, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify(body),
  })
/** The digits behind the plus. */
const withoutPlus = (phone: string): string => phone.slice(1)

describe.concurrent('the Expo app (R)', () => {
  it('[CT8] R signUp.ts: response.ok', async () => {
    const response = await fetchJson('/auth/signup/user/', { email: newEmail(), password: PASSWORD })
    expect(response.ok).toBe(true)
    expect(response.redirected).toBe(false)
  })

  it('[CT8] R sendOtp.ts: `access` of the answer is the Bearer of editProfile.ts', async () => {
    const email = newEmail()
    await fetchJson('/auth/signup/user/', { email, password: PASSWORD })
    const otp = await server.mail.takeCode(email)
    const isUser = (await (await fetchJson('/auth/verify-email/', { email, otp })).json()) as Json
    const answer = await server.call('PUT', '/auth/kyc-update/user/', {
      headers: { authorization: `Bearer ${String(isUser['access'])}` },
      multipart: multipart({
        first_name: 'Thandi',
        last_name: 'Nkosi',
        physical_address: '3 Long Street',
        phone_number: newPhone(),
      }),
    })
    expect(answer.status, answer.text).toBe(200)
  })

  it('[CT8] R signIn.ts, R2 signindriver.ts: refresh and access', async () => {
    for (const role of ['user', 'driver'] as const) {
      const { email } = await join(server, role)
      const response = await fetchJson(`/auth/login/${role}/`, { email, password: PASSWORD })
      expect(response.ok).toBe(true)
      expect(await response.json()).toEqual({
        refresh: expect.stringMatching(/^ey/) as string,
        access: expect.stringMatching(/^ey/) as string,
      })
    }
  })

  it('[CT8] R editProfile.ts: a PNG labelled image/jpg, a phone number without the plus (C-6)', async () => {
    const user = await join(server, 'user')
    for (const phone of [newPhone(), '+2348031234567', '+254712345678', '+233241234567']) {
      const answer = await server.call('PUT', '/auth/kyc-update/user/', {
        token: user.access,
        multipart: multipart({
          first_name: 'Thandi',
          last_name: 'Nkosi',
          physical_address: '3 Long Street',
          phone_number: withoutPlus(phone),
          profile_pic: file(PNG, 'photo.jpg', 'image/jpg'),
        }),
      })
      expect(answer.status, answer.text).toBe(200)
      expect(answer.body['phone_number']).toBe(phone)
    }
  })

  it('[CT8] R editProfile.ts: a picture at quality 1 over 2 MB is a clear 400 in JSON (B-10)', async () => {
    const user = await join(server, 'user')
    const answer = await server.call('PUT', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: multipart({
        phone_number: withoutPlus(newPhone()),
        profile_pic: file(await noisyPng(4), 'photo.png', 'image/png'),
      }),
    })
    expect(fieldTexts(answer, 'profile_pic')).toEqual(['Profile picture size must not exceed 2 MB.'])
  })

  it('[CT8] R getProfile.ts, main_app.tsx: first_name and physical_address', async () => {
    const user = await join(server, 'user')
    await server.call('PUT', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: multipart({
        first_name: 'Thandi',
        physical_address: '3 Long Street',
        phone_number: newPhone(),
      }),
    })
    const response = await fetch(`${server.base}/auth/profile/user/`, {
      headers: { authorization: `Bearer ${user.access}` },
    })
    expect(await response.json()).toMatchObject({ first_name: 'Thandi', physical_address: '3 Long Street' })
  })

  it('[CT8] R2 resendOtp.ts: ok for drivers too', async () => {
    const email = newEmail()
    await fetchJson('/auth/signup/driver/', { email, password: PASSWORD })
    expect((await fetchJson('/auth/resend-code/', { email })).ok).toBe(true)
  })
})

describe.concurrent('the Flutter app (F, F2)', () => {
  it('[CT8] F AuthService, LoginService: trimmed fields, statusCode 200 and message, for both roles', async () => {
    for (const role of ['user', 'driver']) {
      const email = newEmail()
      const signedUp = await fetchJson(`/auth/signup/${role}/`, { email, password: PASSWORD })
      expect(((await signedUp.json()) as Json)['message']).toContain('signup successful')
      // Two mails under way at once may arrive in any order.
      await server.mail.takeCode(email)
      const resent = await fetchJson('/auth/resend-code/', { email: email.trim() })
      expect(resent.status).toBe(200)
      expect(((await resent.json()) as Json)['message']).toBe('Verification code resent successfully.')
      const otp = await server.mail.takeCode(email)
      const verified = await fetchJson('/auth/verify-email/', { email: email.trim(), otp: otp.trim() })
      expect(verified.status).toBe(200)
      expect(((await verified.json()) as Json)['message']).toBe('Email verified successfully.')
      const loggedIn = await fetchJson(`/auth/login/${role}/`, { email, password: PASSWORD.trim() })
      expect(loggedIn.status).toBe(200)
    }
  })

  it('[CT8] F LoginService: a password chosen with spaces around it, as another app sends it, logs in trimmed', async () => {
    const email = newEmail()
    await fetchJson('/auth/signup/user/', { email: ` ${email} `, password: `  ${PASSWORD} ` })
    const otp = await server.mail.takeCode(email)
    await fetchJson('/auth/verify-email/', { email, otp })
    expect((await fetchJson('/auth/login/user/', { email, password: PASSWORD })).status).toBe(200)
  })

  it('[CT8] F2 sign_up_screen.dart: six characters get a readable message, not only a status', async () => {
    const response = await fetchJson('/auth/signup/user/', { email: newEmail(), password: 'x7Qp2-' })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Json)['message']).toContain(
      'This password is too short. It must contain at least 8 characters.',
    )
  })

  it('[CT8] F sign_up_screen_one.dart: verify and resend never answer 401, whatever is wrong', async () => {
    const email = newEmail()
    for (const [path, body] of [
      ['/auth/verify-email/', { email, otp: '1234' }],
      ['/auth/verify-email/', {}],
      ['/auth/resend-code/', { email }],
      ['/auth/resend-code/', {}],
    ] as const) {
      const response = await fetchJson(path, body, { authorization: 'Bearer stale' })
      expect([400, 404]).toContain(response.status)
    }
  })

  it('[CT8] F otp_service.dart (Dio): data["message"] of every error', async () => {
    for (const [path, body, message] of [
      ['/auth/verify-email/', {}, 'Email and OTP are required.'],
      ['/auth/verify-email/', { email: newEmail(), otp: '1234' }, 'User not found.'],
      ['/auth/resend-code/', {}, 'Email is required.'],
    ] as const)
      expect(((await (await fetchJson(path, body)).json()) as Json)['message']).toBe(message)
  })

  it('[CT8] F2 kyc_service.dart: no token: 401 with a message (B-31); with one, a PNG labelled image/jpeg', async () => {
    const user = await join(server, 'user')
    const form = () =>
      multipart({
        first_name: 'Thandi',
        last_name: 'Nkosi',
        physical_address: '3 Long Street',
        phone_number: newPhone(),
        profile_pic: file(PNG, 'image_picker_1234.png', 'image/jpeg'),
      })
    const bare = await server.call('PUT', '/auth/kyc-update/user/', { multipart: form() })
    expect(bare.status).toBe(401)
    expect(bare.body['message']).toBe('Authentication credentials were not provided.')
    const answer = await server.call('PUT', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: form(),
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body['message']).toBe('KYC update successful.')
  })

  it('[CT8] F2 resendOtpDriver: 200', async () => {
    const email = newEmail()
    await fetchJson('/auth/signup/driver/', { email, password: PASSWORD })
    expect((await fetchJson('/auth/resend-code/', { email })).status).toBe(200)
  })

  it('[CT8] a JPEG named .png is judged by its content', async () => {
    const user = await join(server, 'user')
    const answer = await server.call('PATCH', '/auth/kyc-update/user/', {
      token: user.access,
      multipart: multipart({ profile_pic: file(JPEG, 'photo.png', 'application/octet-stream') }),
    })
    expect(answer.status, answer.text).toBe(200)
  })
})
