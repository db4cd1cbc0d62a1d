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
  email = `form.${++count}@example.org`
})

describe('the conventions of the classic wire', () => {
  it('[CW1] an address works with and without its slash', async () => {
    for (const path of ['/auth/resend-code', '/auth/resend-code/', '/auth/resend-otp/'])
      expect(await client.send(path, 'application/json', '{}')).toMatchObject({
        status: 400,
        body: { error: 'Email is required.' },
      })
  })

  it('[CW95] a path that cannot be decoded is not there', async () => {
    for (const path of ['/trips/%ZZ/status/', '/%', '/payments/%E0%A4%A?a=%ZZ'])
      expect(await client.send(path, 'application/json', '{}'), path).toMatchObject({
        status: 404,
        body: { detail: 'Not found.', message: 'Not found.' },
      })
    const inV1 = await fetch(`${server.address}/v1/trips/%ZZ`)
    expect([inV1.status, inV1.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ])
    // A query is nobody's path.
    expect((await fetch(`${server.address}/healthz?a=%ZZ`)).status).toBe(200)
  })

  it('[CW2] bodies are JSON, urlencoded or multipart', async () => {
    const fields = new URLSearchParams({ email, password: PASSWORD })
    expect(
      (await client.send('/auth/signup/user/', 'application/x-www-form-urlencoded', fields.toString()))
        .status,
    ).toBe(201)
    const form = new FormData()
    form.set('email', email)
    form.set('password', PASSWORD)
    expect((await client.send('/auth/signup/driver/', '', form)).status).toBe(201)
    expect(await client.send('/auth/signup/user/', 'text/plain', 'hello')).toMatchObject({
      status: 415,
      body: { detail: 'Unsupported media type "text/plain" in request.' },
    })
    expect((await client.send('/auth/signup/user/', 'multipart/form-data', 'no boundary')).status).toBe(400)
  })

  it('[CW3] malformed JSON and JSON that is no object are told so, an empty body has no fields', async () => {
    const malformed = await client.send('/auth/login/user/', 'application/json', '{"email":')
    expect(malformed).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^JSON parse error - /) as string },
    })
    for (const [json, type] of [
      ['[]', 'list'],
      ['7', 'int'],
      ['1.5', 'float'],
      ['"x"', 'str'],
      ['true', 'bool'],
      ['null', 'NoneType'],
    ])
      expect(await client.send('/auth/login/user/', 'application/json', json!)).toMatchObject({
        status: 400,
        body: { non_field_errors: [`Invalid data. Expected a dictionary, but got ${type!}.`] },
      })
    expect(await client.send('/auth/login/user/', 'application/json', '')).toMatchObject({
      status: 400,
      body: { email: ['This field is required.'], password: ['This field is required.'] },
    })
    expect((await client.send('/auth/login/user/', '', '')).status).toBe(400)
  })

  it.each([
    [{}, { email: ['This field is required.'], password: ['This field is required.'] }],
    [
      { email: null, password: null },
      { email: ['This field may not be null.'], password: ['This field may not be null.'] },
    ],
    [
      { email: ' ', password: '' },
      { email: ['This field may not be blank.'], password: ['This field may not be blank.'] },
    ],
    [{ email: 'nonsense', password: PASSWORD }, { email: ['Enter a valid email address.'] }],
    [
      { email: `${'x'.repeat(255)}@y.co`, password: PASSWORD },
      { email: ['Ensure this field has no more than 255 characters.'] },
    ],
    [
      { email: [], password: {} },
      { email: ['Not a valid string.'], password: ['Not a valid string.'] },
    ],
    [{ email: true, password: PASSWORD }, { email: ['Not a valid string.'] }],
  ])('[CW4] the field errors of %j', async (body, fields) => {
    const answer = await client.post('/auth/signup/user/', body)
    expect(answer.status).toBe(400)
    const { message, ...rest } = answer.body
    expect(rest).toEqual(fields)
    expect(message).toEqual(expect.stringMatching(/^\w+: \w/))
  })

  it('[CW5] NUL characters are refused', async () => {
    const answer = await client.post('/auth/signup/user/', {
      email: 'a\0@example.org',
      password: `${PASSWORD}\0`,
    })
    const texts = ['Null characters are not allowed.']
    expect(answer).toMatchObject({ status: 400, body: { email: texts, password: texts } })
    expect((await client.post('/auth/verify-email/', { email: 'a\0@example.org', otp: '1\0' })).status).toBe(
      404,
    )
    expect((await client.post('/auth/login/user/', { email: '\0a', password: 'x' })).status).toBe(400)
  })

  it('[CW6] the 401 bodies', async () => {
    const { access, refresh } = await client.signedUp('driver', email)
    const kyc = async (authorization?: string) => {
      const response = await fetch(`${server.address}/auth/kyc-update/driver/`, {
        headers: authorization ? { authorization } : {},
      })
      return {
        status: response.status,
        challenge: response.headers.get('www-authenticate'),
        body: (await response.json()) as object,
      }
    }
    const refused = (body: object) => ({ status: 401, challenge: 'Bearer realm="api"', body })
    for (const header of [undefined, 'Basic eDp5', 'Bearer', 'Token abc'])
      expect(await kyc(header)).toMatchObject(
        refused({ detail: 'Authentication credentials were not provided.' }),
      )
    const invalid = (message: string) =>
      refused({
        detail: 'Given token not valid for any token type',
        code: 'token_not_valid',
        messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
      })
    expect(await kyc('Bearer nonsense')).toMatchObject(invalid('Token is invalid or expired'))
    expect(await kyc(`Bearer ${refresh}`)).toMatchObject(invalid('Token has wrong type'))
    expect((await kyc(`Bearer ${access}`)).status).toBe(200)
    await server.db.single.deleteFrom('account').where('email_key', '=', email).execute()
    expect(await kyc(`Bearer ${access}`)).toMatchObject(
      refused({ detail: expect.stringMatching(/^Error fetching user: /) as string, code: 'token_not_valid' }),
    )
  })

  it('[CW7] unknown paths and methods answer JSON, whatever the body', async () => {
    expect(await client.send('/auth/nowhere/', 'text/plain', 'x')).toMatchObject({
      status: 404,
      body: { detail: 'Not found.' },
    })
    expect(await client.send('/auth/login/user/', 'text/plain', 'x', 'PUT')).toMatchObject({
      status: 405,
      body: { detail: 'Method "PUT" not allowed.' },
    })
    expect(await server.request('GET', '/auth/login/user')).toMatchObject({
      status: 405,
      body: { detail: 'Method "GET" not allowed.' },
    })
  })

  it('[CW8] poisoned keys and deep nesting are harmless, a long body is 413', async () => {
    const poisoned = `{"__proto__": {"email": "x"}, "constructor": {"prototype": {"admin": 1}}, "email": "${email}", "password": "${PASSWORD}"}`
    expect((await client.send('/auth/signup/user/', 'application/json', poisoned)).status).toBe(201)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
    const deep = `{"email": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect(await client.send('/auth/login/user/', 'application/json', deep)).toMatchObject({
      status: 400,
      body: { email: ['Not a valid string.'] },
    })
    const form = '__proto__=1&__proto__=2&email=a&constructor=3'
    expect((await client.send('/auth/login/user/', 'application/x-www-form-urlencoded', form)).status).toBe(
      400,
    )
    const parts = new FormData()
    parts.set('__proto__', 'x')
    expect((await client.send('/auth/login/user/', '', parts)).status).toBe(400)
    expect(
      (await client.send('/auth/login/user/', 'application/json', `{"email":"${'x'.repeat(70_000)}"}`))
        .status,
    ).toBe(413)
    expect((await client.send('/auth/login/user/%zz', 'application/json', '{}')).status).toBe(404)
    expect(server.errors).toEqual([])
  })
})

describe('an outage', () => {
  it('[CW9] is 503 with Retry-After and tells nothing', async () => {
    const failing = await startLiveServer()
    expect((await failing.request('POST', '/auth/resend-code/', { body: { email } })).status).toBe(404)
    await failing.db.close()
    const response = await fetch(`${failing.address}/auth/login/user/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.json()).toEqual({
      detail: 'Service temporarily unavailable, try again later.',
      message: 'Service temporarily unavailable, try again later.',
    })
    await failing.close().catch(() => undefined)
  })
})
