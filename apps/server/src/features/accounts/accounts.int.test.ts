import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { listMail } from '../../platform/mail-table.ts'
import { createAccount, resendCode, signUp, verifyEmail } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const PASSWORD = 'bakkie op pad'
let addresses = 0
let email: string
beforeEach(() => {
  email = `Person.${++addresses}@Example.org`
})

const mailsTo = (to: string) => listMail(world.db, { to, limit: 20 })
async function codesOf(to: string): Promise<string[]> {
  return (await mailsTo(to)).map(({ body }) => /is: (\d{4})/.exec(body ?? '')?.[1] ?? '')
}
const newestCode = async (to: string): Promise<string> => (await codesOf(to))[0] ?? ''
const signUpAs = (role: 'customer' | 'driver', address = email) =>
  signUp(world.platform, { role, email: address, password: PASSWORD })
const verify = (code: string, address = email) => verifyEmail(world.platform, { email: address, code })
const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const wrongCode = (code: string) => String((Number(code) + 1) % 10_000).padStart(4, '0')
const rowsOf = (address: string) =>
  world.db.single.selectFrom('account').selectAll().where('email_key', '=', address.toLowerCase()).execute()
const codeRow = (accountId: Awaited<ReturnType<typeof signUpAs>>) =>
  world.db.single
    .selectFrom('one_time_code')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()

describe('signing up', () => {
  it('[AC1] leaves an inactive account, a code and a mail', async () => {
    const id = await signUpAs('customer')
    expect(await rowsOf(email)).toMatchObject([{ id, role: 'customer', email, verified_at: null }])
    const mails = await mailsTo(email)
    expect(mails).toMatchObject([{ subject: 'Your Email Verification OTP', to: email }])
    expect(mails[0]?.body).toMatch(/^Your OTP for email verification is: \d{4}\n/)
    expect(mails[0]?.body).toContain('This OTP is valid for 60 minutes.')
    expect(await codeRow(id)).toMatchObject({ purpose: 'verify-email', tries_left: 5, used_at: null })
  })

  it('[AC1] leaves nothing when the mail cannot be written', async () => {
    const mail = { enqueue: () => Promise.reject(new Error('disk full')) }
    const attempt = signUp({ ...world.platform, mail }, { role: 'driver', email, password: PASSWORD })
    await expect(attempt).rejects.toThrow('disk full')
    expect(await rowsOf(email)).toEqual([])
  })

  it('[AC2] refuses an address in use, in any case', async () => {
    await signUpAs('customer')
    await expect(signUpAs('customer', email.toUpperCase())).rejects.toEqual(refusal('email-taken'))
  })

  it('[AC2] of ten at once with one address exactly one succeeds', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => signUpAs('driver')))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('email-taken'))
    expect(await rowsOf(email)).toHaveLength(1)
    expect(await mailsTo(email)).toHaveLength(1)
  })

  it('[AC3] takes one address as customer and as driver', async () => {
    await signUpAs('customer')
    await signUpAs('driver')
    expect(await rowsOf(email)).toHaveLength(2)
  })

  it.each([
    ['short 1', ['too-short']],
    ['x'.repeat(129), ['too-long']],
    ['Password123', ['common']],
    ['83749283742', ['numeric']],
    ['1234', ['too-short', 'common', 'numeric']],
  ])('[AC4] refuses the password %s', async (password, faults) => {
    const attempt = signUp(world.platform, { role: 'customer', email, password })
    await expect(attempt).rejects.toMatchObject({ code: 'password-refused', details: { faults } })
    expect(await rowsOf(email)).toEqual([])
  })

  it.each([
    'nonsense',
    'a@b',
    '@example.org',
    'a b@example.org',
    'a@example.org\nBcc: b@example.org',
    'ä'.repeat(300),
  ])('[AC5] refuses %j as an address', async (address) => {
    await expect(signUpAs('customer', address)).rejects.toEqual(refusal('invalid-request'))
  })
})

describe('verifying', () => {
  it('[AC6] activates the account and signs it in', async () => {
    const id = await signUpAs('driver')
    const { access } = await verify(await newestCode(email), ` ${email.toLowerCase()} `)
    expect((await world.platform.tokens.read(access, new Date()))?.accountId).toBe(id)
    expect((await rowsOf(email))[0]?.verified_at).not.toBeNull()
  })

  it('[AC6] takes outer spaces and lost leading zeros', async () => {
    const zeros = { ...world.platform, tokens: { ...world.platform.tokens, randomDigits: () => '0042' } }
    await signUp(zeros, { role: 'customer', email, password: PASSWORD })
    await verify(' 42 ')
    expect((await rowsOf(email))[0]?.verified_at).not.toBeNull()
  })

  it('[AC7] a used code never works twice, not even twice at once', async () => {
    await signUpAs('customer')
    const code = await newestCode(email)
    const results = await Promise.allSettled([verify(code), verify(code), verify(code)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(verify(code)).rejects.toEqual(refusal('no-code-pending'))
  })

  it('[AC8] an older code is wrong once a new one was sent', async () => {
    const twice = ['1111', '2222']
    const tokens = { ...world.platform.tokens, randomDigits: () => twice.shift() ?? '' }
    await signUp({ ...world.platform, tokens }, { role: 'customer', email, password: PASSWORD })
    await resendCode({ ...world.platform, tokens }, email)
    await expect(verify('1111')).rejects.toEqual(refusal('wrong-code'))
    await verify('2222')
  })

  it('[AC9] an expired code is refused', async () => {
    const id = await signUpAs('customer')
    const { expires_at } = await codeRow(id)
    expect(Math.abs(expires_at.getTime() - Date.now() - 3_600_000)).toBeLessThan(60_000)
    await world.db.single
      .updateTable('one_time_code')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('account_id', '=', id)
      .execute()
    await expect(verify(await newestCode(email))).rejects.toEqual(refusal('wrong-code'))
  })

  it('[AC10] of 200 guesses at once at most 5 are evaluated, and then the right code is refused too', async () => {
    const id = await signUpAs('customer')
    const right = await newestCode(email)
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => verify(wrongCode(right))))
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'wrong-code' } })
    expect(await codeRow(id)).toMatchObject({ tries_left: 0, used_at: null })
    await expect(verify(right)).rejects.toEqual(refusal('wrong-code'))
  })

  it('[AC10] the fifth guess still counts', async () => {
    await signUpAs('customer')
    const right = await newestCode(email)
    for (let n = 0; n < 4; n++) await expect(verify(wrongCode(right))).rejects.toEqual(refusal('wrong-code'))
    await verify(right)
  })

  it('[AC12] the account whose code it is becomes active, and no other', async () => {
    const digits = ['1234', '5678']
    const tokens = { ...world.platform.tokens, randomDigits: () => digits.shift() ?? '' }
    await signUp({ ...world.platform, tokens }, { role: 'customer', email, password: PASSWORD })
    const driver = await signUp({ ...world.platform, tokens }, { role: 'driver', email, password: PASSWORD })
    const { access } = await verify('5678')
    expect((await world.platform.tokens.read(access, new Date()))?.accountId).toBe(driver)
    expect((await rowsOf(email)).filter(({ verified_at }) => verified_at)).toMatchObject([{ role: 'driver' }])
    await verify('1234')
    expect((await rowsOf(email)).every(({ verified_at }) => verified_at)).toBe(true)
  })

  it('[AC14] the database holds a digest that fits one account only', async () => {
    const code = '7777'
    const tokens = { ...world.platform.tokens, randomDigits: () => code }
    const other = `other.${email}`
    const ids = [
      await signUp({ ...world.platform, tokens }, { role: 'customer', email, password: PASSWORD }),
      await signUp({ ...world.platform, tokens }, { role: 'customer', email: other, password: PASSWORD }),
    ]
    const [one, two] = await Promise.all(ids.map(codeRow))
    expect(one?.code_hash).toHaveLength(32)
    expect(one?.code_hash.equals(two!.code_hash)).toBe(false)
    expect(one?.code_hash.toString('latin1')).not.toContain(code)
  })
})

describe('sending a code again', () => {
  it('[AC11] an account gets 5 codes a day, and the next day more', async () => {
    const id = await signUpAs('driver')
    for (let n = 0; n < 4; n++) await resendCode(world.platform, email)
    await expect(resendCode(world.platform, email)).rejects.toEqual(refusal('too-many-codes'))
    expect(await mailsTo(email)).toHaveLength(5)
    await world.db.single
      .updateTable('one_time_code')
      .set({ issued_on: '2020-01-01' })
      .where('account_id', '=', id)
      .execute()
    await resendCode(world.platform, email)
    expect(await codeRow(id)).toMatchObject({ issued_count: 1 })
  })

  it('[AC11] also when they are asked for at once', async () => {
    await signUpAs('driver')
    await Promise.allSettled(Array.from({ length: 20 }, () => resendCode(world.platform, email)))
    expect(await mailsTo(email)).toHaveLength(5)
  })

  it('[AC13] sends nothing to an active account and refuses nothing', async () => {
    await signUpAs('customer')
    await verify(await newestCode(email))
    await resendCode(world.platform, email)
    expect(await mailsTo(email)).toHaveLength(1)
  })

  it('[AC13] refuses an unknown address', async () => {
    await expect(resendCode(world.platform, email)).rejects.toEqual(refusal('not-found'))
  })
})

describe('the operator', () => {
  it.each(['customer', 'driver', 'staff'] as const)(
    '[AC25] makes an active %s without a mail',
    async (role) => {
      const id = await createAccount(world.platform, { role, email, password: PASSWORD, firstName: 'Zanele' })
      const rows = await rowsOf(email)
      expect(rows).toMatchObject([{ id, role, first_name: 'Zanele' }])
      expect(rows[0]?.verified_at).not.toBeNull()
      expect(await mailsTo(email)).toEqual([])
    },
  )
})
