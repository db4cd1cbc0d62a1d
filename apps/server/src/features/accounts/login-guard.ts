import type { Role } from '@toota/contract'
import { Refusal, type AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Limit } from '../../platform/throttle.ts'
import { isKnownAddress, saveKnownAddress } from './known-address-store.ts'
import { emailKey } from './model/email.ts'

export type LogInAttempt = {
  readonly role: Role
  readonly email: string
  /** As limits see it: `clientAddressOf` in `platform/http`. */
  readonly clientAddress: string
}

/**
 * Lets passwords be tried only so often: per account and address, and besides per account at all the addresses where
 * it never logged in. So strangers shut out strangers, but never the owner at an address of his own. A try is counted
 * before `check`, or a thousand at once would all be the first, and uncounted unless the password was wrong. Throws
 * `too-many-requests`, for an e-mail without an account just the same.
 */
export async function guardLogIn<A extends { readonly id: AccountId }>(
  { db, throttle, tokens }: Pick<Platform, 'db' | 'throttle' | 'tokens'>,
  { role, email, clientAddress }: LogInAttempt,
  check: () => Promise<A>,
): Promise<A> {
  const scope = `log-in:${role}:${emailKey(email)}`
  const address = tokens.digest(scope, clientAddress)
  const pair = address.toString('base64')
  const taken: [Limit, string][] = []
  const take = async (limit: Limit, key: string): Promise<void> => {
    await throttle.spend(limit, key)
    taken.push([limit, key])
  }
  const giveBack = () => Promise.all(taken.map(([limit, key]) => throttle.giveBack(limit, key)))

  try {
    await take('loginFailures', pair)
    if (!(await isKnownAddress(db.single, email, role, address)))
      await take('strangersLoginFailures', tokens.digest(scope, '').toString('base64'))
    const account = await check()
    await saveKnownAddress(db.single, account.id, address)
    await giveBack()
    await throttle.forget('loginFailures', pair)
    return account
  } catch (error) {
    const isWrong = error instanceof Refusal && error.code === 'invalid-credentials'
    if (!isWrong) await giveBack()
    throw error
  }
}
