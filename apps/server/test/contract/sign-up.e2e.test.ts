import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart, refusal, refused, whole } from './kit/http.ts'
import { newEmail, PASSWORD } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'
import { claimsOf } from './kit/tokens.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const REQUIRED = ['This field is required.']
const SIGNED_UP = {
  user: { status: 201, body: { message: 'User signup successful. Check your email for OTP.' } },
  driver: { status: 201, body: { message: 'Driver signup successful. Check your email for OTP.' } },
}
const TOKENS = { access: expect.any(String) as string, refresh: expect.any(String) as string }
const VERIFIED = { status: 200, body: { message: 'Email verified successfully.', ...TOKENS } }

const signUp = (address: string, path = '/auth/signup/user/') =>
  server.post(path, { email: address, password: PASSWORD })
const wrongCode = (code: string): string => String((Number(code) + 1) % 10_000).padStart(4, '0')

describe.concurrent('§2.1 POST /auth/signup/…', () => {
  it("[CT2] §2.1 signup: 201 with the original's message, for users and drivers, slash or not, and the older alias", async () => {
    for (const [path, answer] of [
      ['/auth/signup/user/', SIGNED_UP.user],
      ['/auth/signup/user', SIGNED_UP.user],
      ['/auth/signup/driver/', SIGNED_UP.driver],
      ['/auth/signup/driver', SIGNED_UP.driver],
      ['/auth/signup/', SIGNED_UP.user],
    ] as const)
      expect(whole(await signUp(newEmail(), path)), path).toEqual(answer)
  })

  it('[CT2] §2.1 signup: urlencoded and multipart bodies', async () => {
    for (const path of ['/auth/signup/user/', '/auth/signup/driver/'] as const) {
      const answer = path.includes('user') ? SIGNED_UP.user : SIGNED_UP.driver
      const form = { email: newEmail(), password: PASSWORD }
      expect(whole(await server.call('POST', path, { form }))).toEqual(answer)
      const parts = multipart({ email: newEmail(), password: PASSWORD })
      expect(whole(await server.call('POST', path, { multipart: parts }))).toEqual(answer)
    }
  })

  it('[CT2] §2.1 signup: the account is inactive until its code came back', async () => {
    const email = newEmail()
    await signUp(email)
    expect(refusal(await server.post('/auth/login/user/', { email, password: PASSWORD }))).toEqual(
      refused(400, { non_field_errors: ['Account not verified.'] }),
    )
  })

  it("[CT2] §2.1 signup: every field error in the original's words", async () => {
    const email = newEmail()
    await signUp(email)
    const rows: [body: unknown, errors: Record<string, string[]>][] = [
      [{}, { email: REQUIRED, password: REQUIRED }],
      [{ email: '', password: PASSWORD }, { email: ['This field may not be blank.'] }],
      [{ email: null, password: PASSWORD }, { email: ['This field may not be null.'] }],
      [{ email, password: PASSWORD }, { email: ['This email is already in use.'] }],
      [{ email: 'nonsense', password: PASSWORD }, { email: ['Enter a valid email address.'] }],
      [{ email: newEmail(), password: '' }, { password: ['This field may not be blank.'] }],
      [
        { email: newEmail(), password: 'x7Qp2-v' },
        { password: ['This password is too short. It must contain at least 8 characters.'] },
      ],
      [{ email: newEmail(), password: 'password1' }, { password: ['This password is too common.'] }],
      [{ email: newEmail(), password: '6049273158' }, { password: ['This password is entirely numeric.'] }],
    ]
    for (const [body, errors] of rows)
      for (const path of ['/auth/signup/user/', '/auth/signup/driver/'])
        if (path.includes('user') || !Object.values(errors).flat().includes('This email is already in use.'))
          expect(refusal(await server.post(path, body)), JSON.stringify(body)).toEqual(refused(400, errors))
  })

  it('[CT2] §2.1 signup: an address of 255 characters at most', async () => {
    const long = `${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(4)}example.org`
    const answer = await server.post('/auth/signup/user/', { email: long, password: PASSWORD })
    expect(answer.status).toBe(400)
    expect(answer.body['email']).toEqual(['Ensure this field has no more than 255 characters.'])
  })

  it('[CT2] §2.1 signup: of several at once one wins, the others are told in one of the two ways', async () => {
    const email = newEmail()
    const answers = await Promise.all([1, 2, 3, 4].map(() => signUp(email)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const lost = answers.filter(({ status }) => status !== 201).map(refusal)
    for (const answer of lost)
      expect([
        refused(400, { email: ['This email is already in use.'] }),
        refused(400, { error: 'An account with this email already exists.' }),
      ]).toContainEqual(answer)
  })

  it('[CT2] §2.1 signup: one e-mail may be a user and a driver (C-18)', async () => {
    const email = newEmail()
    expect(whole(await signUp(email))).toEqual(SIGNED_UP.user)
    expect(whole(await signUp(email, '/auth/signup/driver/'))).toEqual(SIGNED_UP.driver)
  })
})

describe.concurrent('§2.1 POST /auth/verify-email/', () => {
  it('[CT2] §2.1 verify-email: 200 with message, access and refresh (C-4), slash or not, and the older alias', async () => {
    for (const path of ['/auth/verify-email/', '/auth/verify-email', '/auth/verify-email/driver/']) {
      const address = newEmail()
      await signUp(address, path.includes('driver') ? '/auth/signup/driver/' : '/auth/signup/user/')
      const otp = await server.mail.takeCode(address)
      const answer = await server.post(path, { email: address, otp })
      expect(whole(answer)).toEqual(VERIFIED)
      expect(claimsOf(answer.body['access'])['token_type']).toBe('access')
    }
  })

  it('[CT2] §2.1 verify-email: a number, spaces, urlencoded and multipart', async () => {
    const ways = [
      (otp: string, address: string) => ({ json: { email: address, otp: Number(otp) } }),
      (otp: string, address: string) => ({ json: { email: ` ${address} `, otp: ` ${otp} ` } }),
      (otp: string, address: string) => ({ form: { email: address, otp } }),
      (otp: string, address: string) => ({ multipart: multipart({ email: address, otp }) }),
    ]
    for (const way of ways) {
      const address = newEmail()
      await signUp(address)
      const request = way(await server.mail.takeCode(address), address)
      expect(whole(await server.call('POST', '/auth/verify-email/', request))).toEqual(VERIFIED)
    }
  })

  it('[CT2] §2.1 verify-email: 400 without e-mail or code', async () => {
    const email = newEmail()
    for (const body of [{}, { email }, { otp: '1234' }, { email, otp: '' }, { email: '', otp: '1234' }])
      expect(refusal(await server.post('/auth/verify-email/', body))).toEqual(
        refused(400, { error: 'Email and OTP are required.' }),
      )
  })

  it('[CT2] §2.1 verify-email: a wrong code, then the right one, then nothing is pending any more', async () => {
    const email = newEmail()
    await signUp(email)
    const otp = await server.mail.takeCode(email)
    expect(refusal(await server.post('/auth/verify-email/', { email, otp: wrongCode(otp) }))).toEqual(
      refused(400, { error: 'Invalid or expired OTP.' }),
    )
    expect(whole(await server.post('/auth/verify-email/', { email, otp }))).toEqual(VERIFIED)
    expect(refusal(await server.post('/auth/verify-email/', { email, otp }))).toEqual(
      refused(400, { error: 'No OTP found for this user.' }),
    )
    expect((await server.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(200)
  })

  it('[CT2] §2.1 verify-email: 404 for an unknown address', async () => {
    const email = newEmail()
    expect(refusal(await server.post('/auth/verify-email/', { email, otp: '1234' }))).toEqual(
      refused(404, { error: 'User not found.' }),
    )
  })

  it('[CT2] §2.1 verify-email: the code says which of two accounts of one address is meant', async () => {
    const email = newEmail()
    await signUp(email)
    const userCode = await server.mail.takeCode(email)
    await signUp(email, '/auth/signup/driver/')
    const driverCode = await server.mail.takeCode(email)
    const driver = await server.post('/auth/verify-email/', { email, otp: driverCode })
    expect(whole(driver)).toEqual(VERIFIED)
    const path = '/auth/kyc-update/driver/'
    expect((await server.get(path, String(driver.body['access']))).status).toBe(200)
    const user = await server.post('/auth/verify-email/', { email, otp: userCode })
    expect(whole(user)).toEqual(VERIFIED)
    expect((await server.get(path, String(user.body['access']))).status).toBe(404)
  })
})

describe.concurrent('§2.1 POST /auth/resend-code/', () => {
  const RESENT = { status: 200, body: { message: 'Verification code resent successfully.' } }

  it('[CT2] §2.1 resend-code: a new mail for users and drivers, and the old code stops working', async () => {
    for (const role of ['user', 'driver']) {
      const address = newEmail(role)
      await signUp(address, `/auth/signup/${role}/`)
      const old = await server.mail.takeCode(address)
      expect(whole(await server.post('/auth/resend-code/', { email: address }))).toEqual(RESENT)
      const otp = await server.mail.takeCode(address)
      if (otp !== old)
        expect(refusal(await server.post('/auth/verify-email/', { email: address, otp: old }))).toEqual(
          refused(400, { error: 'Invalid or expired OTP.' }),
        )
      expect(whole(await server.post('/auth/verify-email/', { email: address, otp }))).toEqual(VERIFIED)
    }
  })

  it('[CT2] §2.1 resend-code: slash or not, the older alias, urlencoded', async () => {
    const email = newEmail()
    await signUp(email)
    for (const path of ['/auth/resend-code', '/auth/resend-otp/'])
      expect(whole(await server.post(path, { email }))).toEqual(RESENT)
    expect(whole(await server.call('POST', '/auth/resend-code/', { form: { email } }))).toEqual(RESENT)
  })

  it('[CT2] §2.1 resend-code: 400 without e-mail, 404 for an unknown one', async () => {
    const email = newEmail()
    for (const body of [{}, { email: '' }, { email: null }])
      expect(refusal(await server.post('/auth/resend-code/', body))).toEqual(
        refused(400, { error: 'Email is required.' }),
      )
    expect(refusal(await server.post('/auth/resend-code/', { email }))).toEqual(
      refused(404, { error: 'User not found.' }),
    )
  })

  it('[CT2] Decided: for an active account nothing is sent and the answer is 200', async () => {
    const email = newEmail()
    await signUp(email)
    await server.post('/auth/verify-email/', { email, otp: await server.mail.takeCode(email) })
    expect(whole(await server.post('/auth/resend-code/', { email }))).toEqual(RESENT)
    // A mail of later arrives, so one of before would have.
    const later = newEmail('later')
    await signUp(later)
    await server.mail.take(later)
    expect(server.mail.count(email)).toBe(1)
  })

  it('[CT2] Decided: five codes a day', async () => {
    const email = newEmail()
    await signUp(email)
    for (let code = 2; code <= 5; code++)
      expect((await server.post('/auth/resend-code/', { email })).status).toBe(200)
    expect(refusal(await server.post('/auth/resend-code/', { email }))).toMatchObject({
      status: 429,
      body: { error: expect.stringMatching(/./) as string },
    })
  })
})
