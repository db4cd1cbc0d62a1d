import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail } from './account-store.ts'
import { sendCode } from './send-code.ts'

export type Address = { readonly role: 'customer' | 'driver'; readonly email: string }

/** A code to choose a new password by. Throws `not-found`, and `too-many-codes` after the day's codes. */
export async function requestReset(
  platform: Pick<Platform, 'db' | 'mail' | 'tokens' | 'settings'>,
  { role, email }: Address,
): Promise<void> {
  const [account] = await findAccountsByEmail(platform.db.single, email, [role])
  if (!account) throw new Refusal('not-found')
  const isSent = await platform.db.transaction((tx) => sendCode(platform, tx, account, 'reset-password'))
  if (!isSent) throw new Refusal('too-many-codes')
}

/** The same for `/v1`, where nobody learns whether the address has an account. */
export async function requestResetPrivately(
  platform: Parameters<typeof requestReset>[0],
  address: Address,
): Promise<void> {
  try {
    await requestReset(platform, address)
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'not-found' || error.code === 'too-many-codes')) return
    throw error
  }
}
