import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import type { SessionId } from '../../kernel/index.ts'
import { listMail } from '../../platform/mail-table.ts'
import { closeEndedSessions } from './close-ended-sessions.ts'
import { endSession } from './end-session.ts'
import { forgetSessions } from './forget-sessions.ts'
import { listSessions } from './list-sessions.ts'
import type { SignedIn } from './open-numbered-session.ts'
import { signIn } from './sign-in.ts'
import { signUpPrivately } from './sign-up-privately.ts'
import { verifyPrivately } from './verify-privately.ts'
import { redeemTicket } from './redeem-ticket.ts'
import { authenticate, createAccount, issueTicket } from './index.ts'

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
  email = `own.${++count}@example.org`
  await createAccount(world.platform, { role, email, password: PASSWORD })
})

const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const enter = () => signIn(world.platform, { role, email, password: PASSWORD, clientAddress: '192.0.2.1' })

const who = (token: string) => authenticate(world.platform, `Bearer ${token}`)

const sessionOf = ({ accessToken }: SignedIn) => decodeJwt(accessToken)['sid'] as SessionId
const setSession = async (
  signedIn: SignedIn,
  values: { rotated_at?: Date; expires_at?: Date; revoked_at?: Date },
) => world.db.single.updateTable('session').set(values).where('id', '=', sessionOf(signedIn)).execute()
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const mailsTo = (to: string) => listMail(world.db, { to, limit: 20 })

describe('sign-up on /v1', () => {
  it('[AC38] tells nothing; the mail says what is so', async () => {
    const fresh = `fresh.${email}`
    for (const address of [email, fresh])
      await signUpPrivately(world.platform, { role, email: address, password: PASSWORD })
    expect((await mailsTo(email))[0]?.subject).toBe('You already have a Toota account')
    expect((await mailsTo(fresh))[0]?.subject).toBe('Your Email Verification OTP')
    for (let n = 0; n < 7; n++)
      await signUpPrivately(world.platform, { role, email, password: 'another password!' })
    expect(await mailsTo(email)).toHaveLength(5)
    await enter()
  })

  it('[AC38] the password is that of who has the code, whoever signed up before or after', async () => {
    const fresh = `fresh.${email}`
    const logIn = (password: string) =>
      signIn(world.platform, { role, email: fresh, password, clientAddress: '192.0.2.1' })
    await signUpPrivately(world.platform, { role, email: fresh, password: 'a stranger before' })
    await signUpPrivately(world.platform, { role, email: fresh, password: PASSWORD })
    await signUpPrivately(world.platform, { role, email: fresh, password: 'a stranger after' })
    const code = /is: (\d{4})/.exec((await mailsTo(fresh))[0]?.body ?? '')?.[1] ?? ''
    const verification = { role, email: fresh, code, password: PASSWORD }
    const { accessToken } = await verifyPrivately(world.platform, verification)
    expect(await who(accessToken)).toMatchObject({ role })
    await logIn(PASSWORD)
    for (const password of ['a stranger before', 'a stranger after'])
      await expect(logIn(password)).rejects.toEqual(refusal('invalid-credentials'))
  })

  it('[AC39] a wrong code looks alike for known and unknown addresses', async () => {
    for (const address of [email, `nobody.${email}`])
      await expect(
        verifyPrivately(world.platform, { role, email: address, code: '0000', password: PASSWORD }),
      ).rejects.toEqual(refusal('wrong-code'))
  })
})

describe('own sessions', () => {
  it('[AC40] are listed and ended, and nobody else’s', async () => {
    const [one, two] = [await enter(), await enter()]
    const ids = (await listSessions(world.platform, one.accountId)).map(({ id }) => id)
    expect(ids).toEqual([sessionOf(two), sessionOf(one)])
    const stranger = await world.addCustomer()
    await expect(endSession(world.platform, stranger, sessionOf(two))).rejects.toEqual(refusal('not-found'))
    await endSession(world.platform, one.accountId, sessionOf(two))
    await expect(endSession(world.platform, one.accountId, sessionOf(two))).rejects.toEqual(
      refusal('not-found'),
    )
    await expect(who(two.accessToken)).rejects.toEqual(refusal('not-authenticated'))
    expect(await listSessions(world.platform, one.accountId)).toMatchObject([{ id: sessionOf(one) }])
  })

  it('[AC42] whatever ended is found by one statement for all open sockets', async () => {
    const all = [await enter(), await enter(), await enter(), await enter()] as const
    await setSession(all[1], { revoked_at: new Date() })
    await setSession(all[2], { expires_at: ago(1) })
    await world.db.single.deleteFrom('session').where('id', '=', sessionOf(all[3])).execute()
    const ids = all.map(sessionOf)
    const ended: SessionId[] = []
    const before = world.db.statementCount()
    await closeEndedSessions(world.platform, {
      openSessions: () => ids,
      endSessions: (gone) => ended.push(...gone),
    })
    expect(world.db.statementCount() - before).toBe(1)
    expect(ended.sort()).toEqual(ids.slice(1).sort())
  })
})

describe('tickets', () => {
  const ticketOf = async (signedIn: SignedIn) =>
    (await issueTicket(world.platform, sessionOf(signedIn))).ticket

  it('[AC41] one speaks for its session once; of two at once one wins', async () => {
    const signedIn = await enter()
    const ticket = await ticketOf(signedIn)
    const results = await Promise.allSettled([1, 2].map(() => redeemTicket(world.platform, ticket)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toMatchObject([
      { value: { accountId: signedIn.accountId, role, sessionId: sessionOf(signedIn) } },
    ])
    await expect(redeemTicket(world.platform, ticket)).rejects.toEqual(refusal('not-authenticated'))
  })

  it('[AC41] none works after 30 seconds, or the end of its session, or a ban; only digests are kept', async () => {
    const signedIn = await enter()
    const old = await ticketOf(signedIn)
    const [row] = await world.db.single
      .selectFrom('ticket')
      .selectAll()
      .where('session_id', '=', sessionOf(signedIn))
      .execute()
    expect(Math.abs(Number(row?.expires_at) - Date.now() - 30_000)).toBeLessThan(10_000)
    expect(row?.digest.toString('base64url')).not.toBe(old)
    await world.db.single
      .updateTable('ticket')
      .set({ expires_at: ago(0.001) })
      .execute()
    await expect(redeemTicket(world.platform, old)).rejects.toEqual(refusal('not-authenticated'))

    const ended = await ticketOf(signedIn)
    await setSession(signedIn, { revoked_at: new Date() })
    await expect(redeemTicket(world.platform, ended)).rejects.toEqual(refusal('not-authenticated'))
    const banned = await ticketOf(await enter())
    await world.db.single
      .updateTable('account')
      .set({ banned_at: new Date() })
      .where('id', '=', signedIn.accountId)
      .execute()
    await expect(redeemTicket(world.platform, banned)).rejects.toEqual(refusal('not-authenticated'))
  })
})

describe('forgetting', () => {
  it('[AC43] deletes sessions a week after their end, tickets and spent codes, and nothing younger', async () => {
    const [gone, young] = [await enter(), await enter()]
    await setSession(gone, { expires_at: ago(8 * 86_400) })
    await setSession(young, { expires_at: ago(6 * 86_400) })
    await issueTicket(world.platform, sessionOf(young))
    await world.db.single
      .updateTable('ticket')
      .set({ expires_at: ago(1) })
      .execute()
    const codes = () =>
      world.db.single
        .selectFrom('one_time_code')
        .select('account_id')
        .where('account_id', '=', gone.accountId)
        .execute()
    await signUpPrivately(world.platform, { role, email, password: PASSWORD })
    await forgetSessions(world.platform)
    expect(await codes()).toHaveLength(1)
    await world.db.single
      .updateTable('one_time_code')
      .set({ issued_on: '2020-01-01', expires_at: ago(2 * 86_400) })
      .where('account_id', '=', gone.accountId)
      .execute()
    await forgetSessions(world.platform)
    expect(await codes()).toEqual([])
    expect(await world.db.single.selectFrom('ticket').selectAll().execute()).toEqual([])
    const left = await world.db.single
      .selectFrom('session')
      .select('id')
      .where('account_id', '=', gone.accountId)
      .execute()
    expect(left).toEqual([{ id: sessionOf(young) }])
  })
})
