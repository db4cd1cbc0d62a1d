import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { requireBlobName, roundTrip, type Blobs } from './blobs.ts'
import { errorCode } from './database/index.ts'

/** One file per blob in `folder`, which is made when the first one comes. */
export function createDiskBlobs(folder: string): Blobs {
  const pathOf = (name: string): string => {
    requireBlobName(name)
    return join(folder, name)
  }
  const blobs = {
    async put(name: string, content: Uint8Array) {
      const path = pathOf(name)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeAtomically(path, content)
    },
    async get(name: string) {
      try {
        return await readFile(pathOf(name))
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async remove(name: string) {
      await rm(pathOf(name), { force: true })
    },
  }
  return { ...blobs, check: () => roundTrip(blobs, `${randomBytes(16).toString('hex')}.jpg`) }
}

/** Nobody ever sees half a file: it gets its name when all of it is on the disk. */
async function writeAtomically(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
