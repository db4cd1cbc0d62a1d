import { createToota, type Toota, type TootaOptions } from '@toota/sdk'
import { WebSocket } from 'ws'
import { JOHANNESBURG } from '../people.ts'
import { PNG } from '../pictures.ts'

export const PASSWORD = 'bakkie op pad'
type Address = { readonly address: string }

/** The newest code that was mailed to this address. */
export async function codeFor({ address }: Address, email: string): Promise<string> {
  const response = await fetch(`${address}/dev/mail?to=${encodeURIComponent(email)}`, {
    headers: { accept: 'application/json' },
  })
  const { mails } = (await response.json()) as { mails: { body: string }[] }
  return /is: (\d{4,6})/.exec(mails[0]?.body ?? '')?.[1] ?? ''
}

let people = 0

/** Somebody who signed up and in. */
export async function join(
  server: Address,
  role: 'customer' | 'driver',
  options: Partial<TootaOptions> = {},
): Promise<{ toota: Toota; email: string }> {
  const toota = createToota({ baseUrl: server.address, WebSocket, ...options })
  const email = `${role}-${++people}@example.com`
  await toota.account.signUp({ role, email, password: PASSWORD })
  await toota.account.verify({ role, email, code: await codeFor(server, email), password: PASSWORD })
  return { toota, email }
}

/** A driver at work in Johannesburg: applied, approved and connected. */
export async function joinAsDriver(server: Address, options: Partial<TootaOptions> = {}): Promise<Toota> {
  const { toota } = await joinAsApplicant(server, options)
  await toota.live.connect()
  toota.live.reportPosition(JOHANNESBURG)
  return toota
}

/** A driver who has applied and is approved, and is not at work yet. */
export async function joinAsApplicant(
  server: Address,
  options: Partial<TootaOptions> = {},
): Promise<{ toota: Toota; email: string }> {
  const { toota, email } = await join(server, 'driver', options)
  const picture = new Blob([new Uint8Array(PNG)], { type: 'image/png' })
  const upload = (place: 'profile' | 'licence' | 'car-front' | 'car-back') =>
    toota.account.uploadPicture(place, picture)
  await toota.driving.apply({
    firstName: 'Sipho',
    lastName: "N'Dlamini",
    phone: `08255500${String(people).padStart(2, '0')}`,
    vehicleClass: 'bakkie',
    vehicleRegistration: `ND ${people} GP`,
    loadCapacityKg: 800,
    pictures: {
      profile: await upload('profile'),
      licence: await upload('licence'),
      carFront: await upload('car-front'),
      carBack: await upload('car-back'),
    },
  })
  return { toota, email }
}
