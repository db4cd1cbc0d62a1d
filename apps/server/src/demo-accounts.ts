import { createAccount, hasAccounts, setBan } from './features/accounts/index.ts'
import { submitApplication, type ApplicationPictures } from './features/drivers/index.ts'
import type { DriverId } from './kernel/index.ts'
import type { Platform } from './platform/platform.ts'

export type DemoLogin = { readonly role: string; readonly email: string; readonly password: string }

// Known to everybody who reads this, so they are made on a developer's own machine only.
const PASSWORD = 'bakkie-on-demand'
const LOGINS: readonly DemoLogin[] = [
  { role: 'customer', email: 'customer@demo.toota.test', password: PASSWORD },
  { role: 'driver', email: 'driver@demo.toota.test', password: PASSWORD },
]

/** A PNG of one pixel. */
const pixel = (end: string): Buffer =>
  Buffer.from(
    `iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQIm${end}AAAABJRU5ErkJggg==`,
    'base64',
  )
/** Colours in place of a face, a licence and a vehicle. */
const PICTURES: ApplicationPictures = {
  profile: pixel('WOoirEDAAJoARXRIOi2'),
  licence: pixel('WN48eQWAAVeAqelmFGJ'),
  car: [pixel('WM4ESAHAAMaATeB2KcO'), pixel('WNY4CABAAJ8APmpAt9i')],
}

const EMAILS = LOGINS.map(({ email }) => email)

/** Where others can reach the server, accounts whose password is published must not work. Answers how many were shut. */
export const shutDemoAccounts = (platform: Platform): Promise<number> => setBan(platform, EMAILS, true)

/** A customer and an approved driver with a bakkie in an empty database, so that a stranger can look around at once. */
export async function seedDemoAccounts(platform: Platform): Promise<readonly DemoLogin[]> {
  if (await hasAccounts(platform.db.single)) {
    await setBan(platform, EMAILS, false)
    return []
  }
  await createAccount(platform, {
    role: 'customer',
    email: 'customer@demo.toota.test',
    password: PASSWORD,
    firstName: 'Thandi',
    lastName: 'Nkosi',
    phone: '+27821234567',
  })
  const driverId = await createAccount(platform, {
    role: 'driver',
    email: 'driver@demo.toota.test',
    password: PASSWORD,
  })
  const application = {
    firstName: 'Sipho',
    lastName: 'Dlamini',
    physicalAddress: '12 Vilakazi Street, Soweto',
    phone: '+27829876543',
    vehicleClass: 'bakkie',
    vehicleRegistration: 'DEMO 123 GP',
    loadCapacityKg: 1000,
  } as const
  await submitApplication(platform, driverId as DriverId, application, PICTURES)
  return LOGINS
}
