import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { JPEG, PNG } from '../../../test/pictures.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { CustomerId } from '../../kernel/index.ts'
import type { Blobs } from '../../platform/blobs.ts'
import { changeProfile, viewProfile } from '../accounts/index.ts'
import { discardPictures, keepPictures, readPicture, replacePictures } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
afterEach(() => expect(world.faults).toEqual([]))

let customer: CustomerId
beforeEach(async () => {
  customer = await world.addCustomer()
  await world.db.single.updateTable('account').set({ profile_picture: null }).execute()
  await world.db.single.deleteFrom('picture').execute()
})

const keep = async (): Promise<string> => {
  const { profile } = await keepPictures(world.platform, customer, { profile: PNG })
  return profile!
}
const attach = (now: string[], before: string[] = []) =>
  world.db.transaction((tx) => replacePictures(tx, customer, { now, before }))
/** Lets time go by for all pictures. */
const wait = async (minutes: number): Promise<void> => {
  for (const each of await rows())
    await world.db.single
      .updateTable('picture')
      .set({
        created_at: earlier(each.created_at, minutes),
        detached_at: each.detached_at && earlier(each.detached_at, minutes),
        removal_began_at: each.removal_began_at && earlier(each.removal_began_at, minutes),
      })
      .where('name', '=', each.name)
      .execute()
}
const earlier = (time: Date, minutes: number) => new Date(time.getTime() - minutes * 60_000)
const rows = () => world.db.single.selectFrom('picture').selectAll().execute()
const names = async () => (await rows()).map(({ name }) => name).sort()
const isKept = async (name: string) => (await world.platform.blobs.get(name)) !== undefined
const dying = (at: keyof Blobs): typeof world.platform => ({
  ...world.platform,
  blobs: { ...world.platform.blobs, [at]: () => Promise.reject(new Error('killed')) },
})

describe('the life of a picture', () => {
  it('[PI11] never attached, it goes after an hour, blob and row', async () => {
    const name = await keep()
    await wait(59)
    await discardPictures(world.platform)
    expect(await isKept(name)).toBe(true)
    await wait(2)
    await discardPictures(world.platform)
    expect(await isKept(name)).toBe(false)
    expect(await names()).toEqual([])
  })

  it('[PI11] in use it stays for ever, replaced it goes after an hour', async () => {
    const [first, second] = [await keep(), await keep()]
    await attach([first])
    await attach([second], [first])
    await wait(59)
    await discardPictures(world.platform)
    expect(await isKept(first)).toBe(true)
    await wait(100_000)
    await discardPictures(world.platform)
    expect([await isKept(first), await isKept(second)]).toEqual([false, true])
    expect(await names()).toEqual([second])
  })

  it('[PI11] too old to be attached, or somebody else’s, it is refused and nothing changes', async () => {
    const name = await keep()
    const stranger = await world.addCustomer()
    await expect(
      world.db.transaction((tx) => replacePictures(tx, stranger, { now: [name], before: [] })),
    ).rejects.toMatchObject({ code: 'busy' })
    await wait(31)
    await expect(attach([name])).rejects.toMatchObject({ code: 'busy' })
    expect(await rows()).toMatchObject([{ attached_at: null }])
  })

  it('[PI12] a crash before the blob, or before it is attached, leaves what the sweep finds', async () => {
    await expect(keepPictures(dying('put'), customer, { profile: PNG })).rejects.toThrow('killed')
    expect(await names()).toHaveLength(1)
    await keep()
    await wait(61)
    await discardPictures(world.platform)
    expect(await names()).toEqual([])
  })

  it('[PI12] a crash while it is discarded leaves it to the next, a little later', async () => {
    const name = await keep()
    await wait(61)
    await expect(discardPictures(dying('remove'))).rejects.toThrow('killed')
    await discardPictures(world.platform)
    expect(await isKept(name)).toBe(true)
    await wait(6)
    await discardPictures(world.platform)
    expect([await isKept(name), await names()]).toEqual([false, []])
  })

  it('[PI12] a change that is rolled back keeps the old picture in use', async () => {
    await changeProfile(world.platform, customer, { profilePicture: JPEG })
    const { profilePicture } = await viewProfile(world.platform, customer)
    const failing = {
      ...world.platform,
      news: { ...world.platform.news, append: () => Promise.reject(new Error('killed')) },
    } as unknown as typeof world.platform
    await expect(changeProfile(failing, customer, { profilePicture: PNG })).rejects.toThrow('killed')
    await wait(61)
    await discardPictures(world.platform)
    expect(await names()).toEqual([profilePicture])
    expect(await viewProfile(world.platform, customer)).toMatchObject({ profilePicture })
    expect(await isKept(profilePicture!)).toBe(true)
  })

  it('[PI13] two processes share the work', async () => {
    await Promise.all(Array.from({ length: 30 }, keep))
    await wait(61)
    const removed: string[] = []
    const counting = {
      ...world.platform,
      blobs: {
        ...world.platform.blobs,
        remove: (name: string) => (removed.push(name), world.platform.blobs.remove(name)),
      },
    }
    await Promise.all([discardPictures(counting), discardPictures(counting)])
    expect(removed).toHaveLength(30)
    expect(new Set(removed).size).toBe(30)
    expect(await names()).toEqual([])
  })

  it('[PI14] [PI16] is read only as what it is', async () => {
    const { open, secret } = await keepPictures(
      world.platform,
      customer,
      { open: PNG, secret: JPEG },
      (word) => word === 'secret',
    )
    const read = async (name: string, privacy: 'public' | 'private') =>
      (await readPicture(world.platform, name, privacy)) !== undefined
    expect([await read(open!, 'public'), await read(open!, 'private')]).toEqual([true, false])
    expect([await read(secret!, 'public'), await read(secret!, 'private')]).toEqual([false, true])
  })
})
