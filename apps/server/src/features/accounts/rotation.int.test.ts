import { createHmac, createPrivateKey, createPublicKey, createSecretKey, hkdfSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import type { SessionId } from '../../kernel/index.ts'
import { listMail } from '../../platform/mail-table.ts'
import { rotateSession } from './rotate-session.ts'
import { signIn } from './sign-in.ts'
import type { SignedIn } from './open-numbered-session.ts'
import { authenticate, createAccount } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PASSWORD = 'bakkie op pad'
const role = 'driver' as const
let count = 0
let email: string
beforeEach(async () => {
  email = `rotation.${++count}@example.org`
  await createAccount(world.platform, { role, email, password: PASSWORD })
})

const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const enter = (device?: string) =>
  signIn(world.platform, { role, email, password: PASSWORD, clientAddress: '192.0.2.1', device })
const rotate = ({ refreshToken }: SignedIn, device?: string, platform = world.platform) =>
  rotateSession(platform, { refreshToken, device })
const who = (token: string, platform = world.platform) => authenticate(platform, `Bearer ${token}`)
const later = (seconds: number) => ({
  ...world.platform,
  clock: { now: () => new Date(Date.now() + seconds * 1000) },
})
const sessionOf = ({ accessToken }: SignedIn) => decodeJwt(accessToken)['sid'] as SessionId
const setSession = async (
  signedIn: SignedIn,
  values: { rotated_at?: Date; expires_at?: Date; revoked_at?: Date },
) => world.db.single.updateTable('session').set(values).where('id', '=', sessionOf(signedIn)).execute()
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const mailsTo = (to: string) => listMail(world.db, { to, limit: 20 })

describe('refresh tokens', () => {
  it('[AC35] each is used up by its use', async () => {
    const first = await enter()
    const second = await rotate(first)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    const third = await rotate(second)
    expect(await who(third.accessToken)).toMatchObject({ accountId: first.accountId, role })
  })

  it('[AC35] a lost answer comes again, the same', async () => {
    const first = await enter('phone')
    const lost = await rotate(first, 'phone')
    const again = await rotate(first, 'phone')
    expect(again.refreshToken).toBe(lost.refreshToken)
    await rotate(again, 'phone')
  })

  it('[AC35] when the commit was not heard of, the retry works', async () => {
    const first = await enter()
    const cut = {
      ...world.platform,
      tokens: { ...world.platform.tokens, issueAccess: () => Promise.reject(new Error('connection lost')) },
    }
    await expect(rotate(first, undefined, cut)).rejects.toThrow('connection lost')
    await rotate(await rotate(first))
  })

  it('[AC35] two tabs at once both live', async () => {
    const first = await enter()
    const [one, two] = await Promise.all([rotate(first), rotate(first)])
    expect(one.refreshToken).toBe(two.refreshToken)
    await who(one.accessToken)
    await who(two.accessToken)
    await rotate(one)
  })

  it.each([
    ['after a minute', async (first: SignedIn) => setSession(first, { rotated_at: ago(61) }), undefined],
    ['from another device', () => Promise.resolve(), 'tablet'],
  ])('[AC36] an old one %s ends the session and warns the owner', async (_when, wait, device) => {
    const first = await enter()
    const second = await rotate(first)
    await wait(first)
    const ended: SessionId[] = []
    world.platform.sessionEnds.listen((ids) => ended.push(...ids))
    await expect(rotate(first, device)).rejects.toEqual(refusal('refresh-reused'))
    expect(ended).toEqual([sessionOf(first)])
    await expect(rotate(second)).rejects.toEqual(refusal('not-authenticated'))
    await expect(who(second.accessToken)).rejects.toEqual(refusal('not-authenticated'))
    await expect(rotate(first)).rejects.toEqual(refusal('not-authenticated'))
    expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual(['We signed you out of Toota'])
  })

  it('[AC36] one before the last ends it too, however quick', async () => {
    const first = await enter()
    await rotate(await rotate(first))
    await expect(rotate(first)).rejects.toEqual(refusal('refresh-reused'))
  })

  it("[AC37] the node's clock does not matter", async () => {
    const first = await enter()
    await rotate(first, undefined, later(-86_400))
    const second = await rotate(first, undefined, later(86_400))
    await rotate(second, undefined, later(-86_400))
  })

  it('[AC37] lives 30 days without use and 90 in any case', async () => {
    const DAY = 86_400_000
    const first = await enter()
    expect(Math.abs(first.refreshExpiresAt.getTime() - Date.now() - 30 * DAY)).toBeLessThan(60_000)
    await world.db.single
      .updateTable('session')
      .set({ created_at: ago(80 * 86_400) })
      .where('id', '=', sessionOf(first))
      .execute()
    const second = await rotate(first)
    expect(Math.abs(second.refreshExpiresAt.getTime() - Date.now() - 10 * DAY)).toBeLessThan(60_000)
    await setSession(second, { expires_at: ago(1) })
    await expect(rotate(second)).rejects.toEqual(refusal('not-authenticated'))
  })

  it('[AC37] forged, revoked and banned ones give nothing', async () => {
    const first = await enter()
    const bytes = Buffer.from(first.refreshToken, 'base64url')
    bytes[19] = 1
    for (const refreshToken of ['', 'nonsense', first.accessToken, bytes.toString('base64url')])
      await expect(rotateSession(world.platform, { refreshToken })).rejects.toEqual(
        refusal('not-authenticated'),
      )
    const ban = (banned_at: Date | null) =>
      world.db.single.updateTable('account').set({ banned_at }).where('id', '=', first.accountId).execute()
    await ban(new Date())
    await expect(rotate(first)).rejects.toEqual(refusal('not-authenticated'))
    await ban(null)
    await setSession(first, { revoked_at: new Date() })
    await expect(rotate(first)).rejects.toEqual(refusal('not-authenticated'))
  })
})

describe('access tokens of /v1', () => {
  const seed = () =>
    Buffer.from(hkdfSync('sha256', world.platform.settings.secretKey, '', 'toota/access-token/ed25519', 32))
  const privateKey = () =>
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed()]),
      format: 'der',
      type: 'pkcs8',
    })

  it('[AC33] work for ten minutes and half a minute of leeway', async () => {
    const { accessToken, accessExpiresAt } = await enter()
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
    expect(decodeJwt(accessToken)).toMatchObject({ iss: 'toota', aud: 'toota-api' })
    expect(Math.abs(accessExpiresAt.getTime() - Date.now() - 600_000)).toBeLessThan(10_000)
    await who(accessToken, later(620))
    await expect(who(accessToken, later(640))).rejects.toEqual(refusal('not-authenticated'))
    await expect(who(accessToken, later(-40))).rejects.toEqual(refusal('not-authenticated'))
  })

  it('[AC34] forged ones are nobody', async () => {
    const { accessToken, refreshToken } = await enter()
    const header = decodeProtectedHeader(accessToken) as { alg: string; typ: string; kid: string }
    const claims = decodeJwt(accessToken)
    const [head, body, signature] = accessToken.split('.') as [string, string, string]
    const sign = (change: object, headerChange: object = {}) =>
      new SignJWT({ ...claims, ...change })
        .setProtectedHeader({ ...header, ...headerChange })
        .sign(privateKey())
    await who(await sign({}))

    const publicKey = createPublicKey(privateKey())
    const hs = (key: string | Buffer, typ: string) =>
      new SignJWT({ ...claims, token_type: 'access', user_id: claims.sub })
        .setProtectedHeader({ alg: 'HS256', typ })
        .sign(typeof key === 'string' ? createSecretKey(key, 'utf8') : createSecretKey(key))
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    const forged = [
      refreshToken,
      `${head}.${body}.`,
      `${encode({ ...header, alg: 'none' })}.${body}.`,
      `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
      `${head}.${encode({ ...claims, exp: 9e9 })}.${signature}`,
      ...(await Promise.all([
        hs(spki, 'at+jwt'),
        hs(spki, 'JWT'),
        hs(publicKey.export({ format: 'pem', type: 'spki' }) as string, 'JWT'),
        hs(world.platform.settings.secretKey, 'at+jwt'),
        sign({ aud: 'another-api' }),
        sign({ iss: 'another' }),
        sign({ exp: 9e15 }),
        sign({ exp: Number(claims.iat) + 601 }),
        sign({ nbf: Number(claims.iat) + 3600 }),
        sign({ nbf: undefined }),
        sign({ sid: undefined }),
        sign({ sub: '../../' }),
        sign({}, { kid: '../../' }),
        sign({}, { kid: undefined }),
        sign({}, { typ: 'JWT' }),
      ])),
    ]
    // A key that the token brings along is not looked at: the signature is by another one.
    const other = createPrivateKey({
      key: Buffer.concat([
        Buffer.from('302e020100300506032b657004220420', 'hex'),
        createHmac('sha256', 'thief').digest(),
      ]),
      format: 'der',
      type: 'pkcs8',
    })
    const jwk = createPublicKey(other).export({ format: 'jwk' })
    forged.push(
      await new SignJWT({ ...claims })
        .setProtectedHeader({ ...header, jwk, jku: 'http://127.0.0.1:9/' })
        .sign(other),
    )
    for (const token of forged)
      await expect(who(token), token).rejects.toMatchObject({ code: 'not-authenticated' })
  })
})
