import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MIN_BYTES = 32
// SHA-256 of the key in the original's README: it is public, and .env files made from that README hold it.
const PUBLISHED = '7f2a89e1ba7b7891903550103825f668509cd25234962f0772d7ff9a81a4ac09'

/** Why `key` must not sign sessions of real accounts; undefined when it may. */
export function weaknessOf(key: string): string | undefined {
  const bare = key.trim().replace(/^(["'])(.*)\1$/, '$2')
  if ([key, bare].some((form) => createHash('sha256').update(form).digest('hex') === PUBLISHED)) {
    return "is the one published in the original system's README, so anybody can sign in as anybody"
  }
  return Buffer.byteLength(bare) < MIN_BYTES ? `is shorter than ${MIN_BYTES} bytes` : undefined
}

/** The key of a DEBUG server: made once, so that sessions outlive a restart, and readable only by its owner. */
export function keptSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret-key')
  const key = readKey(file) ?? makeKey(dataDir, file)
  if (weaknessOf(key)) throw new Error(`${file} is damaged, delete it`)
  return key
}

function makeKey(dataDir: string, file: string): string {
  // Passable and not listable: PostgreSQL's own user has to get to its folder in it.
  if (mkdirSync(dataDir, { recursive: true })) chmodSync(dataDir, 0o711)
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`
  writeFileSync(unfinished, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // A link is made whole or not at all, and never replaces the key of a process that was faster.
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(unfinished)
  }
  return readFileSync(file, 'utf8').trim()
}

function readKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
