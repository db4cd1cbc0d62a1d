import { APPLICATION_FILES } from '../pictures.ts'
import type { Ack } from './acks.ts'
import { Gone, type Wire } from './wire.ts'

export type Role = 'user' | 'driver'
export type Member = {
  readonly role: Role
  readonly id: string
  readonly email: string
  readonly token: string
}
type Papers = { readonly email: string; readonly phone: string; readonly registration: string }
type Note = (ack: Ack) => void

export const PASSWORD = 'a-bakkie-for-two-sofas'
const MAIL_LOOKS = 200

/** Signs up, verifies with the code from the outbox and logs in. */
export async function enrol(wire: Wire, note: Note, role: Role, email: string): Promise<Member> {
  const signedUp = await wire.call('POST', `/auth/signup/${role}/`, { json: { email, password: PASSWORD } })
  expectStatus(201, signedUp)
  note({ what: 'signed-up', email })
  const otp = await codeFor(wire, email)
  expectStatus(200, await wire.call('POST', '/auth/verify-email/', { json: { email, otp } }))
  note({ what: 'verified', email })
  const token = await logIn(wire, role, email)
  return { role, id: accountIdIn(token), email, token }
}

/** @throws Error when the login is refused */
export async function logIn(wire: Wire, role: Role, email: string): Promise<string> {
  const answer = await wire.call('POST', `/auth/login/${role}/`, { json: { email, password: PASSWORD } })
  expectStatus(200, answer)
  return String(answer.body['access'])
}

/** A driver of a bakkie, approved at once since the server runs in DEBUG. */
export async function enrolDriver(wire: Wire, note: Note, papers: Papers): Promise<Member> {
  const member = await enrol(wire, note, 'driver', papers.email)
  const form = {
    first_name: 'Dumisani',
    last_name: 'Nkosi',
    physical_address: '12 Commissioner Street, Johannesburg',
    phone_number: papers.phone,
    vehicle_registration: papers.registration,
    vehicle_type: 'Bakkie',
    vehicle_load_capacity: '1',
  }
  const request = { token: member.token, form, files: APPLICATION_FILES }
  expectStatus(200, await wire.call('PUT', '/auth/kyc-update/driver/', request))
  note({ what: 'applied', email: member.email })
  return member
}

/** People who keep signing up, so that a kill finds a sign-up at every stage. */
export async function keepEnrolling(
  wire: Wire,
  note: Note,
  isOver: () => boolean,
  newEmail: () => string,
): Promise<void> {
  while (!isOver()) await enrol(wire, note, 'user', newEmail())
}

async function codeFor(wire: Wire, email: string): Promise<string> {
  for (let look = 0; look < MAIL_LOOKS; look++) {
    const { body } = await wire.call('GET', `/dev/mail?to=${encodeURIComponent(email)}`)
    const [mail] = body['mails'] as { body: string | null }[]
    const code = /verification is: (\d{4})\b/.exec(mail?.body ?? '')?.[1]
    if (code !== undefined) return code
  }
  throw new Gone(`no code for ${email}`)
}

function expectStatus(status: number, answer: { status: number; body: unknown }): void {
  if (answer.status !== status) throw new Error(`HTTP ${answer.status}: ${JSON.stringify(answer.body)}`)
}

const accountIdIn = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { user_id: string })
    .user_id
