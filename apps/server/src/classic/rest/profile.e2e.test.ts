import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { appendFile, JPEG, PNG } from '../../../test/pictures.ts'
import type { CustomerId } from '../../kernel/index.ts'

let server: LiveServer
beforeAll(async () => {
  server = await startLiveServer()
})
afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.close()
})

let customer: CustomerId
let token: string
beforeEach(async () => {
  customer = await server.addCustomer()
  token = await server.signIn(customer)
})

type Body = Record<string, unknown>
const isAddress = expect.stringMatching(/^\/media\/[0-9a-f]{32}\.jpg$/) as string
const UNREADABLE = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'

const view = async () => (await server.request('GET', '/auth/profile/user', { token })).body
async function send(method: string, path: string, body: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(server.address + path, {
    method,
    body,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { status: response.status, body: (await response.json()) as Body }
}
const formOf = (fields: Record<string, string>, picture?: Buffer, name = 'me.jpg'): FormData => {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  if (picture) appendFile(form, 'profile_pic', picture, name)
  return form
}
const patch = (body: BodyInit) => send('PATCH', '/auth/profile/user/', body)
const patchJson = (body: object) => server.request('PATCH', '/auth/profile/user/', { token, body })
const kyc = (method: string, body: BodyInit, path = '/auth/kyc-update/user/') => send(method, path, body)
const refusedFor = (field: string, text: string) => ({
  status: 400,
  body: { [field]: [text], message: `${field}: ${text}` },
})

describe('the profile', () => {
  it('[CW26] shows the six keys to customers and drivers, and to nobody else', async () => {
    const { phone_number: phone, ...rest } = await view()
    expect(phone).toMatch(/^\+27/)
    expect(rest).toEqual({
      email: `customer-${customer}@example.org`,
      first_name: 'Thandi',
      last_name: 'Nkosi',
      physical_address: null,
      profile_pic: null,
    })
    token = await server.signIn(await server.addApplicant())
    expect(await view()).toMatchObject({ first_name: null, last_name: null, profile_pic: null })
    expect((await server.request('GET', '/auth/profile/user/')).status).toBe(401)
  })

  it('[CW27] changes by JSON, form and multipart, and only in what is given', async () => {
    const before = await view()
    const updated = { status: 200, body: { message: 'Profile updated successfully.' } }
    expect(await patchJson({ first_name: 'Nomsa', email: 'other@example.org' })).toEqual(updated)
    expect(await patch(new URLSearchParams({ last_name: 'van der Merwe' }))).toEqual(updated)
    const form = formOf({ physical_address: '3 Long Street', unknown: 'x' }, PNG)
    appendFile(form, 'surprise', Buffer.from('<?php'), 'shell.php')
    expect(await patch(form)).toEqual(updated)
    expect(await patchJson({})).toEqual(updated)
    expect(await view()).toEqual({
      ...before,
      first_name: 'Nomsa',
      last_name: 'van der Merwe',
      physical_address: '3 Long Street',
      profile_pic: isAddress,
    })
  })

  it('[CW27] is changed by a driver too', async () => {
    token = await server.signIn(await server.addDriver())
    expect((await patch(formOf({ first_name: 'Sipho' }, JPEG))).status).toBe(200)
    expect(await view()).toMatchObject({ first_name: 'Sipho', profile_pic: isAddress })
  })

  it.each([
    ['first_name', 'x'.repeat(51), 'Ensure this field has no more than 50 characters.'],
    ['first_name', 'R2D2', 'First name must contain only alphabetic characters.'],
    ['last_name', '<b>', 'Last name must contain only alphabetic characters.'],
    ['last_name', 'Nko\0si', 'Null characters are not allowed.'],
    ['physical_address', '   ', 'Physical address cannot be empty.'],
    ['physical_address', '\0', 'Null characters are not allowed.'],
    ['phone_number', '12', 'The phone number entered is not valid.'],
    ['profile_pic', 'me.jpg', 'The submitted data was not a file. Check the encoding type on the form.'],
  ])('[CW29] %s %j is refused in words, and nothing is written', async (field, value, text) => {
    const before = await view()
    expect(await patchJson({ first_name: 'New', [field]: value })).toEqual(refusedFor(field, text))
    expect(await view()).toEqual(before)
  })

  it('[CW31] sent back as it was read keeps its picture', async () => {
    await patch(formOf({}, PNG))
    const before = await view()
    for (const profile_pic of [before['profile_pic'], null, ''])
      expect((await patchJson({ first_name: 'Nomsa', profile_pic })).status).toBe(200)
    expect(await view()).toEqual({ ...before, first_name: 'Nomsa' })
  })
})

describe("a customer's KYC", () => {
  it('[CW28] answers the message and the fields to both verbs, at both addresses', async () => {
    for (const [method, path] of [
      ['PUT', '/auth/kyc-update/user/'],
      ['PATCH', '/auth/kyc-update/user'],
      ['PUT', '/auth/kyc-update/'],
      ['PATCH', '/auth/kyc-update'],
    ] as const)
      expect(
        await kyc(method, formOf({ first_name: 'Nomsa', phone_number: '27831234567' }, PNG), path),
      ).toEqual({
        status: 200,
        body: {
          message: 'KYC update successful.',
          first_name: 'Nomsa',
          last_name: 'Nkosi',
          physical_address: null,
          phone_number: '+27831234567',
          profile_pic: isAddress,
        },
      })
  })

  it('[CW28] takes no JSON, and needs the phone for PUT alone', async () => {
    for (const method of ['PUT', 'PATCH'])
      expect(
        await send(method, '/auth/kyc-update/user/', '{}', { 'content-type': 'application/json' }),
      ).toMatchObject({
        status: 415,
        body: { detail: 'Unsupported media type "application/json" in request.' },
      })
    const words = new URLSearchParams({ first_name: 'Nomsa' })
    expect(await kyc('PUT', words)).toEqual(refusedFor('phone_number', 'This field is required.'))
    expect((await kyc('PATCH', words)).status).toBe(200)
  })

  it.each([
    [Buffer.alloc(2_097_153), 'me.jpg', 'Profile picture size must not exceed 2 MB.'],
    [Buffer.alloc(5_000_000), 'me.jpg', 'Profile picture size must not exceed 2 MB.'],
    [Buffer.from('GIF89a…'), 'me.jpg', 'Profile picture must be in JPEG or PNG format.'],
    [JPEG, 'me.gif', 'Profile picture must be in JPEG or PNG format.'],
    [JPEG, 'a.jpg%00.php', 'Profile picture must be in JPEG or PNG format.'],
    [Buffer.from('just words'), 'me.png', UNREADABLE],
    [PNG.subarray(0, 40), 'me.png', UNREADABLE],
    [Buffer.alloc(0), 'me.png', UNREADABLE],
  ])('[CW29] [CW30] a wrong picture is told, case %#', async (picture, name, text) => {
    const before = await view()
    expect(await kyc('PATCH', formOf({ first_name: 'New' }, picture, name))).toEqual(
      refusedFor('profile_pic', text),
    )
    expect(await view()).toEqual(before)
  })

  it('[CW30] a PNG called JPEG, a JPEG called PNG and one without a name ending are taken', async () => {
    for (const [picture, name] of [
      [PNG, 'me.jpg'],
      [JPEG, 'ME.PNG'],
      [JPEG, 'blob'],
      [PNG, '../../../etc/passwd.jpeg'],
    ] as const)
      expect((await kyc('PATCH', formOf({}, picture, name))).status).toBe(200)
  })

  it('[CW33] uploads that break off give their places to those that wait', async () => {
    const stuck = await Promise.all(Array.from({ length: 10 }, () => startUpload()))
    let waiting = kyc('PATCH', formOf({ first_name: 'Late' }, PNG))
    try {
      // Some heads may still be on their way to the server.
      for (let tries = 0; (await Promise.race([waiting, pause(500, 'waits')])) !== 'waits'; tries++) {
        expect(tries).toBeLessThan(20)
        waiting = kyc('PATCH', formOf({ first_name: 'Late' }, PNG))
      }
    } finally {
      for (const each of stuck) each.destroy()
    }
    expect((await waiting).status).toBe(200)
  })

  /** Sends the head of a form and then nothing. */
  async function startUpload(): Promise<Socket> {
    const { hostname, port } = new URL(server.address)
    const socket = connect(Number(port), hostname)
    await new Promise((open) => socket.once('connect', open))
    socket.write(
      [
        'PATCH /auth/kyc-update/user/ HTTP/1.1',
        'host: localhost',
        `authorization: Bearer ${token}`,
        'content-type: multipart/form-data; boundary=xx',
        'content-length: 100000',
        '',
        '--xx\r\ncontent-disposition: form-data; name="profile_pic"; filename="a.jpg"\r\n\r\nhalf a picture',
      ].join('\r\n'),
    )
    return socket
  }
})

describe('a picture on the wire', () => {
  it('[PI14] is a JPEG for everybody that runs and loads nothing', async () => {
    await patch(formOf({}, PNG))
    const response = await fetch(server.address + String((await view())['profile_pic']))
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
    })
    const { format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
    expect(format).toBe('jpeg')
  })

  it('[PI16] is not there under any other name', async () => {
    for (const name of [
      '',
      'x.jpg',
      `${'0'.repeat(32)}.jpg`,
      '..%2f..%2fsecret-key',
      '%00',
      '..%5csecret',
      'private',
    ])
      expect((await fetch(`${server.address}/media/${name}`)).status, name).toBe(404)
  })

  it('[CW32] [AC52] is shown in searches and to followers, as soon as it changes', async () => {
    const driver = await server.addDriver()
    const location = await server.connect('/ws/driver/location/', await server.signIn(driver))
    location.send({ latitude: -26.2, longitude: 28.05 })
    await location.next()
    const customersToken = token
    token = await server.signIn(driver)
    await patch(formOf({}, JPEG))
    const address = (await view())['profile_pic']
    expect(address).toEqual(isAddress)
    await expect
      .poll(async () => {
        const { body } = await server.request('GET', '/trip/find-driver/', { token: customersToken })
        return (body['drivers'] as Body[]).find(({ id }) => id === driver)?.['profile_pic']
      })
      .toBe(address)
    const follower = await server.connect(`/ws/trips/user/location/${driver}/`, customersToken)
    expect(await follower.next()).toMatchObject({ driver_details: { profile_pic: address, car_image: null } })
  })
})
