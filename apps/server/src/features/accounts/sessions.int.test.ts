import { SignJWT } from 'jose'
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { newId, type AccountId, type SessionId } from '../../kernel/index.ts'
import { createPasswords } from '../../platform/passwords.ts'
import { createTokens } from '../../platform/tokens.ts'
import { authenticate, createAccount, logIn, refreshAccess, signUp } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PASSWORD = 'bakkie op pad'
let count = 0
let email: string
let accountId: AccountId
beforeEach(async () => {
  email = `Session.${++count}@Example.org`
  accountId = await createAccount(world.platform, { role: 'driver', email, password: PASSWORD })
})

const enter = (change: Partial<Parameters<typeof logIn>[1]> = {}) =>
  logIn(world.platform, { role: 'driver', email, password: PASSWORD, clientAddress: '127.0.0.1', ...change })
const who = (token: string, platform = world.platform) => authenticate(platform, `Bearer ${token}`)
const refusal = (code: string, details: object = {}) => expect.objectContaining({ code, details }) as unknown
const unauthenticated = (kind: string) => refusal('not-authenticated', { kind })
const later = (seconds: number) => ({
  ...world.platform,
  clock: { now: () => new Date(Date.now() + seconds * 1000) },
})
const setAccount = (values: { banned_at?: Date; role?: 'staff' }) =>
  world.db.single.updateTable('account').set(values).where('id', '=', accountId).execute()
const endSessions = (values: { revoked_at?: Date; expires_at?: Date }) =>
  world.db.single.updateTable('session').set(values).where('account_id', '=', accountId).execute()

describe('logging in', () => {
  it('[AC15] opens a session for the right address, password and role', async () => {
    const { access } = await enter({ email: email.toUpperCase() })
    expect(await who(access)).toMatchObject({ accountId, role: 'driver' })
  })

  it('[AC15] refuses everything else alike', async () => {
    const alike = refusal('invalid-credentials')
    await expect(enter({ password: 'wrong' })).rejects.toEqual(alike)
    await expect(enter({ role: 'customer' })).rejects.toEqual(alike)
    await expect(enter({ email: 'nobody@example.org' })).rejects.toEqual(alike)
    await expect(enter({ password: 'x'.repeat(100_000) })).rejects.toEqual(alike)
  })

  it('[AC16] tells only who knows the password that the account is not verified', async () => {
    const address = `new.${email}`
    await signUp(world.platform, { role: 'driver', email: address, password: PASSWORD })
    await expect(enter({ email: address })).rejects.toEqual(refusal('account-not-verified'))
    await expect(enter({ email: address, password: 'wrong' })).rejects.toEqual(refusal('invalid-credentials'))
    expect(
      await world.db.single
        .selectFrom('session')
        .innerJoin('account', 'account.id', 'session.account_id')
        .where('email', '=', address)
        .select('session.id')
        .execute(),
    ).toEqual([])
  })

  it('[AC17] refuses the banned, and their tokens', async () => {
    const { access, refresh } = await enter()
    await setAccount({ banned_at: new Date() })
    await expect(enter()).rejects.toEqual(refusal('invalid-credentials'))
    await expect(who(access)).rejects.toEqual(unauthenticated('account-gone'))
    await expect(refreshAccess(world.platform, refresh)).rejects.toEqual(unauthenticated('refresh-invalid'))
  })
})

describe('tokens', () => {
  it('[AC18] an access token works for 60 minutes', async () => {
    const { access } = await enter()
    expect(await who(access, later(3590))).toMatchObject({ accountId })
    await expect(who(access, later(3610))).rejects.toEqual(unauthenticated('invalid'))
  })

  it.each([{ revoked_at: new Date() }, { expires_at: new Date(0) }])(
    '[AC18] and not after the end of its session %j',
    async (end) => {
      const { access } = await enter()
      await endSessions(end)
      await expect(who(access)).rejects.toEqual(unauthenticated('invalid'))
    },
  )

  it('[AC18] a refresh token opens nothing, and no token is no token', async () => {
    const { refresh } = await enter()
    await expect(who(refresh)).rejects.toEqual(unauthenticated('wrong-type'))
    for (const header of [undefined, '', 'Bearer', 'Bearer ', `Basic ${refresh}`, `Bearer ${refresh} more`])
      await expect(authenticate(world.platform, header)).rejects.toEqual(unauthenticated('missing'))
  })

  it('[AC19] a refresh token gives access tokens for a day', async () => {
    const { access, refresh } = await enter()
    const renewed = await refreshAccess(later(86_390), refresh)
    expect(await who(renewed, later(86_390 + 3500))).toMatchObject({ accountId })
    await expect(refreshAccess(later(86_410), refresh)).rejects.toEqual(unauthenticated('refresh-invalid'))
    await expect(refreshAccess(world.platform, access)).rejects.toEqual(unauthenticated('refresh-invalid'))
    await endSessions({ revoked_at: new Date() })
    await expect(refreshAccess(world.platform, refresh)).rejects.toEqual(unauthenticated('refresh-invalid'))
  })

  it('[AC20] forged, foreign and unsigned tokens are nobody', async () => {
    const { access } = await enter()
    const [head, body, signature] = access.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const sign = (payload: object, key: string, alg = 'HS256') =>
      new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(createSecretKey(key, 'utf8'))
    const key = world.platform.settings.secretKey
    const forged = [
      `${head}.${body}.`,
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      `${head}.${Buffer.from(JSON.stringify({ ...claims, exp: 9e9 })).toString('base64url')}.${signature}`,
      await sign(claims, 'another secret key of thirty-two bytes'),
      await sign(claims, key.repeat(2), 'HS512'),
      await sign({ ...claims, exp: undefined }, key),
      await sign({ ...claims, sid: undefined }, key),
      await sign({ ...claims, user_id: 7 }, key),
    ]
    for (const token of forged) await expect(who(token)).rejects.toEqual(unauthenticated('invalid'))
    const other = { accountId, sessionId: newId<SessionId>() }
    await expect(who(await world.platform.tokens.issue('access', other, new Date()))).rejects.toEqual(
      unauthenticated('invalid'),
    )
  })

  it('[AC20] the session of one account does not carry another', async () => {
    const { sessionId } = await who((await enter()).access)
    const stranger = await world.addCustomer()
    const token = await world.platform.tokens.issue('access', { accountId: stranger, sessionId }, new Date())
    await expect(who(token)).rejects.toEqual(unauthenticated('invalid'))
  })

  it("[AC21] the role is the account row's at each request", async () => {
    const { access } = await enter()
    await setAccount({ role: 'staff' })
    expect(await who(access)).toMatchObject({ role: 'staff' })
  })

  it('[AC14] digests depend on key, purpose and secret', () => {
    const a = createTokens('a'.repeat(32))
    const b = createTokens('b'.repeat(32))
    const digests = [a.digest('p', '1'), a.digest('p', '2'), a.digest('q', '1'), b.digest('p', '1')]
    expect(new Set(digests.map((digest) => digest.toString('hex'))).size).toBe(4)
    expect(a.digest('p', '1')).toEqual(digests[0])
  })
})

describe('passwords', () => {
  it('[AC22] beyond the queue the next is refused as busy, and all others are served', async () => {
    const passwords = createPasswords({ maxWaiting: 3 })
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.hash(PASSWORD)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('busy'))
    expect(await passwords.hash(PASSWORD)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('[AC23] is the same in composed, decomposed and full-width form', async () => {
    const hash = await world.platform.passwords.hash('Nneké bakkie')
    expect(await world.platform.passwords.matches(hash, 'Nneke\u0301 bakkie')).toBe(true)
    expect(await world.platform.passwords.matches(hash, 'Ｎneké bakkie')).toBe(true)
    expect(await world.platform.passwords.matches(hash, 'Nneke bakkie')).toBe(false)
  })

  it('[AC24] an unknown account costs a verification too', async () => {
    const { passwords } = world.platform
    const hash = await passwords.hash(PASSWORD)
    // The quickest of many, in turn: what else the machine does must not matter.
    const best = { known: Infinity, unknown: Infinity }
    for (let n = 0; n < 10; n++)
      for (const [who, stored] of [
        ['known', hash],
        ['unknown', undefined],
      ] as const) {
        const start = performance.now()
        expect(await passwords.matches(stored, 'wrong')).toBe(false)
        best[who] = Math.min(best[who], performance.now() - start)
      }
    const { known, unknown } = best
    expect(unknown / known).toBeGreaterThan(0.4)
    expect(unknown / known).toBeLessThan(2.5)
  })
})
