import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import type { DriverId } from '../../kernel/index.ts'
import { listMail } from '../../platform/mail-table.ts'
import type { News } from '../../platform/news.ts'
import { createAccount } from '../accounts/index.ts'
import {
  approveDriver,
  findDriverCards,
  submitApplication,
  viewApplication,
  type Application,
} from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(() => expect(world.faults).toEqual([]))

let count = 0
let email: string
let driverId: DriverId
let application: Application
beforeEach(async () => {
  email = `Sipho.${++count}@Example.org`
  driverId = await newDriver(email)
  application = {
    firstName: 'Sipho',
    lastName: 'van der Merwe',
    physicalAddress: '12 Vilakazi Street, Soweto',
    phone: `+2782100${String(count).padStart(4, '0')}`,
    vehicleClass: 'truck-1.5t',
    vehicleRegistration: `CA ${String(count)}-456`,
    loadCapacityKg: 1500,
  }
})

const newDriver = async (address: string) =>
  (await createAccount(world.platform, {
    role: 'driver',
    email: address,
    password: 'bakkie op pad',
  })) as DriverId
const under = (driverApproval: 'manual' | 'auto') => ({
  ...world.platform,
  settings: { ...world.platform.settings, driverApproval },
})
const submit = (change: Partial<Application> = {}, mode: 'manual' | 'auto' = 'manual', id = driverId) =>
  submitApplication(under(mode), id, { ...application, ...change })
const isApproved = async () => (await findDriverCards(world.db.single, [driverId]))[0]?.isApproved
const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const newsOf = () =>
  world.db.single.selectFrom('news').selectAll().where('account_id', '=', driverId).orderBy('seq').execute()

describe('an application', () => {
  it('[DR1] is saved with its mail and its news', async () => {
    await submit()
    expect(await viewApplication(world.platform, driverId)).toEqual({ ...application, isApproved: false })
    const mails = await listMail(world.db, { to: email, limit: 5 })
    expect(mails).toMatchObject([{ to: email, subject: 'Driver KYC Application Submitted' }])
    expect(await newsOf()).toMatchObject([{ kind: 'driver.changed', data: { approval: 'pending' } }])
  })

  it('[DR1] leaves nothing when any part of it is refused', async () => {
    await submit({}, 'manual', await newDriver(`first.${email}`))
    await expect(submit({ phone: '+27829999999' })).rejects.toEqual(refusal('registration-taken'))
    expect(await viewApplication(world.platform, driverId)).toMatchObject({ phone: null, vehicleClass: null })
    expect(await listMail(world.db, { to: email, limit: 5 })).toEqual([])
    expect(await newsOf()).toEqual([])
  })

  it('[DR2] is approved at once in auto and waits in manual', async () => {
    await submit({}, 'manual')
    expect(await isApproved()).toBe(false)
    await submit({}, 'auto')
    expect(await isApproved()).toBe(true)
  })

  it.each([
    ['the same again', {}, true],
    ['the registration written otherwise', { vehicleRegistration: 'other' }, true],
    ['another capacity', { loadCapacityKg: 900 }, true],
    ['another address', { physicalAddress: '1 Long Street' }, true],
    ['another class', { vehicleClass: 'bakkie' as const }, false],
    ['another registration', { vehicleRegistration: 'ND 1' }, false],
  ])(
    '[DR3] after an approval, %s keeps or drops it',
    async (_what, change: Partial<Application>, expected) => {
      await submit()
      await approveDriver(world.platform, driverId, 'operator')
      const written = { vehicleRegistration: ` ca${String(count)} -456`.toUpperCase() }
      await submit(change.vehicleRegistration === 'other' ? written : change)
      expect(await isApproved()).toBe(expected)
    },
  )

  it('[DR4] with a phone of another driver is refused, also at once', async () => {
    const others = await Promise.all([1, 2, 3, 4].map((n) => newDriver(`p${n}.${email}`)))
    const results = await Promise.allSettled(
      others.map((id, n) => submit({ vehicleRegistration: `PX ${count} ${n}` }, 'manual', id)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(submit({ vehicleRegistration: `PX ${count} Z` })).rejects.toEqual(refusal('phone-taken'))
  })

  it('[DR5] with a registration of another driver is refused in any writing', async () => {
    await submit({}, 'manual', await newDriver(`first.${email}`))
    const written = application.vehicleRegistration.toLowerCase().replaceAll(' ', '')
    const attempt = submit({ vehicleRegistration: written, phone: '+27829999998' })
    await expect(attempt).rejects.toEqual(refusal('registration-taken'))
  })
})

describe('approving', () => {
  it('[DR8] works by address in any case and by id, and a listening server is told', async () => {
    await submit()
    const told: News[] = []
    const stop = await world.news.listen(driverId, (news) => told.push(news))
    expect(await approveDriver(world.platform, email.toUpperCase(), 'operator')).toBe(driverId)
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['driver.approved'])
    expect(await isApproved()).toBe(true)
    expect(await approveDriver(world.platform, driverId, 'operator')).toBe(driverId)
    expect(await newsOf()).toHaveLength(2)
    stop()
  })

  it('[DR9] refuses who has not applied, a customer and an unknown', async () => {
    const customer = await world.addCustomer()
    for (const who of [email, driverId, customer, 'nobody@example.org', 'nonsense'])
      await expect(approveDriver(world.platform, who, 'operator')).rejects.toEqual(refusal('not-found'))
    expect(await findDriverCards(world.db.single, [driverId])).toMatchObject([
      { isApproved: false, vehicleClass: null },
    ])
  })
})

describe('a driver card', () => {
  it('[DR10] has the names, or the local part of the address, and no rating yet', async () => {
    await submit()
    const [card] = await findDriverCards(world.db.single, [driverId])
    expect(card).toEqual({
      id: driverId,
      email,
      name: 'Sipho van der Merwe',
      firstName: 'Sipho',
      lastName: 'van der Merwe',
      phone: application.phone,
      profilePicture: null,
      vehicleClass: 'truck-1.5t',
      carPicture: null,
      isApproved: false,
      rating: 0,
      tripsCompleted: 0,
    })
    await world.db.single
      .updateTable('account')
      .set({ first_name: null, last_name: null })
      .where('id', '=', driverId)
      .execute()
    expect((await findDriverCards(world.db.single, [driverId]))[0]?.name).toBe(`Sipho.${count}`)
  })

  it('[DR11] of a banned driver is not approved', async () => {
    await submit({}, 'auto')
    await world.db.single
      .updateTable('account')
      .set({ banned_at: new Date() })
      .where('id', '=', driverId)
      .execute()
    expect(await isApproved()).toBe(false)
  })
})
