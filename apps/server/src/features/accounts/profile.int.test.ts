import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JPEG, PNG } from '../../../test/pictures.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { AccountId } from '../../kernel/index.ts'
import { keepPictures } from '../pictures/index.ts'
import { changeProfile, saveDetails, viewProfile } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(() => expect(world.faults).toEqual([]))

const change = (id: AccountId, changes: Parameters<typeof changeProfile>[2]) =>
  changeProfile(world.platform, id, changes)
const view = (id: AccountId) => viewProfile(world.platform, id)
const newsOf = async (id: AccountId) =>
  (await world.db.single.selectFrom('news').select('kind').where('account_id', '=', id).execute()).map(
    ({ kind }) => kind,
  )

describe('a profile', () => {
  it('[AC52] changes in what is given, and the change is told', async () => {
    const id = await world.addCustomer()
    const before = await view(id)
    await change(id, { lastName: 'O’Neil', physicalAddress: '3 Long Street' })
    expect(await view(id)).toEqual({ ...before, lastName: 'O’Neil', physicalAddress: '3 Long Street' })
    expect(await newsOf(id)).toEqual(['profile.changed'])
  })

  it('[AC52] changes not at all when a part of it is refused', async () => {
    const [id, other] = [await world.addDriver(), await world.addDriver()]
    const before = await view(id)
    const { phone } = await view(other)
    await expect(change(id, { firstName: 'New', profilePicture: JPEG.subarray(9) })).rejects.toMatchObject({
      code: 'picture-refused',
      details: { faults: { profile: 'not-an-image' } },
    })
    await expect(change(id, { firstName: 'New', profilePicture: PNG, phone: phone! })).rejects.toMatchObject({
      code: 'phone-taken',
    })
    expect(await view(id)).toEqual(before)
    expect(await newsOf(id)).toEqual([])
  })

  it('[AC53] has one picture, also when ten come at once', async () => {
    const id = await world.addCustomer()
    const kept = await Promise.all(
      Array.from({ length: 10 }, () => keepPictures(world.platform, id, { profile: PNG })),
    )
    await Promise.all(
      kept.map(({ profile }) =>
        world.db.transaction((tx) => saveDetails(tx, id, { profilePicture: profile })),
      ),
    )
    const inUse = await world.db.single
      .selectFrom('picture')
      .select('name')
      .where('account_id', '=', id)
      .where('attached_at', 'is not', null)
      .where('detached_at', 'is', null)
      .execute()
    expect(inUse).toEqual([{ name: (await view(id)).profilePicture }])
  })

  it('[AC54] of a customer may have the phone of another, of a driver not', async () => {
    const [customer, other] = [await world.addCustomer(), await world.addCustomer()]
    const [driver, rival] = [await world.addDriver(), await world.addDriver()]
    await change(customer, { phone: (await view(other)).phone! })
    await change(driver, { phone: (await view(driver)).phone! })
    await expect(change(driver, { phone: (await view(rival)).phone! })).rejects.toMatchObject({
      code: 'phone-taken',
    })
  })
})
