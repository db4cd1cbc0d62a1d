import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart, refusal, refused, whole } from './kit/http.ts'
import { join, newEmail, PASSWORD, type Person, type WireRole } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'
import { claimsOf } from './kit/tokens.ts'

let server: Server
let user: Person
let driver: Person
beforeAll(async () => {
  server = await startServer()
  ;[user, driver] = await Promise.all([join(server, 'user'), join(server, 'driver')])
})
afterAll(() => server.stop())

const ROLES: readonly WireRole[] = ['user', 'driver']
const REQUIRED = ['This field is required.']
const NEW_PASSWORD = 'a different bakkie'
const PAIR = { refresh: expect.any(String) as string, access: expect.any(String) as string }
const invalid = (role: WireRole) => refused(400, { non_field_errors: [`Invalid credentials for a ${role}.`] })

const logIn = (role: WireRole, email: string, password = PASSWORD) =>
  server.post(`/auth/login/${role}/`, { email, password })

describe.concurrent('§2.1 POST /auth/login/…', () => {
  it('[CT2] §2.1 login: 200 with exactly refresh and access, slash or not, and the older alias', async () => {
    for (const [path, who] of [
      ['/auth/login/user/', user],
      ['/auth/login/user', user],
      ['/auth/login/', user],
      ['/auth/login/driver/', driver],
      ['/auth/login/driver', driver],
    ] as const) {
      const answer = await server.post(path, { email: who.email, password: PASSWORD })
      expect(whole(answer)).toEqual({ status: 200, body: PAIR })
      expect(claimsOf(answer.body['access'])).toMatchObject({ user_id: who.id, token_type: 'access' })
      expect(claimsOf(answer.body['refresh'])).toMatchObject({ user_id: who.id, token_type: 'refresh' })
    }
  })

  it('[CT2] §2.1 login: urlencoded and multipart', async () => {
    const fields = { email: user.email, password: PASSWORD }
    for (const request of [{ form: fields }, { multipart: multipart(fields) }])
      expect(whole(await server.call('POST', '/auth/login/user/', request))).toEqual({
        status: 200,
        body: PAIR,
      })
  })

  it('[CT2] §2.1 login: missing fields', async () => {
    for (const role of ROLES)
      expect(refusal(await server.post(`/auth/login/${role}/`, {}))).toEqual(
        refused(400, { email: REQUIRED, password: REQUIRED }),
      )
  })

  it('[CT2] §2.1 login: unknown, wrong password and other role are one answer', async () => {
    expect(refusal(await logIn('user', newEmail()))).toEqual(invalid('user'))
    expect(refusal(await logIn('user', user.email, 'wrong password'))).toEqual(invalid('user'))
    expect(refusal(await logIn('user', driver.email))).toEqual(invalid('user'))
    expect(refusal(await logIn('driver', newEmail()))).toEqual(invalid('driver'))
    expect(refusal(await logIn('driver', driver.email, 'wrong password'))).toEqual(invalid('driver'))
    expect(refusal(await logIn('driver', user.email))).toEqual(invalid('driver'))
  })

  it('[CT2] §2.1 login: "Account not verified." for users and drivers', async () => {
    for (const role of ROLES) {
      const email = newEmail()
      await server.post(`/auth/signup/${role}/`, { email, password: PASSWORD })
      expect(refusal(await logIn(role, email))).toEqual(
        refused(400, { non_field_errors: ['Account not verified.'] }),
      )
    }
  })
})

describe.concurrent('§2.1 forgot-password and reset-password', () => {
  const SENT = { status: 200, body: { message: 'OTP sent to email for password reset.' } }
  const RESET = { status: 200, body: { message: 'Password reset successful.' } }
  const UNKNOWN = refused(404, { error: 'User not found.' })
  const reset = (role: WireRole, body: object) => server.post(`/auth/reset-password/${role}/`, body)
  const forget = async (role: WireRole, email: string): Promise<string> => {
    await server.post(`/auth/forgot-password/${role}/`, { email })
    return server.mail.takeCode(email)
  }

  it('[CT2] §2.1 forgot-password: 200 and a mail, for both roles, slash or not, urlencoded', async () => {
    for (const role of ROLES) {
      const { email } = await join(server, role)
      expect(whole(await server.post(`/auth/forgot-password/${role}/`, { email }))).toEqual(SENT)
      expect(whole(await server.post(`/auth/forgot-password/${role}`, { email }))).toEqual(SENT)
      const path = `/auth/forgot-password/${role}/`
      expect(whole(await server.call('POST', path, { form: { email } }))).toEqual(SENT)
      expect(await server.mail.takeCode(email)).toMatch(/^\d{6}$/)
    }
  })

  it('[CT2] §2.1 forgot-password: 404 for an unknown address, the other role and no address', async () => {
    for (const body of [{ email: newEmail() }, { email: driver.email }, {}])
      expect(refusal(await server.post('/auth/forgot-password/user/', body))).toEqual(UNKNOWN)
    expect(refusal(await server.post('/auth/forgot-password/driver/', { email: user.email }))).toEqual(
      UNKNOWN,
    )
  })

  it('[CT2] §2.1 reset-password: 200, then only the new password logs in', async () => {
    for (const role of ROLES) {
      const { email } = await join(server, role)
      const otp = await forget(role, email)
      expect(whole(await reset(role, { email, otp, new_password: NEW_PASSWORD }))).toEqual(RESET)
      expect(refusal(await logIn(role, email))).toEqual(invalid(role))
      expect((await logIn(role, email, NEW_PASSWORD)).status).toBe(200)
      expect(refusal(await reset(role, { email, otp, new_password: NEW_PASSWORD }))).toEqual(
        refused(400, { error: 'OTP not found for this user.' }),
      )
    }
  })

  it('[CT2] §2.1 reset-password: a wrong code, no code asked for, an unknown address', async () => {
    const { email } = await join(server, 'user')
    const body = { email, otp: '123456', new_password: NEW_PASSWORD }
    expect(refusal(await reset('user', body))).toEqual(
      refused(400, { error: 'OTP not found for this user.' }),
    )
    const otp = await forget('user', email)
    const wrong = String((Number(otp) + 1) % 1_000_000).padStart(6, '0')
    expect(refusal(await reset('user', { ...body, otp: wrong }))).toEqual(
      refused(400, { error: 'Invalid or expired OTP.' }),
    )
    expect(refusal(await reset('user', { ...body, email: newEmail() }))).toEqual(UNKNOWN)
    expect(refusal(await reset('driver', { ...body, otp }))).toEqual(UNKNOWN)
    expect(whole(await reset('user', { ...body, otp }))).toEqual(RESET)
  })

  it('[CT2] §2.1 reset-password: new_password is required and follows the sign-up rules', async () => {
    const { email } = await join(server, 'user')
    const otp = await forget('user', email)
    for (const [password, texts] of [
      [undefined, REQUIRED],
      ['', ['This field may not be blank.']],
      ['x7Qp2-v', ['This password is too short. It must contain at least 8 characters.']],
      ['password1', ['This password is too common.']],
      ['6049273158', ['This password is entirely numeric.']],
    ] as const)
      expect(refusal(await reset('user', { email, otp, new_password: password }))).toEqual(
        refused(400, { new_password: texts }),
      )
    // None of these used the code up.
    expect(whole(await reset('user', { email, otp, new_password: NEW_PASSWORD }))).toEqual(RESET)
  })
})

describe.concurrent('§2.1 POST /auth/change-password/', () => {
  const CHANGED = { status: 200, body: { message: 'Password changed successfully.' } }
  const change = (token: string | undefined, body: object, path = '/auth/change-password/') =>
    server.post(path, body, token)

  it('[CT2] §2.1 change-password: 200 for users and drivers, slash or not, and the old one is dead', async () => {
    for (const [role, path] of [
      ['user', '/auth/change-password/'],
      ['driver', '/auth/change-password'],
    ] as const) {
      const { email, access } = await join(server, role)
      const body = { old_password: PASSWORD, new_password: NEW_PASSWORD }
      expect(whole(await change(access, body, path))).toEqual(CHANGED)
      expect(refusal(await logIn(role, email))).toEqual(invalid(role))
      expect((await logIn(role, email, NEW_PASSWORD)).status).toBe(200)
    }
  })

  it('[CT2] §2.1 change-password: wrong or missing old password, a bad new one, no token', async () => {
    const { access } = await join(server, 'user')
    for (const body of [
      { new_password: NEW_PASSWORD },
      { old_password: 'wrong one', new_password: NEW_PASSWORD },
    ])
      expect(refusal(await change(access, body))).toEqual(
        refused(400, { error: 'Old password is incorrect.' }),
      )
    expect(refusal(await change(access, { old_password: PASSWORD, new_password: '1' }))).toEqual(
      refused(400, {
        new_password: expect.arrayContaining([
          'This password is too short. It must contain at least 8 characters.',
        ]) as string[],
      }),
    )
    expect(refusal(await change(access, { old_password: PASSWORD }))).toEqual(
      refused(400, { new_password: REQUIRED }),
    )
    expect((await change(undefined, {})).status).toBe(401)
  })
})

describe.concurrent('§2.1 POST /auth/logout/', () => {
  const OUT = { status: 200, body: { message: 'Logout successful.' } }

  it('[CT2] §2.1 logout: 200 and the refresh token is dead, slash or not', async () => {
    for (const [role, path] of [
      ['user', '/auth/logout/'],
      ['driver', '/auth/logout'],
    ] as const) {
      const { access, refresh } = await join(server, role)
      expect(whole(await server.post(path, { refresh_token: refresh }, access))).toEqual(OUT)
      expect(refusal(await server.post('/auth/token/refresh/', { refresh }))).toMatchObject({
        status: 401,
        body: { code: 'token_not_valid' },
      })
    }
  })

  it('[CT2] §2.1 logout: the bare token as body, as W sends it', async () => {
    const { access, refresh } = await join(server, 'user')
    expect(whole(await server.post('/auth/logout/', refresh, access))).toEqual(OUT)
  })

  it('[CT2] §2.1 logout: 400 without or with a bad refresh token, 401 without credentials', async () => {
    const { access, refresh } = await join(server, 'user')
    expect(refusal(await server.post('/auth/logout/', {}, access))).toEqual(
      refused(400, { error: 'Refresh token is required.' }),
    )
    for (const bad of ['nonsense', access])
      expect(refusal(await server.post('/auth/logout/', { refresh_token: bad }, access))).toEqual(
        refused(400, { error: 'Invalid token or already blacklisted.' }),
      )
    expect((await server.post('/auth/logout/', { refresh_token: refresh })).status).toBe(401)
  })
})
