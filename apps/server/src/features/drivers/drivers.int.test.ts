import type { Role } from '@toota/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { APPLICATION_PICTURES } from '../../../test/pictures.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { AccountId, DriverId } from '../../kernel/index.ts'
import { listMail } from '../../platform/mail-table.ts'
import type { News } from '../../platform/news.ts'
import { createAccount } from '../accounts/index.ts'
import {
  approveDriver,
  findDriverCards,
  submitApplication,
  viewApplication,
  viewDocuments,
  type Application,
  type ApplicationPictures,
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
  submitApplication(under(mode), id, { ...application, ...change }, APPLICATION_PICTURES)
const isApproved = async () => (await findDriverCards(world.db.single, [driverId]))[0]?.isApproved
const refusal = (code: string) => expect.objectContaining({ code }) as unknown
const newsOf = () =>
  world.db.single.selectFrom('news').selectAll().where('account_id', '=', driverId).orderBy('seq').execute()

describe('an application', () => {
  it('[DR1] is saved with its mail and its news', async () => {
    await submit()
    expect(await viewApplication(world.platform, driverId)).toMatchObject({
      ...application,
      isApproved: false,
    })
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

describe('the pictures of an application', () => {
  const give = (pictures: ApplicationPictures, change: Partial<Application> = {}) =>
    submitApplication(world.platform, driverId, { ...application, ...change }, pictures)
  const view = async () => (await viewApplication(world.platform, driverId))!

  it('[DR12] are needed, and all that are missing are named', async () => {
    const { profile, licence, car } = APPLICATION_PICTURES
    for (const [given, missing] of [
      [{}, ['profile', 'licence', 'car']],
      [{ licence }, ['profile', 'car']],
      [{ profile, licence }, ['car']],
      [{ profile, car }, ['licence']],
    ] as const)
      await expect(give(given)).rejects.toMatchObject({ code: 'pictures-missing', details: { missing } })
    expect(await view()).toMatchObject({ phone: null, vehicleClass: null, profilePicture: null })
  })

  it('[DR13] stay until others come, then the old ones are given up', async () => {
    await give(APPLICATION_PICTURES)
    const first = await view()
    await give({}, { physicalAddress: '1 Long Street' })
    expect(await view()).toEqual({ ...first, physicalAddress: '1 Long Street' })
    await give(APPLICATION_PICTURES)
    const second = await view()
    const namesOf = (each: typeof first) => [each.profilePicture, each.licencePicture, ...each.carPictures]
    const rows = await world.db.single
      .selectFrom('picture')
      .select(['name', 'detached_at', 'is_private'])
      .where('account_id', '=', driverId)
      .execute()
    const gone = rows.filter((row) => row.detached_at !== null).map(({ name }) => name)
    expect(gone.sort()).toEqual(namesOf(first).sort())
    expect(rows).toHaveLength(8)
    const secret = rows.filter((row) => row.is_private).map(({ name }) => name)
    expect(secret.sort()).toEqual([first.licencePicture, second.licencePicture].sort())
  })

  it('[DR13] of two first applications at once one set is in use', async () => {
    await Promise.all([give(APPLICATION_PICTURES), give(APPLICATION_PICTURES)])
    const { profilePicture, licencePicture, carPictures } = await view()
    const inUse = await world.db.single
      .selectFrom('picture')
      .select('name')
      .where('account_id', '=', driverId)
      .where('detached_at', 'is', null)
      .execute()
    expect(inUse.map(({ name }) => name).sort()).toEqual(
      [profilePicture, licencePicture, ...carPictures].sort(),
    )
  })

  it('[DR14] are all judged before anything is saved', async () => {
    const car = [Buffer.from('GIF89a'), APPLICATION_PICTURES.car[1]] as const
    await expect(
      give({ profile: Buffer.alloc(9), licence: Buffer.alloc(3_000_000), car }),
    ).rejects.toMatchObject({
      code: 'picture-refused',
      details: { faults: { profile: 'not-an-image', licence: 'too-large', front: 'wrong-format' } },
    })
    expect(await view()).toMatchObject({ phone: null, vehicleClass: null, profilePicture: null })
  })

  it('[DR15] are on his card, but not the licence', async () => {
    await give(APPLICATION_PICTURES)
    const { profilePicture, licencePicture, carPictures } = await view()
    const [card] = await findDriverCards(world.db.single, [driverId])
    expect(card).toMatchObject({ profilePicture, carPicture: carPictures[0] })
    expect(JSON.stringify(card)).not.toContain(licencePicture)
  })

  it('[DR16] the licence is shown to him and to staff, and to nobody else', async () => {
    await give(APPLICATION_PICTURES)
    const { licencePicture } = await view()
    const as = (accountId: AccountId, role: Role) =>
      viewDocuments(world.platform, { accountId, role }, driverId)
    const other = await newDriver(`other.${email}`)
    for (const documents of [await as(driverId, 'driver'), await as(other, 'staff')])
      expect(documents.licence).toMatch(new RegExp(`^/media/private/${licencePicture!}\\?expires=`))
    for (const role of ['driver', 'customer'] as const)
      await expect(as(other, role)).rejects.toEqual(refusal('not-found'))
    const customer = (await world.addCustomer()) as AccountId as DriverId
    await expect(
      viewDocuments(world.platform, { accountId: other, role: 'staff' }, customer),
    ).rejects.toEqual(refusal('not-found'))
    expect(await viewDocuments(world.platform, { accountId: other, role: 'driver' }, other)).toEqual({
      licence: null,
    })
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
      profilePicture: expect.stringMatching(/^[0-9a-f]{32}\.jpg$/) as string,
      vehicleClass: 'truck-1.5t',
      carPicture: expect.stringMatching(/^[0-9a-f]{32}\.jpg$/) as string,
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
