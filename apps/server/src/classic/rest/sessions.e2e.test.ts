import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClassicClient, PASSWORD } from '../../../test/classic-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { endSession } from '../../features/accounts/end-session.ts'
import { setBan } from '../../features/accounts/index.ts'
import { createSessionEnds } from '../../platform/session-ends.ts'

let server: LiveServer
let client: ReturnType<typeof createClassicClient>
beforeAll(async () => {
  server = await startLiveServer()
  client = createClassicClient(server)
})
afterAll(() => server.close())

const NEW = 'vrag op die pad'
const SOCKET = '/ws/trips/user/request/'
let count = 0
let email: string
beforeEach(() => {
  email = `sessions.${++count}@example.org`
})

type Tokens = { access: string; refresh: string }
const logIn = async (password = PASSWORD): Promise<Tokens> =>
  (await client.post('/auth/login/user/', { email, password })).body as Tokens
const post = (path: string, token: string, body?: unknown) => server.request('POST', path, { token, body })
const profile = (token: string) => server.request('GET', '/auth/profile/user/', { token })
const resetCode = async (): Promise<string> => {
  const { mails } = (await (
    await fetch(`${server.address}/dev/mail?to=${encodeURIComponent(email)}`, {
      headers: { accept: 'application/json' },
    })
  ).json()) as { mails: { subject: string; body: string }[] }
  expect(mails[0]?.subject).toBe('Your Password Reset OTP')
  return /is: (\d{6})/.exec(mails[0]?.body ?? '')?.[1] ?? ''
}
const sidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid

describe('passwords on the classic wire', () => {
  it('[CW36] a forgotten one is reset by the code, in the words of the original', async () => {
    await client.signedUp('user', email)
    for (const body of [{}, { email: 'nobody@example.org' }])
      for (const role of ['user', 'driver'])
        expect(await client.post(`/auth/forgot-password/${role}/`, body)).toMatchObject({
          status: 404,
          body: { error: 'User not found.', message: 'User not found.' },
        })
    const wanted = { email, otp: '123456', new_password: NEW }
    expect(await client.post('/auth/reset-password/user/', wanted)).toMatchObject({
      status: 400,
      body: { error: 'OTP not found for this user.' },
    })
    expect(await client.post('/auth/forgot-password/user/', { email })).toEqual({
      status: 200,
      body: { message: 'OTP sent to email for password reset.' },
    })
    expect(await client.post('/auth/reset-password/driver/', wanted)).toMatchObject({ status: 404 })
    expect(await client.post('/auth/reset-password/user/', { ...wanted, otp: 'wrong' })).toMatchObject({
      status: 400,
      body: { error: 'Invalid or expired OTP.' },
    })
    const otp = await resetCode()
    for (const [new_password, text] of [
      [undefined, 'This field is required.'],
      ['1', 'This password is too short. It must contain at least 8 characters.'],
    ])
      expect(await client.post('/auth/reset-password/user', { email, otp, new_password })).toMatchObject({
        status: 400,
        body: { new_password: expect.arrayContaining([text]) as string[] },
      })
    expect(await client.post('/auth/reset-password/user/', { ...wanted, otp: Number(otp) })).toEqual({
      status: 200,
      body: { message: 'Password reset successful.' },
    })
    expect(await logIn(NEW)).toHaveProperty('access')
  })

  it('[CW37] a change takes the old one, and ends the other sessions and their sockets', async () => {
    await client.signedUp('user', email)
    const [here, there] = [await logIn(), await logIn()]
    const [mine, theirs] = [
      await server.connect(SOCKET, here.access),
      await server.connect(SOCKET, there.access),
    ]
    const change = (body: object) => post('/auth/change-password/', here.access, body)
    for (const old_password of [undefined, 'wrong'])
      expect(await change({ old_password, new_password: NEW })).toMatchObject({
        status: 400,
        body: { error: 'Old password is incorrect.', message: 'Old password is incorrect.' },
      })
    expect(await change({ old_password: PASSWORD, new_password: '12345678' })).toMatchObject({
      status: 400,
      body: { new_password: ['This password is too common.', 'This password is entirely numeric.'] },
    })
    expect(await change({ old_password: PASSWORD, new_password: NEW })).toEqual({
      status: 200,
      body: { message: 'Password changed successfully.' },
    })
    expect(await theirs.closed()).toBe(4401)
    expect(mine.isOpen()).toBe(true)
    expect((await profile(here.access)).status).toBe(200)
    expect((await profile(there.access)).status).toBe(401)
    expect((await client.post('/auth/change-password/', {})).status).toBe(401)
  })
})

describe('leaving', () => {
  it('[CW38] kills the refresh token and the sockets of that session only', async () => {
    await client.signedUp('user', email)
    const [here, there] = [await logIn(), await logIn()]
    const [mine, theirs] = [
      await server.connect(SOCKET, here.access),
      await server.connect(SOCKET, there.access),
    ]
    const leave = (body: unknown) => post('/auth/logout/', there.access, body)
    for (const body of [{}, { refresh_token: ' ' }, { other: '' }])
      expect(await leave(body)).toMatchObject({ status: 400, body: { error: 'Refresh token is required.' } })
    expect(await leave({ refresh_token: there.access })).toMatchObject({
      status: 400,
      body: { error: 'Invalid token or already blacklisted.' },
    })
    expect(await leave({ refresh_token: there.refresh })).toEqual({
      status: 200,
      body: { message: 'Logout successful.' },
    })
    expect(await theirs.closed()).toBe(4401)
    expect(mine.isOpen()).toBe(true)
    expect((await client.post('/auth/token/refresh/', { refresh: there.refresh })).status).toBe(401)
    expect((await post('/auth/logout/', here.access, { refresh_token: there.refresh })).body).toMatchObject({
      error: 'Invalid token or already blacklisted.',
    })
    expect((await leave({ refresh_token: there.refresh })).status).toBe(401)
  })

  it.each([
    ['JSON text', 'application/json', (token: string) => JSON.stringify(token)],
    ['a form of nothing else', 'application/x-www-form-urlencoded', (token: string) => token],
    ['a form', 'application/x-www-form-urlencoded', (token: string) => `refresh_token=${token}`],
  ])('[CW38] takes the token as %s', async (_form, type, write) => {
    const { access, refresh } = await client.signedUp('user', email)
    const response = await fetch(`${server.address}/auth/logout/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}`, 'content-type': type },
      body: write(refresh),
    })
    expect([response.status, await response.json()]).toEqual([200, { message: 'Logout successful.' }])
    expect((await profile(access)).status).toBe(401)
  })
})

describe('tickets', () => {
  const ticketFor = async (token: string): Promise<string> => {
    const { status, body } = await post('/auth/ticket/', token)
    expect([status, body['expires_in']]).toEqual([200, 30])
    return body['ticket'] as string
  }

  it('[CW39] are for who is signed in, and open nothing at REST', async () => {
    const { access } = await client.signedUp('user', email)
    expect((await client.post('/auth/ticket/')).status).toBe(401)
    const ticket = await ticketFor(access)
    expect((await server.request('GET', `/auth/profile/user/?ticket=${ticket}`)).status).toBe(401)
    await server.connect(`${SOCKET}?ticket=${ticket}`)
  })

  it('[CW70] one opens one socket, of its own role, and its end is the session’s', async () => {
    const { access, refresh } = await client.signedUp('user', email)
    const ticket = await ticketFor(access)
    const socket = await server.connect(`${SOCKET}?ticket=${ticket}`)
    await expect(server.connect(`${SOCKET}?ticket=${ticket}`)).rejects.toThrow('HTTP 403')
    for (const query of ['ticket=', 'ticket=nonsense', `ticket=a&ticket=b`, `token=${access}`])
      await expect(server.connect(`${SOCKET}?${query}`), query).rejects.toThrow('HTTP 403')
    const other = await ticketFor(access)
    await expect(server.connect(`/ws/driver/location/?ticket=${other}`)).rejects.toThrow('HTTP 403')
    await post('/auth/logout/', access, { refresh_token: refresh })
    expect(await socket.closed()).toBe(4401)
  })
})

describe('the end of a session', () => {
  it('[CW71] closes its sockets within 5 s when another process ended it', async () => {
    await client.signedUp('user', email)
    const [here, there] = [await logIn(), await logIn()]
    const [mine, theirs] = [
      await server.connect(SOCKET, here.access),
      await server.connect(SOCKET, there.access),
    ]
    await server.db.single
      .updateTable('session')
      .set({ revoked_at: new Date() })
      .where('id', '=', sidOf(there.access) as never)
      .execute()
    expect(await theirs.closed()).toBe(4401)
    expect(mine.isOpen()).toBe(true)
  })

  it('[CW72] a banned account acts nowhere, also when the operator bans from another process', async () => {
    const { access, refresh } = await client.signedUp('user', email)
    const socket = await server.connect(SOCKET, access)
    await setBan(
      { db: server.db, sessionEnds: createSessionEnds(), news: server.platform.news },
      [email],
      true,
    )
    expect((await profile(access)).status).toBe(401)
    expect((await client.post('/auth/token/refresh/', { refresh })).status).toBe(401)
    expect((await client.post('/auth/login/user/', { email, password: PASSWORD })).status).toBe(400)
    await expect(server.connect(SOCKET, access)).rejects.toThrow('HTTP 403')
    expect(await socket.closed()).toBe(4401)
  })

  it('[CW73] who does not leave is heard no more, and cut', async () => {
    const driverId = await server.addDriver({ at: null })
    const headers = { authorization: `Bearer ${await server.signIn(driverId)}` }
    const url = `${server.address.replace('http', 'ws')}/ws/driver/location/`
    // One that never reads, so that it does not learn of the close and talks on.
    const deaf = new WebSocket(url, { headers })
    await once(deaf, 'open')
    deaf.pause()
    const say = (latitude: number) => deaf.send(JSON.stringify({ latitude, longitude: 28 }))
    const lastSeen = () => server.platform.positions.lastFix(driverId)?.latitude
    say(-26)
    await expect.poll(lastSeen).toBe(-26)

    await endSession(server.platform, driverId, sidOf(headers.authorization) as never)
    say(-27)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(lastSeen()).toBe(-26)
    deaf.resume()
    const [code] = (await once(deaf, 'close')) as [number]
    expect([1006, 4401]).toContain(code)
  })
})
