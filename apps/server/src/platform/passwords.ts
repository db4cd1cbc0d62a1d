import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { createTurns } from './turns.ts'

export type Passwords = {
  /** Throws `busy` when too many wait for their turn. */
  hash(password: string): Promise<string>
  /** Takes as long without a hash (unknown account) as with one. Throws `busy` like {@link Passwords.hash}. */
  matches(passwordHash: string | undefined, password: string): Promise<boolean>
  /** Whether the password is on the list of common ones. */
  isCommon(password: string): Promise<boolean>
}

// OWASP's second choice for argon2id: 19 MiB and 2 passes, 20 ms of one core.
const ARGON2ID = 2
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const MAX_AT_ONCE = 2
const MAX_WAITING = 200

/** argon2id with bounded concurrency, so that a flood of logins takes neither all cores nor all memory. */
export function createPasswords({ maxWaiting = MAX_WAITING } = {}): Passwords {
  const { inTurn } = createTurns({ atOnce: MAX_AT_ONCE, maxWaiting })
  const decoy = hash(randomBytes(16), COST)
  let common: Promise<Set<string>> | undefined

  return {
    hash: (password) => inTurn(() => hash(normalize(password), COST)),
    async matches(passwordHash, password) {
      const isMatch = await inTurn(async () => verify(passwordHash ?? (await decoy), normalize(password)))
      return isMatch && passwordHash !== undefined
    },
    async isCommon(password) {
      common ??= loadCommon()
      return (await common).has(normalize(password).toLowerCase())
    },
  }
}

// One fixed form, or a password typed on another keyboard would be another password.
const normalize = (password: string): string => password.normalize('NFKC')

async function loadCommon(): Promise<Set<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
