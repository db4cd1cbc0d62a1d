import { randomInt, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { multipart } from './http.ts'
import { file, JPEG, PNG } from './pictures.ts'
import type { Json, Server, TestSocket } from './server.ts'
import { claimsOf } from './tokens.ts'

export const PASSWORD = 'bakkie op pad'
export type Point = { readonly latitude: number; readonly longitude: number }

let places = 0
/** A spot in South Africa more than a search's width away from all others of this file, so that no two tests meet. */
export function newPlace(): Point {
  const place = places++ % 40
  return { latitude: -24 - Math.floor(place / 8) * 1.5, longitude: 20.0473 + (place % 8) * 1.5 }
}
/** An id that nobody has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000'
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export type WireRole = 'user' | 'driver'
export type Person = {
  readonly id: string
  readonly email: string
  readonly access: string
  readonly refresh: string
  readonly phone: string
}

export const newEmail = (word = 'somebody'): string => `${word}.${randomUUID().slice(0, 13)}@example.org`
/** A South African mobile number that nobody had yet. */
export const newPhone = (): string => `+2782${String(randomInt(1_000_000, 9_999_999))}`

/** Signed up and verified; no name yet, no phone. */
export async function join(server: Server, role: WireRole, email = newEmail(role)): Promise<Person> {
  expect(await server.post(`/auth/signup/${role}/`, { email, password: PASSWORD })).toMatchObject({
    status: 201,
  })
  const otp = await server.mail.takeCode(email)
  const { status, body } = await server.post('/auth/verify-email/', { email, otp })
  expect(status).toBe(200)
  const { access, refresh } = body as { access: string; refresh: string }
  return { id: String(claimsOf(access)['user_id']), email, access, refresh, phone: '' }
}

/** A customer with a name and a phone. */
export async function joinUser(server: Server): Promise<Person> {
  const person = await join(server, 'user')
  const phone = newPhone()
  const answer = await server.call('PUT', '/auth/kyc-update/user/', {
    token: person.access,
    form: { first_name: 'Thandi', last_name: 'Nkosi', phone_number: phone },
  })
  expect(answer.status, answer.text).toBe(200)
  return { ...person, phone }
}

/** What a driver submits; pictures included. */
export const application = (changes: Record<string, string> = {}) => ({
  first_name: 'Sipho',
  last_name: 'Dlamini',
  physical_address: '12 Vilakazi Street, Soweto',
  phone_number: newPhone(),
  vehicle_registration: `CT ${randomInt(100_000, 999_999)} GP`,
  vehicle_type: 'Bakkie',
  vehicle_load_capacity: '1.5',
  profile_pic: file(JPEG, 'me.jpg', 'image/jpeg'),
  license_image: file(PNG, 'licence.png'),
  car_images: [file(PNG, 'front.png'), file(JPEG, 'back.jpg', 'image/jpeg')],
  ...changes,
})

/** An approved driver, not online yet. */
export async function joinDriver(server: Server, changes: Record<string, string> = {}): Promise<Person> {
  const person = await join(server, 'driver')
  const fields = application(changes)
  const answer = await server.call('PUT', '/auth/kyc-update/driver/', {
    token: person.access,
    multipart: multipart(fields),
  })
  expect(answer.status, answer.text).toBe(200)
  return { ...person, phone: fields.phone_number }
}

/** The driver says where he is and hears it back; from now on he can be found. */
export async function goOnline(server: Server, driver: Person, at: Point): Promise<TestSocket> {
  const location = await server.socket('/ws/driver/location/', driver.access)
  location.send(at)
  expect(await location.next()).toMatchObject(at)
  return location
}

/** Leaves out what was only asked to be there. */
export const keysOf = (value: unknown): string[] => Object.keys(value as Json).sort()
