import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldTexts, multipart, refusal, refused, whole } from './kit/http.ts'
import { application, join, joinDriver, newPhone, type Person } from './kit/people.ts'
import { file, JPEG, noisyPng, PNG } from './kit/pictures.ts'
import { startServer, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

const PATH = '/auth/kyc-update/driver/'
const submit = (
  who: Person,
  fields: Parameters<typeof multipart>[0],
  path = PATH,
): ReturnType<Server['call']> => server.call('PUT', path, { token: who.access, multipart: multipart(fields) })
const isUrl = expect.stringMatching(/^(https?:\/\/|\/)/) as string

describe.concurrent('§2.1 PUT, GET /auth/kyc-update/driver/', () => {
  it('[CT2] §2.1 driver KYC: 200 with the message, slash or not, and the alias', async () => {
    for (const path of [PATH, PATH.slice(0, -1), '/auth/driver/kyc/update/']) {
      const who = await join(server, 'driver')
      expect(whole(await submit(who, application(), path))).toEqual({
        status: 200,
        body: { message: 'Driver KYC updated successfully.' },
      })
    }
  })

  it('[CT2] §2.1 driver KYC: a mail "Driver KYC Application Submitted"', async () => {
    const { email } = await joinDriver(server)
    expect(await server.mail.take(email)).toMatchObject({
      subject: 'Driver KYC Application Submitted',
      from: 'toota@example.org',
    })
  })

  it('[CT2] §2.1 driver KYC: GET answers the same fields, two car pictures and no licence', async () => {
    const who = await join(server, 'driver')
    const sent = application()
    await submit(who, sent)
    for (const path of [PATH, PATH.slice(0, -1), '/auth/driver/kyc/update/']) {
      const answer = await server.get(path, who.access)
      expect(answer.status).toBe(200)
      expect(answer.body).toMatchObject({
        first_name: 'Sipho',
        last_name: 'Dlamini',
        physical_address: '12 Vilakazi Street, Soweto',
        phone_number: sent.phone_number,
        profile_pic: isUrl,
        car_images: [isUrl, isUrl],
        vehicle_registration: sent.vehicle_registration,
        vehicle_type: 'Bakkie',
        vehicle_load_capacity: 1.5,
      })
      expect(answer.body).not.toHaveProperty('license_image')
      expect(answer.body).not.toHaveProperty('message')
    }
  })

  it('[CT2] §2.1 driver KYC: each missing field', async () => {
    const driver = await join(server, 'driver')
    const answer = await submit(driver, { first_name: 'Sipho' })
    const required = ['This field is required.']
    for (const field of [
      'phone_number',
      'vehicle_type',
      'vehicle_load_capacity',
      'profile_pic',
      'license_image',
    ])
      expect(fieldTexts(answer, field), field).toEqual(required)
    expect(fieldTexts(answer, 'vehicle_registration')).toEqual(['Vehicle registration is required.'])
    expect(fieldTexts(answer, 'car_images')).toEqual(['Please upload exactly 2 car images.'])
  })

  it('[CT2] §2.1 driver KYC: exactly two car pictures', async () => {
    const driver = await join(server, 'driver')
    for (const count of [1, 3])
      expect(
        fieldTexts(
          await submit(driver, {
            ...application(),
            car_images: Array.from({ length: count }, () => file(PNG)),
          }),
          'car_images',
        ),
      ).toEqual(['Please upload exactly 2 car images.'])
  })

  it('[CT2] §2.1 driver KYC: each picture too big or of another kind', async () => {
    const driver = await join(server, 'driver')
    const big = file(await noisyPng(2.2))
    const gif = file(JPEG, 'picture.gif', 'image/gif')
    for (const [field, value, text] of [
      ['profile_pic', big, 'Profile picture size must not exceed 2 MB.'],
      ['profile_pic', gif, 'Profile picture must be in JPEG or PNG format.'],
      ['license_image', big, 'License image must not exceed 2 MB.'],
      ['license_image', gif, 'License image must be in JPEG or PNG format.'],
      ['car_images', [file(PNG), big], 'Each car image must not exceed 2 MB.'],
      ['car_images', [gif, file(PNG)], 'Car images must be in JPEG or PNG format.'],
    ] as const)
      expect(fieldTexts(await submit(driver, { ...application(), [field]: value }), field)).toEqual([text])
  })

  it('[CT2] §2.1 driver KYC: names, address and phone as for customers', async () => {
    const driver = await join(server, 'driver')
    for (const [field, value, text] of [
      ['first_name', 'S1pho', 'First name must contain only alphabetic characters.'],
      ['last_name', 'D_lamini', 'Last name must contain only alphabetic characters.'],
      ['physical_address', ' ', 'Physical address cannot be empty.'],
      ['phone_number', '123', 'Enter a valid phone number.'],
    ] as const)
      expect(fieldTexts(await submit(driver, application({ [field]: value })), field)).toEqual([text])
  })

  it("[CT2] §2.1 driver KYC: the vehicle's class and load", async () => {
    const driver = await join(server, 'driver')
    expect(fieldTexts(await submit(driver, application({ vehicle_type: 'Van' })), 'vehicle_type')).toEqual([
      '"Van" is not a valid choice.',
    ])
    for (const tons of ['0.4', '10.1', '-1'])
      expect(
        fieldTexts(
          await submit(driver, application({ vehicle_load_capacity: tons })),
          'vehicle_load_capacity',
        ),
      ).toEqual(['Vehicle load capacity must be between 0.5 and 10 tons.'])
    expect(
      fieldTexts(
        await submit(driver, application({ vehicle_load_capacity: 'much' })),
        'vehicle_load_capacity',
      ),
    ).toEqual(['A valid number is required.'])
  })

  it('[CT2] §2.1 driver KYC: phone and registration belong to one driver', async () => {
    const driver = await join(server, 'driver')
    const first = await joinDriver(server)
    const registration = String((await server.get(PATH, first.access)).body['vehicle_registration'])
    expect(
      fieldTexts(await submit(driver, application({ phone_number: first.phone })), 'phone_number'),
    ).toEqual(['Phone number is already registered.'])
    expect(
      fieldTexts(
        await submit(driver, application({ vehicle_registration: registration })),
        'vehicle_registration',
      ),
    ).toEqual(['Vehicle registration already exists.'])
    // His own may be sent again.
    const again = application({ phone_number: first.phone, vehicle_registration: registration })
    expect((await submit(first, again)).status).toBe(200)
  })

  it('[CT2] §2.1 driver KYC: JSON is 415', async () => {
    const driver = await join(server, 'driver')
    const answer = await server.call('PUT', PATH, { token: driver.access, json: { first_name: 'Sipho' } })
    expect(refusal(answer)).toEqual(
      refused(415, { detail: 'Unsupported media type "application/json" in request.' }),
    )
  })

  it('[CT2] §2.1 driver KYC: 401 for nobody, 403 or 404 "Driver not found." for a customer', async () => {
    const user = await join(server, 'user')
    for (const answer of [await submit(user, application()), await server.get(PATH, user.access)]) {
      expect([403, 404]).toContain(answer.status)
      expect(refusal(answer).body).toEqual({ error: 'Driver not found.' })
    }
    expect((await server.get(PATH)).status).toBe(401)
    expect(
      (await server.call('PUT', PATH, { multipart: multipart({ phone_number: newPhone() }) })).status,
    ).toBe(401)
  })
})
