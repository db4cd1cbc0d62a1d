import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient, type ApiAnswer } from '../../../test/api-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'

const PASSWORD = 'bakkie op pad'

describe('accounts on /v1', () => {
  let server: LiveServer
  let call: ReturnType<typeof createApiClient>
  let picture: Buffer
  beforeAll(async () => {
    server = await startLiveServer()
    call = createApiClient(server)
    picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#0b6b4f' } })
      .png()
      .toBuffer()
  })
  afterAll(() => server.close())

  /** The newest mail to this address. */
  async function mailTo(address: string): Promise<{ subject: string; body: string } | undefined> {
    const response = await fetch(`${server.address}/dev/mail?to=${encodeURIComponent(address)}`, {
      headers: { accept: 'application/json' },
    })
    return ((await response.json()) as { mails: { subject: string; body: string }[] }).mails[0]
  }
  const codeFor = async (address: string) =>
    /is: (\d{4,6})/.exec((await mailTo(address))?.body ?? '')?.[1] ?? ''

  async function join(role: 'customer' | 'driver', email: string): Promise<Record<string, string>> {
    expect(await call('POST', '/accounts', { body: { role, email, password: PASSWORD } })).toMatchObject({
      status: 202,
      body: { next: 'read-mail' },
    })
    const verified = await call('POST', '/accounts/verification', {
      body: { role, email, code: await codeFor(email), password: PASSWORD },
    })
    expect(verified).toMatchObject({ status: 201, body: { role } })
    return verified.body as Record<string, string>
  }

  const upload = async (token: string, place: string, type = 'image/png'): Promise<ApiAnswer['body']> => {
    const response = await fetch(`${server.address}/v1/pictures/${place}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: new Uint8Array(picture),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  it('[AP7] a customer signs up, verifies, is somebody, signs out', async () => {
    const { accessToken: token = '', refreshToken } = await join('customer', 'zanele@example.com')
    expect(await call('GET', '/me', { token })).toMatchObject({
      status: 200,
      body: { role: 'customer', email: 'zanele@example.com', firstName: null, picture: null },
    })
    const changed = await call('PATCH', '/me', {
      token,
      body: { firstName: 'Zanele', phone: '082 123 4567' },
    })
    expect(changed.body).toMatchObject({ firstName: 'Zanele', phone: '+27821234567' })

    const { body: sessions } = await call('GET', '/sessions', { token })
    expect(sessions['sessions']).toMatchObject([{ isCurrent: true }])
    expect((await call('DELETE', '/sessions/current', { token })).status).toBe(204)
    expect(await call('GET', '/me', { token })).toMatchObject({ status: 401 })
    expect(await call('POST', '/sessions/refresh', { body: { refreshToken } })).toMatchObject({ status: 401 })
  })

  it('[AP7] no answer tells whether an address has an account', async () => {
    const known = { role: 'customer', email: 'known@example.com' }
    const unknown = { role: 'customer', email: 'unknown@example.com' }
    await join('customer', known.email)
    const pairs: [string, object][] = [
      ['/accounts', { password: PASSWORD }],
      ['/accounts/codes', {}],
      ['/password-resets', {}],
      ['/password-resets/completion', { code: '123456', newPassword: 'a wholly new one' }],
      ['/accounts/verification', { code: '0000', password: PASSWORD }],
      ['/sessions', { password: 'wrong password' }],
    ]
    for (const [path, rest] of pairs) {
      const answers = []
      for (const who of [known, { ...unknown, email: `${path.length}${unknown.email}` }]) {
        const { status, body } = await call('POST', path, { body: { ...who, ...rest } })
        answers.push({ status, body: { ...body, requestId: '' } })
      }
      expect(answers[1], path).toEqual(answers[0])
    }
    expect(await mailTo('known@example.com')).toBeDefined()
  })

  it('[AP7] a forgotten password is set anew by the code of the mail, and every session ends', async () => {
    const { accessToken: token = '' } = await join('customer', 'forgetful@example.com')
    const who = { role: 'customer', email: 'forgetful@example.com' }
    await call('POST', '/password-resets', { body: who })
    const code = await codeFor(who.email)
    expect(code).toMatch(/^\d{6}$/)
    expect(
      (
        await call('POST', '/password-resets/completion', {
          body: { ...who, code, newPassword: 'a wholly new one' },
        })
      ).status,
    ).toBe(204)
    expect((await call('GET', '/me', { token })).status).toBe(401)
    expect((await call('POST', '/sessions', { body: { ...who, password: 'a wholly new one' } })).status).toBe(
      201,
    )
  })

  it('[AP8] a driver uploads pictures, applies with them, and is shown with them', async () => {
    const { accessToken: token = '', accountId = '' } = await join('driver', 'sipho@example.com')
    const form = {
      phone: '+27831112222',
      vehicleClass: 'bakkie',
      vehicleRegistration: 'AB 12 CD GP',
      loadCapacityKg: 900,
    }
    expect(await call('PUT', '/me/application', { token, body: form })).toMatchObject({
      status: 409,
      body: { code: 'pictures-missing' },
    })
    const names: Record<string, unknown> = {}
    for (const place of ['profile', 'licence', 'car-front', 'car-back'])
      names[place] = (await upload(token, place))['picture']
    const pictures = {
      profile: names['profile'],
      licence: names['licence'],
      carFront: names['car-front'],
      carBack: names['car-back'],
    }
    const applied = await call('PUT', '/me/application', {
      token,
      body: { ...form, firstName: 'Sipho', lastName: "O'Neil-van der Merwe", pictures },
    })
    expect(applied).toMatchObject({ status: 200, body: { firstName: 'Sipho', isApproved: true } })
    const [front] = applied.body['carPictures'] as string[]
    expect((await fetch(server.address + (front ?? ''))).headers.get('content-type')).toBe('image/jpeg')

    const { body: documents } = await call('GET', '/me/documents', { token })
    expect((await fetch(server.address + String(documents['licence']))).status).toBe(200)
    expect((await fetch(`${server.address}/media/${String(names['licence'])}`)).status).toBe(404)
    // What he has used is no longer loose, and another's was never his.
    expect(await call('PATCH', '/me', { token, body: { picture: names['profile'] } })).toMatchObject({
      status: 400,
      body: { code: 'picture-refused' },
    })
    const other = await join('customer', 'thief@example.com')
    const mine = await upload(token, 'profile')
    expect(
      await call('PATCH', '/me', { token: other['accessToken'] ?? '', body: { picture: mine['picture'] } }),
    ).toMatchObject({ status: 400, body: { code: 'picture-refused' } })
    expect(accountId).not.toBe('')
  })

  it('[AP8] what is no picture is refused, by its content', async () => {
    const { accessToken: token = '' } = await join('customer', 'faker@example.com')
    const real = picture
    picture = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    expect(await upload(token, 'profile')).toMatchObject({ status: 400, code: 'picture-refused' })
    picture = Buffer.alloc(3 * 1024 * 1024)
    expect(await upload(token, 'profile')).toMatchObject({ status: 413, code: 'too-large' })
    picture = real
    expect(await upload(token, 'profile', 'text/plain')).toMatchObject({ status: 415 })
    expect(await upload(token, 'elsewhere')).toMatchObject({ status: 400, code: 'invalid-request' })
    // A JPEG's label on a PNG is no reason to refuse it.
    expect(await upload(token, 'profile', 'image/jpeg')).toMatchObject({ status: 201 })
  })

  it('[AP9] staff see documents and approve; nobody else', async () => {
    const staffId = await server.addCustomer()
    await server.db.single.updateTable('account').set({ role: 'staff' }).where('id', '=', staffId).execute()
    const token = await server.signIn(staffId)
    const driverId = await server.addDriver({ isApproved: false })
    expect((await call('GET', `/drivers/${driverId}/documents`, { token })).body).toEqual({ licence: null })
    expect((await call('POST', `/drivers/${driverId}/approval`, { token })).status).toBe(204)
    const driver = await server.signIn(driverId)
    expect((await call('GET', '/me/application', { token: driver })).body).toMatchObject({ isApproved: true })
  })
})
