import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { APPLICATION_FILES, appendFile, JPEG, PNG } from '../../../test/pictures.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { createAccount, logIn } from '../../features/accounts/index.ts'
import { parseVehicle } from '../spelling.ts'

let server: LiveServer
beforeAll(async () => {
  server = await startLiveServer({ driverApproval: 'manual' })
})
afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.close()
})

const GIF = Buffer.from('GIF89a and so on')
const UNREADABLE = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
let count = 0
let token: string
let fields: Record<string, string>
beforeEach(async () => {
  token = await tokenOf('driver')
  fields = {
    first_name: ' Thandi ',
    last_name: "O'Neil-van der Merwe",
    physical_address: '12 Vilakazi Street',
    phone_number: `2782100${String(count).padStart(4, '0')}`,
    vehicle_registration: `CA ${String(count)}-456`,
    vehicle_type: 'bakkie',
    vehicle_load_capacity: '1.5',
  }
})

async function tokenOf(role: 'driver' | 'customer' | 'staff'): Promise<string> {
  const person = { role, email: `kyc.${++count}@example.org`, password: 'bakkie op pad' }
  await createAccount(server.platform, person)
  return (await logIn(server.platform, { ...person, clientAddress: '127.0.0.1' })).access
}

const isAddress = expect.stringMatching(/^\/media\/[0-9a-f]{32}\.jpg$/) as string
type Body = Record<string, unknown>
const URL_OF_KYC = '/auth/kyc-update/driver/'
async function put(body: BodyInit, headers: Record<string, string> = {}, path = URL_OF_KYC) {
  const response = await fetch(server.address + path, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { status: response.status, body: (await response.json()) as Body }
}
const formOf = (values: Record<string, string>, files = APPLICATION_FILES): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  for (const file of files) appendFile(form, ...file)
  return form
}
const get = () => server.request('GET', '/auth/driver/kyc/update', { token })

describe("the driver's application on the classic wire", () => {
  it('[CW17] [CW23] takes a form and answers the message, GET answers the fields', async () => {
    expect(await put(formOf(fields))).toEqual({
      status: 200,
      body: { message: 'Driver KYC updated successfully.' },
    })
    expect(await get()).toEqual({
      status: 200,
      body: {
        first_name: 'Thandi',
        last_name: "O'Neil-van der Merwe",
        physical_address: '12 Vilakazi Street',
        phone_number: `+2782100${String(count).padStart(4, '0')}`,
        profile_pic: isAddress,
        car_images: [isAddress, isAddress],
        vehicle_registration: `CA ${String(count)}-456`,
        vehicle_type: 'Bakkie',
        vehicle_load_capacity: 1.5,
        is_verified_by_admin: false,
      },
    })
  })

  it('[CW17] takes urlencoded at the older address, and refuses JSON by 415', async () => {
    await put(formOf(fields))
    expect((await put(new URLSearchParams(fields), {}, '/auth/driver/kyc/update')).status).toBe(200)
    expect(await put(JSON.stringify(fields), { 'content-type': 'application/json' })).toMatchObject({
      status: 415,
      body: { detail: 'Unsupported media type "application/json" in request.' },
    })
  })

  it('[CW17] before the first application GET answers nulls', async () => {
    expect((await get()).body).toMatchObject({
      first_name: null,
      vehicle_type: null,
      vehicle_load_capacity: null,
    })
  })

  it('[OP8] an upload that no form needs is not read to its end', async () => {
    const form = formOf(fields)
    form.append('other', new Blob([Buffer.alloc(13 * 1024 * 1024)]), 'large.jpg')
    expect(await put(form)).toMatchObject({ status: 413, body: { detail: 'The request body is too large.' } })
  })

  it('[CW18] [CW24] every missing field is told, pictures too, and names and address may wait', async () => {
    const required = ['This field is required.']
    const { status, body } = await put(formOf({ other: 'x' }, []))
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        phone_number: required,
        vehicle_registration: ['Vehicle registration is required.'],
        vehicle_type: required,
        vehicle_load_capacity: required,
        profile_pic: required,
        license_image: required,
        car_images: ['Please upload exactly 2 car images.'],
        message: 'phone_number: This field is required.',
      },
    })
  })

  it('[CW24] pictures that are there need not come again', async () => {
    await put(formOf(fields))
    const before = (await get()).body
    expect((await put(formOf({ ...fields, first_name: 'Nomsa' }, []))).status).toBe(200)
    expect((await get()).body).toEqual({ ...before, first_name: 'Nomsa' })
    expect((await put(formOf(fields, [['profile_pic', PNG, 'new.png']]))).status).toBe(200)
    const after = (await get()).body
    expect(after['profile_pic']).not.toBe(before['profile_pic'])
    expect(after['car_images']).toEqual(before['car_images'])
  })

  it.each([
    [{ first_name: 'R2D2' }, 'First name must contain only alphabetic characters.'],
    [{ last_name: '<b>' }, 'Last name must contain only alphabetic characters.'],
    [{ first_name: 'x'.repeat(51) }, 'Ensure this field has no more than 50 characters.'],
    [{ physical_address: '   ' }, 'Physical address cannot be empty.'],
    [{ phone_number: '2340000' }, 'Enter a valid phone number.'],
    [{ vehicle_registration: '' }, 'Vehicle registration is required.'],
    [{ vehicle_registration: 'CA\0' }, 'Null characters are not allowed.'],
    [{ vehicle_type: 'gold' }, '"gold" is not a valid choice.'],
    [{ vehicle_load_capacity: 'heavy' }, 'A valid number is required.'],
    [{ vehicle_load_capacity: 'NaN' }, 'A valid number is required.'],
    [{ vehicle_load_capacity: '0.4' }, 'Vehicle load capacity must be between 0.5 and 10 tons.'],
    [{ vehicle_load_capacity: '10.1' }, 'Vehicle load capacity must be between 0.5 and 10 tons.'],
  ])('[CW18] %j is told as a field error', async (wrong: Record<string, string>, text) => {
    const [field] = Object.keys(wrong)
    expect(await put(formOf({ ...fields, ...wrong }))).toEqual({
      status: 400,
      body: { [field!]: [text], message: `${field!}: ${text}` },
    })
    expect((await get()).body['vehicle_type']).toBeNull()
  })

  it('[CW18] a phone and a registration of another driver are told', async () => {
    await put(formOf(fields))
    token = await tokenOf('driver')
    expect((await put(formOf({ ...fields, vehicle_registration: 'XX 1' }))).body).toMatchObject({
      phone_number: ['Phone number is already registered.'],
    })
    expect((await put(formOf({ ...fields, phone_number: '+27837654321' }))).body).toMatchObject({
      vehicle_registration: ['Vehicle registration already exists.'],
    })
  })

  it.each([
    [['car_images'], [PNG], 'Please upload exactly 2 car images.'],
    [['car_images'], [PNG, PNG, JPEG], 'Please upload exactly 2 car images.'],
    [['car_images'], [PNG, Buffer.alloc(2_097_153)], 'Each car image must not exceed 2 MB.'],
    [['car_images'], [GIF, PNG], 'Car images must be in JPEG or PNG format.'],
    [['license_image'], [Buffer.alloc(2_097_153)], 'License image must not exceed 2 MB.'],
    [['license_image'], [GIF], 'License image must be in JPEG or PNG format.'],
    [['profile_pic'], [Buffer.alloc(2_097_153)], 'Profile picture size must not exceed 2 MB.'],
    [['profile_pic'], [GIF], 'Profile picture must be in JPEG or PNG format.'],
    [['profile_pic'], [Buffer.alloc(0)], UNREADABLE],
    [['profile_pic'], [JPEG.subarray(0, -40)], UNREADABLE],
  ])('[CW25] %j: a wrong picture is told, case %#', async ([field = ''], contents, text) => {
    const others = APPLICATION_FILES.filter(([name]) => name !== field)
    const files = contents.map((content) => [field, content, 'a.jpg'] as const)
    expect(await put(formOf(fields, [...others, ...files]))).toEqual({
      status: 400,
      body: { [field]: [text], message: `${field}: ${text}` },
    })
    expect((await get()).body['first_name']).toBeNull()
  })

  it('[CW25] all wrong pictures are told at once', async () => {
    const files = APPLICATION_FILES.map(([field]) => [field, GIF, 'a.jpg'] as const)
    const { body } = await put(formOf(fields, files))
    expect(Object.keys(body).sort()).toEqual(['car_images', 'license_image', 'message', 'profile_pic'])
  })

  it.each([
    ['MotorBike', 'motorbike'],
    ['motorbike', 'motorbike'],
    [' BAKKIE', 'bakkie'],
    ['1 ton Truck', 'truck-1t'],
    ['truck_1', 'truck-1t'],
    ['1_ton_truck', 'truck-1t'],
    ['truck_1.5', 'truck-1.5t'],
    ['1.5 TON TRUCK', 'truck-1.5t'],
    ['truck-8t', 'truck-8t'],
    ['3-ton truck', undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('[CW20] %j is %s', (word, expected) => expect(parseVehicle(word)).toBe(expected))

  it('[CW21] a customer is told there is no such driver, a stranger to sign in', async () => {
    token = await tokenOf('customer')
    const missing = { status: 404, body: { error: 'Driver not found.', message: 'Driver not found.' } }
    expect(await put(formOf(fields))).toEqual(missing)
    expect(await get()).toEqual(missing)
    token = 'nonsense'
    expect((await put(formOf(fields))).status).toBe(401)
  })
})
