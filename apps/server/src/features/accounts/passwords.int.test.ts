import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { newId, type AccountId, type SessionId } from '../../kernel/index.ts'
import { listMail } from '../../platform/mail-table.ts'
import { openSession } from './open-session.ts'
import { holdPassword } from './password-store.ts'
import { requestResetPrivately } from './request-reset.ts'
import { resetPasswordPrivately } from './reset-password.ts'
import {
  authenticate,
  changePassword,
  createAccount,
  logIn,
  logOut,
  refreshAccess,
  requestReset,
  resendCode,
  resetPassword,
  setBan,
  signUp,
  verifyEmail,
} from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PASSWORD = 'bakkie op pad'
const NEW = 'vrag op die pad'
const role = 'customer' as const
let count = 0
let email: string
let accountId: AccountId
beforeEach(async () => {
  email = `passwords.${++count}@example.org`
  accountId = await createAccount(world.platform, { role, email, password: PASSWORD })
})

const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const enter = (password = PASSWORD) =>
  logIn(world.platform, { role, email, password, clientAddress: '192.0.2.1' })
const who = (token: string) => authenticate(world.platform, `Bearer ${token}`)
const mailsTo = (to: string) => listMail(world.db, { to, limit: 20 })
const newestCode = async (to = email): Promise<string> =>
  /is: (\d+)/.exec((await mailsTo(to))[0]?.body ?? '')?.[1] ?? ''
const reset = (code: string, newPassword = NEW) =>
  resetPassword(world.platform, { role, email, code, newPassword })
const codeRow = (id = accountId) =>
  world.db.single
    .selectFrom('one_time_code')
    .selectAll()
    .where('account_id', '=', id)
    .where('purpose', '=', 'reset-password')
    .executeTakeFirstOrThrow()
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('a forgotten password', () => {
  it('[AC26] is replaced by the code of the mail, once', async () => {
    await requestReset(world.platform, { role, email })
    const [mail] = await mailsTo(email)
    expect(mail?.subject).toBe('Your Password Reset OTP')
    expect(mail?.body).toMatch(/^Your OTP for password reset is: \d{6}\n/)
    const { expires_at } = await codeRow()
    expect(Math.abs(expires_at.getTime() - Date.now() - 600_000)).toBeLessThan(60_000)

    const code = await newestCode()
    await reset(` ${code} `)
    await enter(NEW)
    await expect(enter()).rejects.toEqual(refusal('invalid-credentials'))
    await expect(reset(code)).rejects.toEqual(refusal('no-code-pending'))
  })

  it('[AC26] of 200 guesses at once at most 5 are evaluated', async () => {
    await requestReset(world.platform, { role, email })
    const right = await newestCode()
    // Hashing is not what this is about, and its queue would refuse some.
    const passwords = { ...world.platform.passwords, hash: () => Promise.resolve('not a hash') }
    const guess = (code: string) =>
      resetPassword({ ...world.platform, passwords }, { role, email, code, newPassword: NEW })
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => guess(wrong(right))))
    // On a busy machine some wait too long for a connection, which is no guess.
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(await codeRow()).toMatchObject({ tries_left: 0, used_at: null })
    await expect(reset(right)).rejects.toEqual(refusal('wrong-code'))
  })

  it('[AC26] is not replaced by an expired code', async () => {
    await requestReset(world.platform, { role, email })
    await world.db.single
      .updateTable('one_time_code')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('account_id', '=', accountId)
      .execute()
    await expect(reset(await newestCode())).rejects.toEqual(refusal('wrong-code'))
  })

  it('[AC27] a code of one purpose is none of the other', async () => {
    const fixed = { ...world.platform, tokens: { ...world.platform.tokens, randomDigits: () => '123456' } }
    email = `new.${email}`
    const id = await signUp(fixed, { role, email, password: PASSWORD })
    await expect(reset('123456')).rejects.toEqual(refusal('no-code-pending'))
    await requestReset(
      { ...fixed, tokens: { ...fixed.tokens, randomDigits: () => '654321' } },
      { role, email },
    )
    await expect(reset('123456')).rejects.toEqual(refusal('wrong-code'))
    await expect(verifyEmail(world.platform, { email, code: '654321' })).rejects.toEqual(
      refusal('wrong-code'),
    )
    // Neither took the other's place.
    await resendCode(fixed, email)
    await reset('654321')
    expect(await codeRow(id)).toMatchObject({ used_at: expect.any(Date) as Date })
    await verifyEmail(world.platform, { email, code: '123456' })
  })

  it('[AC28] a weak new password is refused before a try is spent', async () => {
    await requestReset(world.platform, { role, email })
    await expect(reset(await newestCode(), '1')).rejects.toEqual(refusal('password-refused'))
    expect(await codeRow()).toMatchObject({ tries_left: 5 })
  })

  it('[AC28] a reset ends every session', async () => {
    const [one, two] = [await enter(), await enter()]
    await requestReset(world.platform, { role, email })
    await reset(await newestCode())
    for (const { access, refresh } of [one, two]) {
      await expect(who(access)).rejects.toEqual(refusal('not-authenticated'))
      await expect(refreshAccess(world.platform, refresh)).rejects.toEqual(refusal('not-authenticated'))
    }
  })

  it('[AC28] an account that is not verified stays so', async () => {
    email = `new.${email}`
    await signUp(world.platform, { role, email, password: PASSWORD })
    await requestReset(world.platform, { role, email })
    await reset(await newestCode())
    await expect(enter(NEW)).rejects.toEqual(refusal('account-not-verified'))
  })

  it('[AC39] for /v1 an unknown address looks like a known one', async () => {
    const unknown = { role, email: `nobody.${email}` }
    await requestResetPrivately(world.platform, unknown)
    expect(await mailsTo(unknown.email)).toEqual([])
    for (let n = 0; n < 7; n++) await requestResetPrivately(world.platform, { role, email })
    expect(await mailsTo(email)).toHaveLength(5)
    for (const address of [unknown.email, email])
      await expect(
        resetPasswordPrivately(world.platform, { role, email: address, code: 'x', newPassword: NEW }),
      ).rejects.toEqual(refusal('wrong-code'))
  })
})

describe('changing a password', () => {
  it('[AC29] takes the old one, ends all other sessions and keeps this one', async () => {
    const [here, there] = [await enter(), await enter()]
    const principal = await who(here.access)
    const change = (oldPassword: string, newPassword: string) =>
      changePassword(world.platform, principal, { oldPassword, newPassword })
    await expect(change('wrong', NEW)).rejects.toEqual(refusal('old-password-wrong'))
    await expect(change(PASSWORD, '1')).rejects.toEqual(refusal('password-refused'))
    await who(there.access)

    await change(PASSWORD, NEW)
    await who(here.access)
    expect(await refreshAccess(world.platform, here.refresh)).toEqual(expect.any(String))
    await expect(who(there.access)).rejects.toEqual(refusal('not-authenticated'))
    await enter(NEW)
  })

  it('[AC29] of two at once one wins', async () => {
    const principal = await who((await enter()).access)
    const results = await Promise.allSettled(
      [NEW, `${NEW}!`].map((newPassword) =>
        changePassword(world.platform, principal, { oldPassword: PASSWORD, newPassword }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('[AC29] guesses at the old one are counted per session', async () => {
    const principal = await who((await enter()).access)
    const guess = (oldPassword: string) =>
      changePassword(world.platform, principal, { oldPassword, newPassword: NEW })
    for (let n = 0; n < world.platform.settings.limits.loginFailures.count; n++)
      await expect(guess('wrong')).rejects.toEqual(refusal('old-password-wrong'))
    await expect(guess(PASSWORD)).rejects.toEqual(refusal('too-many-requests'))
  })

  it('[AC30] no session is opened by a password that was replaced while it was checked', async () => {
    const row = await world.db.single
      .selectFrom('account')
      .select('password_hash')
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow()
    const checked = { id: accountId, passwordHash: row.password_hash }
    await requestReset(world.platform, { role, email })
    await reset(await newestCode())
    const late = world.db.transaction(async (tx) => {
      await holdPassword(tx, checked)
      return openSession(world.platform, tx, accountId)
    })
    await expect(late).rejects.toEqual(refusal('invalid-credentials'))
  })
})

describe('leaving', () => {
  it('[AC31] ends the session of the refresh token, once, and no other', async () => {
    const [here, there] = [await enter(), await enter()]
    const principal = await who(here.access)
    await logOut(world.platform, principal, there.refresh)
    await expect(who(there.access)).rejects.toEqual(refusal('not-authenticated'))
    await expect(refreshAccess(world.platform, there.refresh)).rejects.toEqual(refusal('not-authenticated'))
    await who(here.access)
    for (const bad of [there.refresh, here.access, 'nonsense', ''])
      await expect(logOut(world.platform, principal, bad)).rejects.toEqual(refusal('not-authenticated'))
    await logOut(world.platform, principal, here.refresh)
    await expect(who(here.access)).rejects.toEqual(refusal('not-authenticated'))
  })

  it("[AC31] another account's refresh token ends nothing", async () => {
    const { access, refresh } = await enter()
    const stranger = { accountId: await world.addCustomer(), role, sessionId: newId<SessionId>() }
    await expect(logOut(world.platform, stranger, refresh)).rejects.toEqual(refusal('not-authenticated'))
    await who(access)
  })

  it('[AC32] a ban ends all sessions; once admitted one logs in anew', async () => {
    const { access } = await enter()
    expect(await setBan(world.platform, [email.toUpperCase()], true)).toBe(1)
    await expect(who(access)).rejects.toEqual(refusal('not-authenticated'))
    await expect(enter()).rejects.toEqual(refusal('invalid-credentials'))
    expect(await setBan(world.platform, [email], true)).toBe(0)
    expect(await setBan(world.platform, [email], false)).toBe(1)
    await expect(who(access)).rejects.toEqual(refusal('not-authenticated'))
    await who((await enter()).access)
  })
})
