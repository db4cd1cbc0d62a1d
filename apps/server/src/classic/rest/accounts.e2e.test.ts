import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClassicClient, PASSWORD } from '../../../test/classic-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'

let server: LiveServer
let client: ReturnType<typeof createClassicClient>
beforeAll(async () => {
  server = await startLiveServer()
  client = createClassicClient(server)
})
afterAll(() => server.close())

let count = 0
let email: string
beforeEach(() => {
  email = `wire.${++count}@example.org`
})

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('accounts on the classic wire', () => {
  it('[CW10] signing up', async () => {
    const user = await client.post('/auth/signup/user/', { email, password: PASSWORD })
    expect(user).toEqual({
      status: 201,
      body: { message: 'User signup successful. Check your email for OTP.' },
    })
    const driver = await client.post('/auth/signup/driver', { email, password: PASSWORD })
    expect(driver).toEqual({
      status: 201,
      body: { message: 'Driver signup successful. Check your email for OTP.' },
    })
    expect(
      await client.post('/auth/signup/', { email: email.toUpperCase(), password: PASSWORD }),
    ).toMatchObject({
      status: 400,
      body: { email: ['This email is already in use.'] },
    })
    const weak = await client.post('/auth/signup/user/', { email: `x.${email}`, password: '1234567' })
    expect(weak).toMatchObject({
      status: 400,
      body: {
        password: [
          'This password is too short. It must contain at least 8 characters.',
          'This password is too common.',
          'This password is entirely numeric.',
        ],
      },
    })
  })

  it('[CW10] of two at once with one address the loser is told in one of the two ways', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => client.post('/auth/signup/user/', { email, password: PASSWORD })),
    )
    const lost = answers.filter(({ status }) => status === 400)
    expect(lost).toHaveLength(2)
    for (const { body } of lost)
      expect(body['error'] ?? (body['email'] as string[])[0]).toMatch(
        /^(An account with this email already exists|This email is already in use)\.$/,
      )
  })

  it('[CW11] verifying returns tokens, once', async () => {
    await client.post('/auth/signup/user/', { email, password: PASSWORD })
    const otp = await client.codeFor(email)
    for (const body of [{}, { email }, { otp }, { email, otp: ' ' }, { email, otp: null }])
      expect(await client.post('/auth/verify-email/', body)).toMatchObject({
        status: 400,
        body: { error: 'Email and OTP are required.' },
      })
    expect(await client.post('/auth/verify-email/', { email: 'nobody@example.org', otp })).toMatchObject({
      status: 404,
      body: { error: 'User not found.', message: 'User not found.' },
    })
    expect(await client.post('/auth/verify-email/', { email, otp: 'wrong' })).toMatchObject({
      status: 400,
      body: { error: 'Invalid or expired OTP.' },
    })
    const verified = await client.post('/auth/verify-email/driver/', { email: ` ${email} `, otp })
    expect(verified).toEqual({
      status: 200,
      body: {
        message: 'Email verified successfully.',
        access: expect.any(String) as string,
        refresh: expect.any(String) as string,
      },
    })
    expect(await client.post('/auth/verify-email/', { email, otp })).toMatchObject({
      status: 400,
      body: { error: 'No OTP found for this user.' },
    })
  })

  it('[CW12] a code may be a number', async () => {
    await client.post('/auth/signup/driver/', { email, password: PASSWORD })
    expect(
      (await client.post('/auth/verify-email/', { email, otp: Number(await client.codeFor(email)) })).status,
    ).toBe(200)
  })

  it('[CW13] resending', async () => {
    for (const role of ['user', 'driver']) {
      const address = `${role}.${email}`
      await client.post(`/auth/signup/${role}/`, { email: address, password: PASSWORD })
      expect(await client.post('/auth/resend-code/', { email: address })).toEqual({
        status: 200,
        body: { message: 'Verification code resent successfully.' },
      })
      for (let n = 0; n < 3; n++) await client.post('/auth/resend-code/', { email: address })
      expect(await client.post('/auth/resend-code/', { email: address })).toMatchObject({
        status: 429,
        body: { error: 'Too many codes were sent today. Try again tomorrow.' },
      })
    }
    expect(await client.post('/auth/resend-code/', { email: 'nobody@example.org' })).toMatchObject({
      status: 404,
      body: { error: 'User not found.' },
    })
  })

  it('[CW14] logging in', async () => {
    await client.signedUp('driver', email)
    const tokens = { access: expect.any(String) as string, refresh: expect.any(String) as string }
    expect(
      await client.post('/auth/login/driver/', { email: email.toUpperCase(), password: ` ${PASSWORD} ` }),
    ).toEqual({
      status: 200,
      body: tokens,
    })
    for (const [path, address, password, role] of [
      ['/auth/login/driver/', email, 'wrong password', 'driver'],
      ['/auth/login/user/', email, PASSWORD, 'user'],
      ['/auth/login/', 'nobody@example.org', PASSWORD, 'user'],
    ])
      expect(await client.post(path!, { email: address, password })).toMatchObject({
        status: 400,
        body: { non_field_errors: [`Invalid credentials for a ${role!}.`] },
      })
    for (const role of ['user', 'driver']) {
      const address = `unverified.${role}.${email}`
      await client.post(`/auth/signup/${role}/`, { email: address, password: PASSWORD })
      expect(await client.post(`/auth/login/${role}/`, { email: address, password: PASSWORD })).toMatchObject(
        {
          status: 400,
          body: { non_field_errors: ['Account not verified.'], message: 'Account not verified.' },
        },
      )
    }
  })

  it('[CW15] the claims of the tokens', async () => {
    const { access, refresh } = await client.signedUp('user', email)
    for (const [token, type, seconds] of [
      [access, 'access', 3600],
      [refresh, 'refresh', 86_400],
    ] as const) {
      const claims = claimsOf(token)
      expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'jti', 'sid', 'token_type', 'user_id'])
      expect(claims['token_type']).toBe(type)
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(seconds)
    }
    expect(claimsOf(access)['user_id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('[CW16] refreshing', async () => {
    const { access, refresh } = await client.signedUp('driver', email)
    const answer = await client.post('/auth/token/refresh', { refresh })
    expect(Object.keys(answer.body)).toEqual(['access'])
    expect(
      (await server.request('GET', '/auth/kyc-update/driver/', { token: String(answer.body['access']) }))
        .status,
    ).toBe(200)
    for (const bad of [access, 'nonsense'])
      expect(await client.post('/auth/token/refresh/', { refresh: bad })).toMatchObject({
        status: 401,
        body: { detail: 'Token is invalid or expired', code: 'token_not_valid' },
      })
    expect((await client.post('/auth/token/refresh/', {})).status).toBe(400)
  })
})

describe('the outbox', () => {
  it('[CW22] is a page and JSON in DEBUG', async () => {
    await client.post('/auth/signup/user/', { email: `o'neil.${email}`, password: PASSWORD })
    const page = await fetch(`${server.address}/dev/mail`)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain(`to o&#39;neil.${email}`)
    const json = await fetch(`${server.address}/dev/mail?to=${encodeURIComponent(`O'NEIL.${email}`)}`, {
      headers: { accept: 'application/json' },
    })
    expect(await json.json()).toEqual({
      mails: [
        {
          to: `o'neil.${email}`,
          subject: 'Your Email Verification OTP',
          body: expect.stringContaining('Your OTP for email verification is: ') as string,
          created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        },
      ],
    })
  })

  it('[CW22] does not exist otherwise', async () => {
    const closed = await startLiveServer({ isDebug: false })
    expect((await closed.request('GET', '/dev/mail')).status).toBe(404)
    await closed.close()
  })
})
