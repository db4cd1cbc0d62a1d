import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startS3StandIn, type S3StandIn } from '../../test/s3-stand-in.ts'
import { createDiskBlobs } from './blobs-disk.ts'
import { createS3Blobs } from './blobs-s3.ts'
import type { Blobs } from './blobs.ts'

const NAME = `${'0a'.repeat(16)}.jpg`
const OTHER = `${'0b'.repeat(16)}.jpg`
const CONTENT = Buffer.from('a picture')

let folder: string
let store: S3StandIn
const logged: string[] = []
const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) })
const options = () => ({
  endpoint: `${store.endpoint}/`,
  bucket: 'pictures-of-toota',
  region: 'af-south-1',
  accessKeyId: 'key-id',
  secretAccessKey: 'key-secret',
})
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toota-blobs-'))
  store = await startS3StandIn()
})
beforeEach(() => {
  store.become('well')
  logged.length = 0
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await store.close()
})

const onDisk = (): Blobs => createDiskBlobs(join(folder, 'pictures'))
const inStore = (): Blobs => createS3Blobs(options(), log)

describe('blobs', () => {
  it.each([
    ['the disk', onDisk],
    ['a store', inStore],
  ])('[PI8] [PI9] %s gives back what was put, until it is removed', async (_where, create) => {
    const blobs = create()
    expect(await blobs.get(NAME)).toBeUndefined()
    await blobs.put(NAME, CONTENT)
    await blobs.put(OTHER, Buffer.from('first'))
    await blobs.put(OTHER, Buffer.from('second'))
    expect((await blobs.get(NAME))?.equals(CONTENT)).toBe(true)
    expect((await blobs.get(OTHER))?.toString()).toBe('second')
    await blobs.remove(NAME)
    await blobs.remove(NAME)
    expect(await blobs.get(NAME)).toBeUndefined()
    await blobs.check()
  })

  it.each([
    ['the disk', onDisk],
    ['a store', inStore],
  ])('[PI7] %s takes no other name', async (_where, create) => {
    const blobs = create()
    for (const name of ['../secret', `../${NAME}`, `${NAME}/`, 'a.jpg', NAME.toUpperCase(), `${NAME}\0`, ''])
      for (const attempt of [blobs.get(name), blobs.remove(name), blobs.put(name, CONTENT)])
        await expect(attempt).rejects.toThrow()
  })
})

describe('the disk', () => {
  it('[PI8] keeps nothing of a write that fails, and no drafts of one that works', async () => {
    const blobs = createDiskBlobs(join(folder, 'drafts'))
    await blobs.put(NAME, CONTENT)
    await expect(blobs.put(OTHER, null as never)).rejects.toThrow()
    expect(await readdir(join(folder, 'drafts'))).toEqual([NAME])
  })

  it('[PI8] a folder that cannot be written is told by the check', async () => {
    await writeFile(join(folder, 'a-file'), '')
    await expect(createDiskBlobs(join(folder, 'a-file')).check()).rejects.toThrow()
  })
})

describe('a store', () => {
  it('[PI9] is asked by path-style addresses', async () => {
    store.requests.length = 0
    await createS3Blobs(options(), log).put(NAME, CONTENT)
    expect(store.requests).toEqual([`PUT /pictures-of-toota/${NAME}`])
    expect(store.objects.get(`/pictures-of-toota/${NAME}`)?.equals(CONTENT)).toBe(true)
  })

  it('[PI10] that is silent, broken or endless is unavailable, and the log says why', async () => {
    const blobs = createS3Blobs({ ...options(), timeoutMs: 2_000 }, log)
    for (const mood of ['silent', 'broken', 'endless'] as const) {
      store.become(mood)
      await expect(blobs.get(NAME)).rejects.toMatchObject({ code: 'unavailable' })
    }
    store.become('broken')
    await expect(blobs.put(NAME, CONTENT)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(blobs.remove(NAME)).rejects.toMatchObject({ code: 'unavailable' })
    expect(logged).toHaveLength(5)
    expect(logged.join()).toContain('the store answered 500')
    expect(logged.join()).not.toContain('key-secret')
  })

  it('[PI10] that refuses our key, or is not there, is told by the check', async () => {
    const foreign = createS3Blobs({ ...options(), accessKeyId: 'another' }, log)
    await expect(foreign.check()).rejects.toThrow('the store answered 403')
    const away = createS3Blobs({ ...options(), endpoint: 'http://127.0.0.1:1' }, log)
    await expect(away.check()).rejects.toThrow()
  })
})
