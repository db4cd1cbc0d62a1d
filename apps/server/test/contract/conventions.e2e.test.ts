import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, refused, whole } from './kit/http.ts'
import { join, newEmail, NOBODY, PASSWORD, UUID, type Person } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'
import { altered, claimsOf, headerOf, sign } from './kit/tokens.ts'

let server: Server
let user: Person
beforeAll(async () => {
  server = await startServer()
  user = await join(server, 'user')
})
afterAll(() => server.stop())

const REQUIRED = ['This field is required.']
const NO_TOKEN = refused(401, { detail: 'Authentication credentials were not provided.' })
const invalidToken = (message: string) =>
  refused(401, {
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
  })

describe.concurrent('§1 conventions', () => {
  it('[CT1] §1 trailing slash: both forms are served, without a redirect', async () => {
    for (const path of ['/auth/login/user/', '/auth/login/user'])
      expect(refusal(await server.post(path, {}))).toEqual(
        refused(400, { email: REQUIRED, password: REQUIRED }),
      )
    for (const path of ['/auth/profile/user/', '/auth/profile/user'])
      expect((await server.get(path, user.access)).status).toBe(200)
  })

  it('[CT1] §1 prefixes: /trip and /trips, /payment, /api/payment and /trips/payment are the same', async () => {
    for (const path of ['/trip', '/trips'])
      expect(refusal(await server.get(`${path}/${NOBODY}/status/`, user.access))).toEqual(
        refused(404, { error: 'Trip not found.' }),
      )
    for (const path of ['/payment/', '/api/payment/', '/trips/payment/'])
      expect(refusal(await server.post(path, {}, user.access)).body).toMatchObject({
        error: 'Invalid input data',
      })
  })

  it('[CT1] §1 request bodies: JSON, urlencoded and multipart', async () => {
    const fields = { email: newEmail(), password: 'wrong password' }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    for (const request of [{ json: fields }, { form: fields }, { multipart: form }])
      expect(refusal(await server.call('POST', '/auth/login/user/', request))).toEqual(
        refused(400, { non_field_errors: ['Invalid credentials for a user.'] }),
      )
  })

  it('[CT1] §1 request bodies: KYC takes forms only, JSON is 415', async () => {
    for (const method of ['PUT', 'PATCH'])
      expect(
        refusal(
          await server.call(method, '/auth/kyc-update/user/', {
            token: user.access,
            json: { first_name: 'T' },
          }),
        ),
      ).toEqual(refused(415, { detail: 'Unsupported media type "application/json" in request.' }))
  })

  it('[CT1] §1 response bodies: JSON, errors included', async () => {
    for (const answer of await Promise.all([
      server.get('/auth/profile/user/', user.access),
      server.get('/auth/profile/user/'),
      server.get('/nowhere/'),
      server.post('/auth/login/user/', {}),
    ])) {
      expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/)
      expect(JSON.parse(answer.text)).toEqual(answer.body)
    }
  })

  it('[CT1] §1 auth header: access tokens only, a refresh token is 401 "Token has wrong type"', async () => {
    expect((await server.get('/auth/profile/user/', user.access)).status).toBe(200)
    expect(refusal(await server.get('/auth/profile/user/', user.refresh))).toEqual(
      invalidToken('Token has wrong type'),
    )
    expect(await server.handshake('/ws/trips/user/request/', user.access)).toBe(101)
    expect(await server.handshake('/ws/trips/user/request/', user.refresh)).toBe(403)
  })

  it('[CT1] §1 ids are UUID v4 strings', () => {
    expect(user.id).toMatch(UUID)
    expect(user.id[14]).toBe('4')
  })

  it("[CT1] §1 CORS: any origin in DEBUG, echoed, credentials allowed, the original's headers and methods", async () => {
    const origin = 'http://some.page.example:5500'
    const plain = await server.call('POST', '/auth/login/user/', { json: {}, headers: { origin } })
    expect(plain.headers.get('access-control-allow-origin')).toBe(origin)
    expect(plain.headers.get('access-control-allow-credentials')).toBe('true')
    const wanted = [
      'authorization',
      'content-type',
      'accept',
      'origin',
      'user-agent',
      'x-csrftoken',
      'x-requested-with',
    ]
    const preflight = await server.call('OPTIONS', '/auth/profile/user/', {
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': wanted.join(','),
      },
    })
    expect(preflight.status).toBeLessThan(300)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-max-age')).toBe('86400')
    const list = (name: string) =>
      (preflight.headers.get(name) ?? '').split(',').map((word) => word.trim().toLowerCase())
    expect(list('access-control-allow-headers')).toEqual(expect.arrayContaining(wanted))
    expect(list('access-control-allow-methods')).toEqual(
      expect.arrayContaining(['delete', 'get', 'options', 'patch', 'post', 'put']),
    )
    // A page opened from a file.
    const fromFile = await server.call('POST', '/auth/login/user/', { json: {}, headers: { origin: 'null' } })
    expect(fromFile.headers.get('access-control-allow-origin')).toBe('null')
  })
})

describe.concurrent('§1.1 error bodies', () => {
  it('[CT1] §1.1 field validation: a list of texts per field', async () => {
    expect(refusal(await server.post('/auth/signup/user/', { password: PASSWORD }))).toEqual(
      refused(400, { email: REQUIRED }),
    )
  })

  it('[CT1] §1.1 business error: {"error"}', async () => {
    expect(refusal(await server.post('/auth/resend-code/', {}))).toEqual(
      refused(400, { error: 'Email is required.' }),
    )
  })

  it('[CT1] §1.1 malformed JSON: 400 "JSON parse error - …"', async () => {
    for (const raw of ['{', '{"email": nobody}', '\u0000']) {
      const answer = refusal(
        await server.call('POST', '/auth/login/user/', {
          raw,
          headers: { 'content-type': 'application/json' },
        }),
      )
      expect(answer).toEqual(
        refused(400, { detail: expect.stringMatching(/^JSON parse error - ./) as string }),
      )
    }
  })

  it('[CT1] §1.1 JSON that is no object: 400 "Expected a dictionary, but got …"', async () => {
    for (const [json, type] of [
      [[], 'list'],
      [[{ email: 'a' }], 'list'],
      ['text', 'str'],
      [3, 'int'],
    ] as const)
      expect(refusal(await server.post('/auth/login/user/', json))).toEqual(
        refused(400, {
          non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`],
        }),
      )
  })

  it('[CT1] §1.1 no or unusable credentials: 401 with WWW-Authenticate', async () => {
    for (const authorization of [undefined, 'Basic dGhhbmRpOnBhc3M=', 'nonsense']) {
      const answer = await server.call('GET', '/auth/profile/user/', {
        headers: authorization === undefined ? {} : { authorization },
      })
      expect(refusal(answer)).toEqual(NO_TOKEN)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    }
  })

  it('[CT1] §1.1 bad, expired and foreign tokens: 401 token_not_valid', async () => {
    const past = Math.floor(Date.now() / 1000) - 60
    for (const token of [
      'nonsense',
      `${user.access}x`,
      altered(user.access, { exp: past }),
      sign(claimsOf(user.access), 'another key, just as long as the right one is'),
      sign(claimsOf(user.access), '', 'none'),
    ])
      expect(refusal(await server.get('/auth/profile/user/', token))).toEqual(
        invalidToken('Token is invalid or expired'),
      )
  })

  it('[CT1] §1.1 token of an account that is not there: 401 "Error fetching user: …"', async () => {
    const answer = await server.get('/auth/profile/user/', altered(user.access, { user_id: NOBODY }))
    expect(refusal(answer)).toEqual(
      refused(401, {
        detail: expect.stringMatching(/^Error fetching user: ./) as string,
        code: 'token_not_valid',
      }),
    )
  })

  it('[CT1] §1.1 method: 405', async () => {
    for (const [method, path] of [
      ['GET', '/auth/login/user/'],
      ['DELETE', '/auth/profile/user/'],
      ['POST', '/auth/kyc-update/user/'],
      ['GET', '/auth/logout'],
    ] as const)
      expect(refusal(await server.call(method, path, { token: user.access }))).toEqual(
        refused(405, { detail: `Method "${method}" not allowed.` }),
      )
  })

  it('[CT1] §1.1 media type: 415', async () => {
    const answer = await server.call('POST', '/auth/login/user/', {
      raw: 'email=a',
      headers: { 'content-type': 'text/plain' },
    })
    expect(refusal(answer)).toEqual(
      refused(415, { detail: 'Unsupported media type "text/plain" in request.' }),
    )
  })

  it('[CT1] §1.1 unknown path: 404 in JSON', async () => {
    for (const path of ['/nowhere', '/auth/', '/trip/', '/payment/nothing/', '/ws/nowhere/'])
      expect(refusal(await server.get(path, user.access))).toEqual(refused(404, { detail: 'Not found.' }))
  })
})

describe.concurrent('§1.2 JWT', () => {
  it("[CT1] §1.2 HS256; access 60 min, refresh 1 day; the original's claims and sid", async () => {
    const now = Date.now() / 1000
    const { body } = await server.post('/auth/login/user/', { email: user.email, password: PASSWORD })
    for (const [name, seconds] of [
      ['access', 3_600],
      ['refresh', 86_400],
    ] as const) {
      expect(headerOf(body[name])).toEqual({ alg: 'HS256', typ: 'JWT' })
      const claims = claimsOf(body[name])
      expect(claims).toEqual({
        token_type: name,
        exp: expect.any(Number) as number,
        iat: expect.any(Number) as number,
        jti: expect.stringMatching(/./) as string,
        user_id: user.id,
        sid: expect.stringMatching(UUID) as string,
      })
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(seconds)
      expect(Math.abs(Number(claims['iat']) - now)).toBeLessThan(30)
    }
  })

  it('[CT1] §1.2 POST /auth/token/refresh/ answers {"access"}, 401 token_not_valid for anything else', async () => {
    for (const path of ['/auth/token/refresh/', '/auth/token/refresh']) {
      const { refresh } = await join(server, 'user')
      const { status, body } = await server.post(path, { refresh })
      expect(status).toBe(200)
      expect(claimsOf(body['access'])['token_type']).toBe('access')
      expect((await server.get('/auth/profile/user/', String(body['access']))).status).toBe(200)
    }
    for (const refresh of ['nonsense', user.access, altered(user.refresh, { exp: 1 })])
      expect(refusal(await server.post('/auth/token/refresh/', { refresh }))).toEqual(
        refused(401, { detail: 'Token is invalid or expired', code: 'token_not_valid' }),
      )
    expect(refusal(await server.post('/auth/token/refresh/', {}))).toEqual(
      refused(400, { refresh: REQUIRED }),
    )
  })

  it('[CT1] §1.2 the refresh answer has nothing but access', async () => {
    const answer = await server.post('/auth/token/refresh/', { refresh: user.refresh })
    expect(whole(answer)).toEqual({ status: 200, body: { access: expect.any(String) as string } })
  })
})
