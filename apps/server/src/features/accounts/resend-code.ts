import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail } from './account-store.ts'
import type { Address } from './request-reset.ts'
import { sendCode } from './send-code.ts'

/**
 * A new code for each account of this address that is not active yet; active ones get nothing. Throws `not-found`,
 * and `too-many-codes` when none of them may have another today.
 */
export async function resendCode(
  platform: Pick<Platform, 'db' | 'mail' | 'tokens' | 'settings'>,
  email: string,
): Promise<void> {
  const accounts = await findAccountsByEmail(platform.db.single, email, ['customer', 'driver'])
  if (accounts.length === 0) throw new Refusal('not-found')
  const inactive = accounts.filter(({ isVerified }) => !isVerified)
  if (inactive.length === 0) return

  await platform.db.transaction(async (tx) => {
    let sent = 0
    for (const account of inactive) if (await sendCode(platform, tx, account)) sent++
    if (sent === 0) throw new Refusal('too-many-codes')
  })
}

/** The same for one role on `/v1`, where nobody learns whether the address has an account. */
export async function resendCodePrivately(
  platform: Parameters<typeof resendCode>[0],
  { role, email }: Address,
): Promise<void> {
  const [account] = await findAccountsByEmail(platform.db.single, email, [role])
  if (account && !account.isVerified) await platform.db.transaction((tx) => sendCode(platform, tx, account))
}
