import { afterEach, describe, expect, it } from 'vitest'
import { createClassicClient, PASSWORD } from '../../../test/classic-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { TEST_SETTINGS } from '../../../test/world.ts'
import { loadConfig } from '../../config.ts'
import type { Settings } from '../platform.ts'
import type { LimitName, Rate } from '../throttle.ts'

const DEFAULT_LIMITS = loadConfig('/', {
  DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
  SECRET_KEY: TEST_SETTINGS.secretKey,
}).settings.limits

let server: LiveServer
afterEach(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

const startWith = async (limits: Settings['limits'], environment = {}) =>
  (server = await startLiveServer({ limits }, environment))
const startWithLimit = (limit: LimitName, rate: Rate, environment = {}) =>
  startWith({ ...TEST_SETTINGS.limits, [limit]: rate }, environment)

type Asking = { token?: string; body?: unknown; forwardedFor?: string; origin?: string }
const ask = (method: string, path: string, { token, body, forwardedFor, origin }: Asking = {}) =>
  fetch(server.address + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(forwardedFor && { 'x-forwarded-for': forwardedFor }),
      ...(origin && { origin }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const statuses = async (answers: readonly Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status)
const signUp = (n: number, change: Asking = {}) =>
  ask('POST', '/auth/signup/user/', { body: { email: `p${n}@example.org`, password: PASSWORD }, ...change })
const tokenOfCustomer = async () => server.signIn(await server.addCustomer())
const search = (token: string) => ask('GET', '/trips/find-driver/', { token })

describe('limits per address', () => {
  it('[TH5] [CW90] let an office sign up 60 people in a minute; the 121st waits and is told how long', async () => {
    await startWith(DEFAULT_LIMITS)
    const office = await statuses(Array.from({ length: 60 }, (_, n) => signUp(n)))
    expect(office).toEqual(Array.from({ length: 60 }, () => 201))

    // A refused sign-up is one too, and costs no hash.
    const invalid = { body: { email: 'nobody', password: PASSWORD } }
    expect(new Set(await statuses(Array.from({ length: 60 }, (_, n) => signUp(n, invalid))))).toEqual(
      new Set([400]),
    )
    const answer = await signUp(121)
    expect(answer.status).toBe(429)
    const seconds = Number(answer.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    const detail = `Request was throttled. Expected available in ${seconds} seconds.`
    expect(await answer.json()).toEqual({ detail, message: detail })
    expect(answer.headers.get('ratelimit-policy')).toBe('"requests";q=1200;w=60, "sign-ups";q=120;w=60')
    expect(answer.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=\d+, "sign-ups";r=0;t=\d+$/)
  })

  it('[TH5] hold for log-ins and codes too', async () => {
    const two = { count: 2, seconds: 60 }
    await startWith({ ...TEST_SETTINGS.limits, logins: two, codes: two })
    const logIn = () => ask('POST', '/auth/login/driver/', { body: { email: 'a@b.co', password: 'x' } })
    expect([await logIn(), await logIn(), await logIn()].map(({ status }) => status)).toEqual([400, 400, 429])
    const codes = [
      ask('POST', '/auth/verify-email/', { body: { email: 'a@b.co', otp: '1234' } }),
      ask('POST', '/auth/resend-code/', { body: { email: 'a@b.co' } }),
      ask('POST', '/auth/resend-otp/', { body: { email: 'a@b.co' } }),
    ]
    expect((await statuses(codes)).sort()).toEqual([404, 404, 429])
  })

  it('[TH6] are not reset by a forged X-Forwarded-For', async () => {
    await startWithLimit('signUps', { count: 2, seconds: 60 })
    const from = (forwardedFor: string) => signUp(1, { body: {}, forwardedFor })
    expect((await from('203.0.113.1')).status).toBe(400)
    expect((await from('203.0.113.2')).status).toBe(400)
    expect((await from('203.0.113.3')).status).toBe(429)
  })

  it('[TH6] behind one proxy are those of the nearest hop, whatever the client wrote before it', async () => {
    await startWithLimit('signUps', { count: 2, seconds: 60 }, { TRUST_PROXY: '1' })
    const from = (forwardedFor: string) => signUp(1, { body: {}, forwardedFor })
    expect((await from('203.0.113.1')).status).toBe(400)
    expect((await from('198.51.100.1, 203.0.113.1')).status).toBe(400)
    expect((await from('198.51.100.2, 203.0.113.1')).status).toBe(429)
    expect((await from('203.0.113.1, 203.0.113.2')).status).toBe(400)
  })
})

describe('limits per account', () => {
  it('[TH7] count searches and trip requests of one account, whichever wire it speaks', async () => {
    await startWithLimit('searches', { count: 3, seconds: 60 })
    const [busy, other] = [await tokenOfCustomer(), await tokenOfCustomer()]
    expect((await search(busy)).status).toBe(200)
    const second = await ask('GET', '/v1/drivers?latitude=-26.2&longitude=28', { token: busy })
    expect(second.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=\d+, "searches";r=1;t=60$/)
    const desk = await server.connect('/ws/trips/user/', busy)
    const trip = {
      action: 'create_trip',
      ...{ vehicle_type: 'Bakkie', pickup: '1 Commissioner Street', destination: '5 Rivonia Road' },
      ...{ pickup_lat: -26.2041, pickup_lon: 28.0473, dest_lat: -26.1076, dest_lon: 28.0567 },
    }
    desk.send(trip)
    expect(await desk.next()).toMatchObject({ message: 'Trip created successfully - select a driver' })
    desk.send(trip)
    expect(await desk.next()).toEqual({
      error: expect.stringMatching(/^Request was throttled\. Expected available in \d+ seconds\.$/) as string,
    })
    expect((await search(busy)).status).toBe(429)
    const refused = await ask('GET', '/v1/drivers?latitude=-26.2&longitude=28', { token: busy })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1)
    expect((await search(other)).status).toBe(200)
  })

  it('[TH12] count uploads of pictures', async () => {
    await startWithLimit('pictures', { count: 2, seconds: 60 })
    const token = await tokenOfCustomer()
    const change = () => ask('PATCH', '/auth/profile/user/', { token, body: { first_name: 'Thandi' } })
    expect((await change()).status).toBe(200)
    expect((await ask('POST', '/v1/pictures/profile', { token, body: {} })).status).toBe(415)
    expect((await change()).status).toBe(429)
    expect((await ask('POST', '/v1/pictures/profile', { token, body: {} })).status).toBe(429)
  })

  it('[TH8] count every request: of an account by itself, of whoever is not let in by address', async () => {
    await startWithLimit('requests', { count: 3, seconds: 60 })
    const [busy, other] = [await tokenOfCustomer(), await tokenOfCustomer()]
    const paths = ['/trips/find-driver/', '/v1/trips', '/v1/offers', '/trips/find-driver/']
    const answers: number[] = []
    for (const path of paths) answers.push((await ask('GET', path, { token: busy })).status)
    expect(answers).toEqual([200, 200, 403, 429])

    const strangers = ['/trips/find-driver/', '/v1/trips', '/v1/nowhere', '/v1/trips', '/trips/find-driver/']
    const refused: number[] = []
    for (const path of strangers) refused.push((await ask('GET', path, { token: 'forged' })).status)
    expect(refused).toEqual([401, 401, 404, 429, 429])
    expect((await search(other)).status).toBe(200)
  })

  it('[TH8] [CW91] count handshakes like requests, refused ones by address', async () => {
    await startWithLimit('requests', { count: 3, seconds: 60 })
    const [mine, other] = [await tokenOfCustomer(), await tokenOfCustomer()]
    for (let n = 0; n < 3; n++) await server.connect('/ws/trips/user/', mine)
    await expect(server.connect('/ws/trips/user/', mine)).rejects.toThrow('HTTP 429')
    for (let n = 0; n < 3; n++)
      await expect(server.connect('/ws/trips/user/', 'forged')).rejects.toThrow('HTTP 403')
    await expect(server.connect('/ws/trips/user/', 'forged')).rejects.toThrow('HTTP 429')
    await expect(server.connect('/v1/live')).rejects.toThrow('HTTP 429')
    await server.connect('/ws/trips/user/', other)
  })

  it('[TH9] are told to pages of other origins; health, docs and pages have none', async () => {
    await startWithLimit('requests', { count: 1, seconds: 60 })
    const answer = await ask('GET', '/v1/trips', {
      token: await tokenOfCustomer(),
      origin: 'http://localhost',
    })
    expect(answer.headers.get('access-control-expose-headers')).toMatch(
      /retry-after, ratelimit, ratelimit-policy/,
    )
    expect(answer.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/)
    for (const path of ['/healthz', '/readyz', '/docs/', '/'])
      for (let n = 0; n < 3; n++) {
        const open = await ask('GET', path)
        expect(open.status, path).not.toBe(429)
        expect(open.headers.get('ratelimit'), path).toBeNull()
      }
  })
})

describe('asking by time', () => {
  it('[TH13] is answered at the same quarter of a second with and without an account', async () => {
    await startWith(TEST_SETTINGS.limits)
    const [known, unknown] = ['known@example.org', 'unknown@example.org']
    const timeOf = async (path: string, body: object): Promise<number> => {
      const start = performance.now()
      const answer = await ask('POST', path, { body })
      expect(answer.status).toBeLessThan(500)
      return performance.now() - start
    }
    await timeOf('/v1/accounts', { role: 'customer', email: known, password: PASSWORD })
    for (const email of [known, unknown])
      for (const path of ['/v1/accounts/codes', '/v1/password-resets']) {
        // Less than a step is impossible; the first one is enough unless the machine is very busy.
        const times = [
          await timeOf(path, { role: 'customer', email }),
          await timeOf(path, { role: 'customer', email }),
        ]
        expect(Math.min(...times)).toBeGreaterThan(245)
        expect(Math.min(...times)).toBeLessThan(450)
      }
  })
})

describe('guessing codes', () => {
  it('[AC10] of 200 guesses that come at once by HTTP at most 5 are compared', async () => {
    await startWith(TEST_SETTINGS.limits)
    const client = createClassicClient(server)
    const email = 'guessed@example.org'
    await signUp(0, { body: { email, password: PASSWORD } })
    const right = await client.codeFor(email)
    const wrong = String((Number(right) + 1) % 10_000).padStart(4, '0')
    const guesses = Array.from({ length: 200 }, () =>
      client.post('/auth/verify-email/', { email, otp: wrong }),
    )
    for (const { status, body } of await Promise.all(guesses))
      expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'Invalid or expired OTP.' })
    // The tries are used up, so not even the right one opens it.
    expect(await client.post('/auth/verify-email/', { email, otp: right })).toMatchObject({ status: 400 })
    const code = await server.db.single.selectFrom('one_time_code').selectAll().executeTakeFirstOrThrow()
    expect(code).toMatchObject({ tries_left: 0, used_at: null })
  })
})
