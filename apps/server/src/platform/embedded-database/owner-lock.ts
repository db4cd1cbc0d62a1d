import { randomBytes, randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedDatabaseError } from './embedded-database-error.ts'
import { processIdentity } from './process-identity.ts'

type Owner = { readonly pid: number; readonly identity: string; readonly since: string }

const LOCK_FILE = /^owner-\d+-[0-9a-f]+\.json$/
const ATTEMPTS = 4

/**
 * Makes this process the one owner of `home` until the answered function is called or the process ends.
 *
 * Each candidate writes a lock of its own and then looks for others: of two that start together at least one sees the
 * other and withdraws, and no one ever removes the lock of a living process.
 * @throws EmbeddedDatabaseError naming the owner
 */
export async function takeOwnership(home: string): Promise<() => void> {
  for (let attempt = 1; ; attempt++) {
    const lock = await writeLock(home)
    const other = await livingOwner(home, lock)
    if (!other) {
      await removeDeadLocks(home, lock)
      return () => rmSync(join(home, lock), { force: true })
    }
    await rm(join(home, lock), { force: true })
    if (attempt === ATTEMPTS) {
      throw new EmbeddedDatabaseError(
        `Toota is already running in this folder: process ${other.pid}, since ${other.since}. Stop it first, or set another DATA_DIR and PORT.`,
      )
    }
    // The other may be withdrawing for the same reason.
    await delay(randomInt(10, 60))
  }
}

/** The living process that owns `home`, apart from the holder of `exceptLock`. */
export async function livingOwner(home: string, exceptLock?: string): Promise<Owner | undefined> {
  for (const { name, owner } of await readLocks(home)) {
    if (name !== exceptLock && owner && (await isAlive(owner))) return owner
  }
  return undefined
}

async function writeLock(home: string): Promise<string> {
  const owner: Owner = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? '',
    since: new Date(Date.now() - process.uptime() * 1000).toISOString(),
  }
  const name = `owner-${process.pid}-${randomBytes(4).toString('hex')}.json`
  const unfinished = join(home, `${name}.new`)
  await writeFile(unfinished, JSON.stringify(owner))
  await rename(unfinished, join(home, name))
  return name
}

async function removeDeadLocks(home: string, own: string): Promise<void> {
  for (const { name, owner } of await readLocks(home)) {
    if (name !== own && !(owner && (await isAlive(owner)))) await rm(join(home, name), { force: true })
  }
}

async function readLocks(home: string): Promise<{ name: string; owner: Owner | undefined }[]> {
  const names = (await readdir(home)).filter((name) => LOCK_FILE.test(name))
  return Promise.all(names.map(async (name) => ({ name, owner: await readOwner(join(home, name)) })))
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner
  } catch {
    // Released meanwhile, or emptied by a crash of the machine, which ended its owner too.
    return undefined
  }
}

async function isAlive({ pid, identity }: Owner): Promise<boolean> {
  return (await processIdentity(pid)) === identity
}
