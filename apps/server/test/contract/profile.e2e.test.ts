import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldTexts, multipart, refusal, refused, whole } from './kit/http.ts'
import { join, keysOf, newPhone, type Person } from './kit/people.ts'
import { file, JPEG, noisyPng, PNG } from './kit/pictures.ts'
import { startServer, type Json, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const UPDATED = 'KYC update successful.'
const FIELDS = ['first_name', 'last_name', 'phone_number', 'physical_address', 'profile_pic']
const isUrl = expect.stringMatching(/^(https?:\/\/|\/)/) as string

const profileOf = async ({ access }: Person): Promise<Json> =>
  (await server.get('/auth/profile/user/', access)).body

describe.concurrent('§2.1 GET, PATCH /auth/profile/user/', () => {
  it('[CT2] §2.1 profile: exactly six fields, unset ones null, slash or not', async () => {
    const user = await join(server, 'user')
    for (const path of ['/auth/profile/user/', '/auth/profile/user'])
      expect(whole(await server.get(path, user.access))).toEqual({
        status: 200,
        body: {
          email: user.email,
          first_name: null,
          last_name: null,
          physical_address: null,
          phone_number: null,
          profile_pic: null,
        },
      })
  })

  it("[CT2] §2.1 profile: a driver's token works as well", async () => {
    const driver = await join(server, 'driver')
    expect(await profileOf(driver)).toMatchObject({ email: driver.email, first_name: null })
  })

  it('[CT2] §2.1 profile PATCH: any subset by JSON, form and multipart; email is ignored', async () => {
    const user = await join(server, 'user')
    const phone = newPhone()
    for (const request of [
      { json: { first_name: 'Thandi', email: 'other@example.org' } },
      { form: { last_name: 'Nkosi' } },
      { multipart: multipart({ physical_address: '3 Long Street', phone_number: phone }) },
      { json: {} },
    ])
      expect(
        whole(await server.call('PATCH', '/auth/profile/user/', { token: user.access, ...request })),
      ).toEqual({ status: 200, body: { message: 'Profile updated successfully.' } })
    expect(await profileOf(user)).toEqual({
      email: user.email,
      first_name: 'Thandi',
      last_name: 'Nkosi',
      physical_address: '3 Long Street',
      phone_number: phone,
      profile_pic: null,
    })
  })

  it('[CT2] §2.1 profile PATCH: field errors, and nothing is half-written', async () => {
    const user = await join(server, 'user')
    const patch = (json: object) => server.call('PATCH', '/auth/profile/user/', { token: user.access, json })
    expect(refusal(await patch({ first_name: 'x'.repeat(51), last_name: 'Nkosi' }))).toEqual(
      refused(400, { first_name: ['Ensure this field has no more than 50 characters.'] }),
    )
    expect(refusal(await patch({ phone_number: '12', last_name: 'Nkosi' }))).toEqual(
      refused(400, { phone_number: ['The phone number entered is not valid.'] }),
    )
    expect((await profileOf(user))['last_name']).toBeNull()
  })

  it('[CT2] §2.1 profile: 401 without a token', async () => {
    for (const method of ['GET', 'PATCH'])
      expect(refusal(await server.call(method, '/auth/profile/user/'))).toEqual(
        refused(401, { detail: 'Authentication credentials were not provided.' }),
      )
  })

  it('[CT2] §2.1 profile_pic is a URL that serves the picture (C-14)', async () => {
    const user = await join(server, 'user')
    const update = await server.call('PATCH', '/auth/profile/user/', {
      token: user.access,
      multipart: multipart({ profile_pic: file(PNG) }),
    })
    expect(update.status).toBe(200)
    const { profile_pic: url } = await profileOf(user)
    expect(url).toEqual(isUrl)
    const picture = await fetch(new URL(String(url), server.base))
    expect(picture.status).toBe(200)
    expect(picture.headers.get('content-type')).toMatch(/^image\/(png|jpeg|webp)$/)
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(50)
  })
})

describe.concurrent('§2.1 PUT, PATCH /auth/kyc-update/user/', () => {
  const update = (method: string, user: Person, fields: Parameters<typeof multipart>[0]) =>
    server.call(method, '/auth/kyc-update/user/', { token: user.access, multipart: multipart(fields) })

  it('[CT2] §2.1 kyc-update: PUT and PATCH answer the message and the five fields (C-5), slash or not, and the alias', async () => {
    const user = await join(server, 'user')
    const phone_number = newPhone()
    const fields = {
      first_name: 'Thandi',
      last_name: 'Nkosi',
      physical_address: '3 Long Street',
      phone_number,
      profile_pic: file(JPEG, 'me.jpeg', 'image/jpeg'),
    }
    for (const method of ['PUT', 'PATCH'])
      for (const path of ['/auth/kyc-update/user/', '/auth/kyc-update/user', '/auth/kyc-update/']) {
        const answer = await server.call(method, path, { token: user.access, multipart: multipart(fields) })
        expect(whole(answer)).toEqual({
          status: 200,
          body: { message: UPDATED, ...fields, profile_pic: isUrl },
        })
      }
    expect(keysOf(await profileOf(user))).toEqual([...FIELDS, 'email'].sort())
  })

  it('[CT2] §2.1 kyc-update: urlencoded works too', async () => {
    const user = await join(server, 'user')
    const answer = await server.call('PUT', '/auth/kyc-update/user/', {
      token: user.access,
      form: { first_name: 'Thandi', phone_number: newPhone() },
    })
    expect(answer).toMatchObject({ status: 200, body: { message: UPDATED, first_name: 'Thandi' } })
  })

  it('[CT2] §2.1 kyc-update: phone_number is required on PUT, optional on PATCH', async () => {
    const user = await join(server, 'user')
    expect(refusal(await update('PUT', user, { first_name: 'Thandi' }))).toEqual(
      refused(400, { phone_number: ['This field is required.'] }),
    )
    expect((await update('PATCH', user, { first_name: 'Thandi' })).status).toBe(200)
  })

  it("[CT2] §2.1 kyc-update: every field error in the original's words", async () => {
    const user = await join(server, 'user')
    for (const [field, value, text] of [
      ['first_name', 'Th4ndi', 'First name must contain only alphabetic characters.'],
      ['last_name', 'N<b>kosi', 'Last name must contain only alphabetic characters.'],
      ['first_name', 'x'.repeat(51), 'Ensure this field has no more than 50 characters.'],
      ['physical_address', '   ', 'Physical address cannot be empty.'],
      ['phone_number', 'nonsense', 'Enter a valid phone number.'],
      ['phone_number', '+27821', 'Enter a valid phone number.'],
    ] as const)
      expect(fieldTexts(await update('PATCH', user, { [field]: value }), field), value).toEqual([text])
  })

  it('[CT2] §2.1 kyc-update: what is no picture, too big or of another kind', async () => {
    const user = await join(server, 'user')
    const KIND = 'Profile picture must be in JPEG or PNG format.'
    const CORRUPT =
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
    for (const [picture, text] of [
      [file(await noisyPng(2.2)), 'Profile picture size must not exceed 2 MB.'],
      [file(JPEG, 'me.gif', 'image/gif'), KIND],
      [file('just words', 'me.png'), CORRUPT],
      [file(PNG.subarray(0, 40), 'me.png'), CORRUPT],
    ] as const)
      expect(fieldTexts(await update('PATCH', user, { profile_pic: picture }), 'profile_pic')).toEqual([text])
    expect((await profileOf(user))['profile_pic']).toBeNull()
  })

  it('[CT2] §2.1 kyc-update: a picture just under 2 MiB is taken', async () => {
    const user = await join(server, 'user')
    const { status } = await update('PATCH', user, { profile_pic: file(await noisyPng(1.9)) })
    expect(status).toBe(200)
  })

  it('[CT2] §2.1 kyc-update: 401 without a token', async () => {
    const answer = await server.call('PUT', '/auth/kyc-update/user/', {
      multipart: multipart({ first_name: 'Thandi' }),
    })
    expect(refusal(answer)).toEqual(refused(401, { detail: 'Authentication credentials were not provided.' }))
  })
})
